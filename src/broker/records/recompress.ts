// A batch in the codec of its topic: the records stay byte by byte what they are, with their times, offsets and headers.
import { attribute, batchAt, batchPrefix } from '../../protocol/records/batch.ts'
import { seal } from '../../protocol/records/seal.ts'
import type { LogConfig } from '../log-config.ts'
import { codecIn } from './batch-header.ts'
import { codecOf, compress } from './compress.ts'

/** The number of the codec that the batch is to have: its own where the topic has none. */
function wantedCodec(batch: Buffer, config: LogConfig): number {
  return codecOf(config['compression.type']) ?? codecIn(batch)
}

/** Whether the topic wants another codec than the batch has. */
export function needsRecompression(batch: Buffer, config: LogConfig): boolean {
  return wantedCodec(batch, config) !== codecIn(batch)
}

/** The batch in the codec of the topic; `plain` are its records as they are without compression. */
export function recompress(batch: Buffer, plain: Buffer, config: LogConfig): Buffer {
  if (!needsRecompression(batch, config)) return batch
  const codec = wantedCodec(batch, config)
  const whole = Buffer.concat([batch.subarray(0, batchAt.records), compress(codec, plain, config)])
  whole.writeInt32BE(whole.length - batchPrefix, batchAt.length)
  whole.writeInt16BE((whole.readInt16BE(batchAt.attributes) & ~attribute.codec) | codec, batchAt.attributes)
  return seal(whole)
}
