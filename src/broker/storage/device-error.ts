// What a device may refuse at any time, as against a bug of ours, which must not be taken for that.
import { systemCode } from '../../core/errors.ts'

/** Returns for an error of the file system, such as ENOSPC or EIO; throws anything else again. */
export function expectDeviceError(thrown: unknown): void {
  if (systemCode(thrown) === '') throw thrown
}

/** What the work answers, or `refused` where the device refuses it. */
export function orRefused<T, R>(work: () => T, refused: R): T | R {
  try {
    return work()
  } catch (thrown) {
    expectDeviceError(thrown)
    return refused
  }
}

/** Does what the device may refuse; answers whether it was done. */
export function tolerate(work: () => void): boolean {
  try {
    work()
    return true
  } catch (thrown) {
    expectDeviceError(thrown)
    return false
  }
}
