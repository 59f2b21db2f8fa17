// Fetched records as JSON that can be compared and read: the headers of their batches, and the bytes behind them.
import { attribute, batchAt, batchPrefix } from '../../src/protocol/records/batch.ts'
import { decompress } from '../../src/protocol/records/decompress.ts'
import { isSealed } from '../../src/protocol/records/seal.ts'
import type { Json } from './normalise.ts'

/** What codecs make of the same records differs: they are compared as they are without them, where they can be read. */
function plainOf(batch: Buffer): Buffer {
  const body = batch.subarray(batchAt.records)
  try {
    return decompress(batch.readInt16BE(batchAt.attributes) & attribute.codec, body)
  } catch {
    return body
  }
}

/** One whole batch; its largest time has no meaning of its own where the broker stamped it. */
function batchJson(batch: Buffer): Json {
  const attributes = batch.readInt16BE(batchAt.attributes)
  const isStamped = (attributes & attribute.logAppendTime) !== 0
  return {
    baseOffset: `${batch.readBigInt64BE(batchAt.baseOffset)}`,
    leaderEpoch: batch.readInt32BE(batchAt.leaderEpoch),
    magic: batch.readInt8(batchAt.magic),
    checksum: isSealed(batch) ? 'right' : 'wrong',
    attributes,
    lastOffsetDelta: batch.readInt32BE(batchAt.lastOffsetDelta),
    baseTimestamp: `${batch.readBigInt64BE(batchAt.baseTimestamp)}`,
    maxTimestamp: isStamped ? '<time>' : `${batch.readBigInt64BE(batchAt.maxTimestamp)}`,
    producer: `${batch.readBigInt64BE(batchAt.producerId)} ${batch.readInt16BE(batchAt.producerEpoch)} ${batch.readInt32BE(batchAt.baseSequence)}`,
    count: batch.readInt32BE(batchAt.count),
    records: plainOf(batch).toString('hex'),
  }
}

/** The whole batches of a slice, and how many bytes of one more are left behind them. */
export function recordsJson(bytes: Buffer): Json {
  const batches: Json[] = []
  let at = 0
  while (bytes.length - at >= batchAt.records) {
    const size = bytes.readInt32BE(at + batchAt.length) + batchPrefix
    if (size < batchAt.records || size > bytes.length - at) break
    batches.push(batchJson(bytes.subarray(at, at + size)))
    at += size
  }
  return { batches, left: bytes.length - at }
}
