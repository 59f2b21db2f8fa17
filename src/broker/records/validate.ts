// What a client may send to a partition, in the order in which Kafka 3.9 looks (ProduceRequest, then the log, then its validator).
// A message goes with a refusal only where Kafka sends one: for errors of single records.
import type { ErrorName } from '../../protocol/error-table.ts'
import { batchAt, batchPrefix } from '../../protocol/records/batch.ts'
import { isSealed } from '../../protocol/records/seal.ts'
import type { Refused } from '../storage/partition-log.ts'
import { codecIn, has, int64At, stampTime } from './batch-header.ts'
import { type Inspecting, inspectRecords, needsInspection } from './inspect.ts'
import { plainRecords } from './plain-records.ts'
import { recompress } from './recompress.ts'

export interface Validating extends Inspecting {
  /** of the Produce request */
  readonly version: number
}

/** One batch that may be written, its timestamps as the topic wants them. */
export interface Valid {
  readonly batch: Buffer
  readonly count: number
  /** in ms; -1 for records without a time */
  readonly maxTimestamp: number
  /** -1n where the producer is not idempotent */
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly isTransactional: boolean
}

const refuse = (error: ErrorName): Refused => ({ error })
const refuseRequest = (error: ErrorName, message?: string): Refused => ({
  error,
  isBeforeLog: true,
  ...(message !== undefined && { message }),
})

/** Smallest batch of any format, as Kafka's frame reader has it. */
const leastLength = 14
const largestInt = 2 ** 31 - 1
const zstd = 4
const zstdSince = 7

/** The size of the batch at `at`; 0 where no whole batch is left; a refusal where it can't be one. */
function batchSize(records: Buffer, at: number): number | Refused {
  const left = records.length - at
  if (left < batchPrefix) return 0
  const length = records.readInt32BE(at + batchAt.length)
  if (length < leastLength)
    return refuseRequest(
      'CORRUPT_MESSAGE',
      `Record size ${length} is less than the minimum record overhead (${leastLength})`,
    )
  if (left <= batchAt.magic) return 0
  const magic = records.readInt8(at + batchAt.magic)
  if (magic < 0 || magic > 2) return refuseRequest('CORRUPT_MESSAGE', `Invalid magic found in record: ${magic}`)
  if (length + batchPrefix > largestInt) return refuseRequest('UNKNOWN_SERVER_ERROR') // where Kafka's sum wraps around
  return length + batchPrefix > left ? 0 : length + batchPrefix
}

/** Exactly one batch of magic 2. Bytes behind it that are no whole batch are dropped, as Kafka drops them. */
function onlyBatch(records: Buffer, version: number): Buffer | Refused {
  const size = batchSize(records, 0)
  if (typeof size !== 'number') return size
  if (size === 0 || records.readInt8(batchAt.magic) !== 2) return refuseRequest('INVALID_RECORD')
  const codec = size > batchAt.attributes + 1 ? codecIn(records) : 0
  if (codec === zstd && version < zstdSince) return refuseRequest('UNSUPPORTED_COMPRESSION_TYPE')
  const more = batchSize(records, size)
  if (typeof more !== 'number') return refuseRequest(more.error) // here Kafka has no words
  return more > 0 ? refuseRequest('INVALID_RECORD') : records.subarray(0, size)
}

function checkFrame(batch: Buffer, maxBytes: number): Refused | undefined {
  if (int64At(batch, batchAt.baseOffset) !== 0) return refuse('INVALID_RECORD')
  if (batch.length > maxBytes) return refuse('MESSAGE_TOO_LARGE')
  if (batch.length < batchAt.records) return refuse('CORRUPT_MESSAGE')
  if (!isSealed(batch)) return refuse('CORRUPT_MESSAGE')
  // of a codec that it does not know Kafka 3.9 says no more than this
  if (codecIn(batch) > zstd) return refuse('UNKNOWN_SERVER_ERROR')
  return undefined
}

function checkHeader(batch: Buffer): Refused | undefined {
  const count = batch.readInt32BE(batchAt.count)
  const isCounted = count > 0 && batch.readInt32BE(batchAt.lastOffsetDelta) + 1 === count
  const hasProducer = batch.readBigInt64BE(batchAt.producerId) >= 0n
  const isUnnumbered = hasProducer && batch.readInt32BE(batchAt.baseSequence) < 0
  return !isCounted || has(batch, 'control') || isUnnumbered ? refuse('INVALID_RECORD') : undefined
}

/** Sets the times of a batch as the topic wants them, where `largest` is that of its records; what stands in the header then. */
function settleTimes(batch: Buffer, largest: number, { config, now }: Validating): number {
  const usesAppendTime = config['message.timestamp.type'] === 'LogAppendTime'
  const stamped = usesAppendTime ? now : largest
  stampTime(batch, usesAppendTime, stamped)
  return stamped
}

type Settled = Pick<Valid, 'batch' | 'maxTimestamp'>

/** The batch with times and codec as the topic wants them, or why its records are refused. They are unfolded once, if at all. */
function settle(batch: Buffer, validating: Validating): Settled | Refused {
  if (!needsInspection(batch, validating))
    return { batch, maxTimestamp: settleTimes(batch, int64At(batch, batchAt.maxTimestamp), validating) }
  const plain = plainRecords(batch)
  if (!plain) return refuse('UNKNOWN_SERVER_ERROR') // what Kafka makes of bytes that can't be decompressed
  const largest = inspectRecords(batch, plain, validating)
  if (typeof largest !== 'number') return largest
  const maxTimestamp = settleTimes(batch, largest, validating)
  return { batch: recompress(batch, plain, validating.config), maxTimestamp }
}

/**
 * Checks what a client sent for one partition. The bytes are changed in place where the topic's kind of timestamp asks for it, and are others
 * where it has a codec of its own.
 */
export function validate(records: Buffer, validating: Validating): Valid | Refused {
  const { config, version } = validating
  const sent = onlyBatch(records, version)
  if (!Buffer.isBuffer(sent)) return sent
  const wrong = checkFrame(sent, config['max.message.bytes']) ?? checkHeader(sent)
  if (wrong) return wrong
  const settled = settle(sent, validating)
  if ('error' in settled) return settled
  const { batch, maxTimestamp } = settled
  if (batch.length > config['max.message.bytes']) return refuse('MESSAGE_TOO_LARGE')
  if (batch.length > config['segment.bytes']) return refuse('RECORD_LIST_TOO_LARGE')
  return {
    batch,
    maxTimestamp,
    count: batch.readInt32BE(batchAt.count),
    producerId: batch.readBigInt64BE(batchAt.producerId),
    producerEpoch: batch.readInt16BE(batchAt.producerEpoch),
    baseSequence: batch.readInt32BE(batchAt.baseSequence),
    isTransactional: has(batch, 'transactional'),
  }
}
