// What a device may refuse at any time, as against a bug of ours, which must not be taken for that.
import { systemCode } from '../../core/errors.ts'

/** Returns for an error of the file system, such as ENOSPC or EIO; throws anything else again. */
export function expectDeviceError(thrown: unknown): void {
  if (systemCode(thrown) === '') throw thrown
}
