// A batch in the codec of its topic: the records stay byte by byte what they are, with their times, offsets and headers.
import { attribute, batchAt, batchPrefix } from '../../protocol/records/batch.ts'
import { seal } from '../../protocol/records/seal.ts'
import type { LogConfig } from '../log-config.ts'
import { codecIn } from './batch-header.ts'
import { codecOf, compress } from './compress.ts'
import { plainRecords } from './plain-records.ts'

/** Whether the topic wants another codec than the batch has. */
export function needsRecompression(batch: Buffer, config: LogConfig): boolean {
  const wanted = codecOf(config['compression.type'])
  return wanted !== undefined && wanted !== codecIn(batch)
}

/** The batch in the codec of the topic. Its records were inspected before. */
export function recompress(batch: Buffer, config: LogConfig): Buffer {
  const codec = codecOf(config['compression.type'])
  const plain = codec === undefined || codec === codecIn(batch) ? undefined : plainRecords(batch)
  if (codec === undefined || !plain) return batch
  const whole = Buffer.concat([batch.subarray(0, batchAt.records), compress(codec, plain, config)])
  whole.writeInt32BE(whole.length - batchPrefix, batchAt.length)
  whole.writeInt16BE((whole.readInt16BE(batchAt.attributes) & ~attribute.codec) | codec, batchAt.attributes)
  return seal(whole)
}
