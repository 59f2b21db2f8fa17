// The checksum of a batch (CRC-32C), which covers everything from the attributes on.
import { crc32c } from '../crc32c.ts'
import { batchAt } from './batch.ts'

/** Writes the checksum of a batch whose other fields are what they are to be; answers the same batch. */
export function seal(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch, batchAt.attributes), batchAt.crc)
  return batch
}

/** Whether a batch, which is at least a whole header long, has the checksum of its bytes. */
export function isSealed(batch: Buffer): boolean {
  return batch.readUInt32BE(batchAt.crc) === crc32c(batch, batchAt.attributes)
}
