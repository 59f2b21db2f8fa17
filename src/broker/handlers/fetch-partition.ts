// What one partition gives to a fetch.
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import { type ErrorName, errorCode } from '../../protocol/error-table.ts'
import type { fetch } from '../../protocol/messages/fetch.ts'
import { batchAt, batchPrefix } from '../../protocol/records/batch.ts'
import { int64At } from '../records/batch-header.ts'
import type { PartitionLog } from '../storage/partition-log.ts'
import type { Topic } from '../topics/topics.ts'
import { partitionOf } from './partition-of.ts'

type Asked = RequestRead<typeof fetch>['topics'][number]['partitions'][number]
type Answer = ResponseWritten<typeof fetch>['responses'][number]['partitions'][number]

export interface Fetched {
  readonly answer: Answer
  readonly bytes: number
  /** the bytes as they count towards the least of an answer: what a limit cut off counts up to that limit, as it does in Kafka */
  readonly counted: number
  /** an error, or records that diverged: nothing to wait for */
  readonly mustTell: boolean
}

export interface PartitionRead {
  /** there is no such partition */
  readonly isUnknown: boolean
  /** undefined where nothing can be read */
  readonly log: PartitionLog | undefined
  /** in bytes: what the reader takes of this partition; 0 where nothing can be read */
  readonly mostBytes: number
  /** what is told at once, without a look at the records: an error, or records that diverged */
  mustTell(): boolean
  /** up to `maxBytes`, or one batch if that is more and `atLeastOne` */
  read(maxBytes: number, atLeastOne: boolean): Fetched
}

const readCommitted = 1
const nothing: readonly Buffer[] = []

function refused(partitionIndex: number, code: number, details: Partial<Answer> = {}): Fetched {
  const answer = { partitionIndex, errorCode: code, highWatermark: -1n, abortedTransactions: null, records: nothing }
  return { answer: { ...answer, ...details }, bytes: 0, counted: 0, mustTell: true }
}

/** Whether the reader's last record was written in an epoch that this log does not know so (KIP-595): it must go back. */
function divergence(log: PartitionLog, { lastFetchedEpoch, fetchOffset }: Asked): Answer['divergingEpoch'] | ErrorName {
  if (lastFetchedEpoch < 0) return undefined
  const end = log.endOfEpoch(lastFetchedEpoch)
  if (!end) return 'OFFSET_OUT_OF_RANGE'
  if (end.epoch >= lastFetchedEpoch && end.endOffset >= Number(fetchOffset)) return undefined
  return { epoch: end.epoch, endOffset: BigInt(end.endOffset) }
}

/** What stands between the reader and the records. */
function obstacle(log: PartitionLog, asked: Asked): Answer['divergingEpoch'] | ErrorName {
  if (log.isGone) return 'UNKNOWN_TOPIC_OR_PARTITION'
  const diverging = divergence(log, asked)
  if (diverging !== undefined) return diverging
  const from = Number(asked.fetchOffset)
  return from >= log.startOffset && from <= log.endOffset ? undefined : 'OFFSET_OUT_OF_RANGE'
}

/** The offset after the last of these whole batches. It only steps over those before: each answer comes by here, and small batches are many. */
function endOf(records: readonly Buffer[]): number {
  const slice = records.at(-1)
  if (!slice) return -1
  let last = 0
  for (let at = 0; at < slice.length; at += slice.readInt32BE(at + batchAt.length) + batchPrefix) last = at
  return int64At(slice, last) + slice.readInt32BE(last + batchAt.lastOffsetDelta) + 1
}

function readLog(log: PartitionLog, asked: Asked, isolationLevel: number, limit: readonly [number, boolean]): Fetched {
  const { partition: partitionIndex } = asked
  const from = Number(asked.fetchOffset)
  const found = obstacle(log, asked)
  if (typeof found === 'string') return refused(partitionIndex, errorCode(found))
  const [maxBytes, atLeastOne] = limit
  const isThere = found === undefined && from < log.highWatermark
  const mostBytes = Math.min(maxBytes, asked.partitionMaxBytes)
  if (isThere && mostBytes < 0) return refused(partitionIndex, errorCode('UNKNOWN_SERVER_ERROR'))
  const records = isThere ? log.read(from, mostBytes, atLeastOne) : nothing
  const highWatermark = BigInt(log.highWatermark)
  const answer: Answer = {
    partitionIndex,
    errorCode: 0,
    highWatermark,
    lastStableOffset: highWatermark,
    logStartOffset: BigInt(log.startOffset),
    ...(found && { divergingEpoch: found }),
    abortedTransactions: isolationLevel === readCommitted ? [] : null,
    records,
  }
  const bytes = records.reduce((sum, piece) => sum + piece.length, 0)
  const isCut = isThere && endOf(records) < log.highWatermark
  return { answer, bytes, counted: isCut ? Math.max(bytes, mostBytes) : bytes, mustTell: found !== undefined }
}

/** The versions before cannot be told of zstd (KIP-110): topics that have it as their own are not read by them. */
const zstdSince = 10

/** A read that can't be, and says so each time. */
function barred(told: Fetched, isUnknown = false): PartitionRead {
  return { log: undefined, isUnknown, mostBytes: 0, mustTell: () => true, read: () => told }
}

/** Prepares to read a partition, perhaps several times while a fetch waits. */
export function createRead(
  topic: Topic | undefined,
  asked: Asked,
  version: number,
  isolationLevel: number,
): PartitionRead {
  // an epoch below zero is none, whatever it is: other requests have it that -1 alone is
  const found = partitionOf(topic, asked.partition, Math.max(-1, asked.currentLeaderEpoch))
  if (typeof found === 'number') {
    const isUnknown = topic?.partitions[asked.partition] === undefined
    const code = !topic && version >= 13 ? errorCode('UNKNOWN_TOPIC_ID') : found
    return barred(refused(asked.partition, code, isUnknown ? { abortedTransactions: [] } : {}), isUnknown)
  }
  if (version < zstdSince && topic?.config['compression.type'] === 'zstd') {
    const code = errorCode('UNSUPPORTED_COMPRESSION_TYPE')
    return barred(refused(asked.partition, code, { abortedTransactions: [], records: null }))
  }
  return {
    log: found,
    isUnknown: false,
    mostBytes: asked.partitionMaxBytes,
    mustTell: () => obstacle(found, asked) !== undefined,
    read: (maxBytes, atLeastOne) => readLog(found, asked, isolationLevel, [maxBytes, atLeastOne]),
  }
}
