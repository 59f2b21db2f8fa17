// What a device may refuse at any time, as against a bug of ours, which must not be taken for that.
import { systemCode } from '../../core/errors.ts'

/** Returns for an error of the file system, such as ENOSPC or EIO; throws anything else again. */
export function expectDeviceError(thrown: unknown): void {
  if (systemCode(thrown) === '') throw thrown
}

/** What `work` gives, or the error that a client is told where the device refuses it. */
export function orStorageError<T>(work: () => T): T | 'KAFKA_STORAGE_ERROR' {
  try {
    return work()
  } catch (thrown) {
    expectDeviceError(thrown)
    return 'KAFKA_STORAGE_ERROR'
  }
}
