// Record batches of magic 2 as views of the bytes they came in (Kafka's "Record Batch" format). Offsets and times are plain numbers:
// both stay far below 2^53 for as long as Kafka will exist.
import { EvplatError } from '../../core/errors.ts'

/** Where the fields of a batch stand. */
export const batchAt = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
  records: 61,
} as const

/** The bits of a batch's attributes. */
export const attribute = {
  codec: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
  deleteHorizon: 0x40,
} as const

/** What stands before the length itself is counted. */
export const batchPrefix = 12

export interface Batch {
  readonly baseOffset: number
  readonly lastOffset: number
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd */
  readonly codec: number
  /** milliseconds; with `isLogAppendTime` every record has `maxTimestamp` */
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  readonly isLogAppendTime: boolean
  readonly isTransactional: boolean
  readonly isControl: boolean
  readonly producerId: bigint
  readonly count: number
  /** the records, compressed where `codec` says so */
  readonly body: Buffer
}

function parseBatch(buffer: Buffer, at: number, size: number): Batch {
  const attributes = buffer.readInt16BE(at + batchAt.attributes)
  const baseOffset = Number(buffer.readBigInt64BE(at + batchAt.baseOffset))
  return {
    baseOffset,
    lastOffset: baseOffset + buffer.readInt32BE(at + batchAt.lastOffsetDelta),
    codec: attributes & attribute.codec,
    baseTimestamp: Number(buffer.readBigInt64BE(at + batchAt.baseTimestamp)),
    maxTimestamp: Number(buffer.readBigInt64BE(at + batchAt.maxTimestamp)),
    isLogAppendTime: (attributes & attribute.logAppendTime) !== 0,
    isTransactional: (attributes & attribute.transactional) !== 0,
    isControl: (attributes & attribute.control) !== 0,
    producerId: buffer.readBigInt64BE(at + batchAt.producerId),
    count: buffer.readInt32BE(at + batchAt.count),
    body: buffer.subarray(at + batchAt.records, at + size),
  }
}

/**
 * The whole batches in a fetched slice. A broker may cut the last one short; it is left out.
 * Throws `malformed-message` for lengths that cannot be and for the record formats before Kafka 0.11.
 */
export function batchesIn(records: Buffer): Batch[] {
  const batches: Batch[] = []
  let at = 0
  while (records.length - at > batchAt.magic) {
    const size = records.readInt32BE(at + batchAt.length) + batchPrefix
    const magic = records.readInt8(at + batchAt.magic)
    if (magic !== 2)
      throw new EvplatError(
        'malformed-message',
        `records of format ${magic} are older than Kafka 0.11 and can't be read`,
      )
    if (size < batchAt.records) throw new EvplatError('malformed-message', `a record batch of ${size} bytes can't be`)
    if (size > records.length - at) break
    batches.push(parseBatch(records, at, size))
    at += size
  }
  return batches
}
