// The records of a batch without their compression.
import { EvplatError } from '../../core/errors.ts'
import { batchAt } from '../../protocol/records/batch.ts'
import { decompress } from '../../protocol/records/decompress.ts'
import { codecIn } from './batch-header.ts'

/** A batch that unfolds to more bytes is taken for a bomb; Kafka has no limit here. */
export const mostUnfolded = 128 * 1024 * 1024

/** The records of a batch, unfolded; undefined where they are not what the codec makes. */
export function plainRecords(batch: Buffer): Buffer | undefined {
  const codec = codecIn(batch)
  const body = batch.subarray(batchAt.records)
  if (codec === 0) return body
  try {
    return decompress(codec, body, mostUnfolded)
  } catch (thrown) {
    if (thrown instanceof EvplatError) return undefined
    throw thrown
  }
}
