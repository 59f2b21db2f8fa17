// What one partition gives to a fetch.
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import { type ErrorName, errorCode } from '../../protocol/error-table.ts'
import type { fetch } from '../../protocol/messages/fetch.ts'
import type { PartitionLog } from '../storage/partition-log.ts'
import type { Topic } from '../topics/topics.ts'
import { partitionOf } from './partition-of.ts'

type Asked = RequestRead<typeof fetch>['topics'][number]['partitions'][number]
type Answer = ResponseWritten<typeof fetch>['responses'][number]['partitions'][number]

export interface Fetched {
  readonly answer: Answer
  readonly bytes: number
  /** an error, or records that diverged: nothing to wait for */
  readonly mustTell: boolean
}

export interface PartitionRead {
  /** there is no such partition */
  readonly isUnknown: boolean
  /** undefined where nothing can be read */
  readonly log: PartitionLog | undefined
  /** up to `maxBytes`, or one batch if that is more and `atLeastOne` */
  read(maxBytes: number, atLeastOne: boolean): Fetched
}

const readCommitted = 1
const nothing: readonly Buffer[] = []

function refused(partitionIndex: number, code: number): Fetched {
  const answer = { partitionIndex, errorCode: code, highWatermark: -1n, abortedTransactions: null, records: nothing }
  return { answer, bytes: 0, mustTell: true }
}

/** Whether the reader's last record was written in an epoch that this log does not know so (KIP-595): it must go back. */
function divergence(log: PartitionLog, { lastFetchedEpoch, fetchOffset }: Asked): Answer['divergingEpoch'] | ErrorName {
  if (lastFetchedEpoch < 0) return undefined
  const end = log.endOfEpoch(lastFetchedEpoch)
  if (!end) return 'OFFSET_OUT_OF_RANGE'
  if (end.epoch >= lastFetchedEpoch && end.endOffset >= Number(fetchOffset)) return undefined
  return { epoch: end.epoch, endOffset: BigInt(end.endOffset) }
}

function readLog(log: PartitionLog, asked: Asked, isolationLevel: number, limit: readonly [number, boolean]): Fetched {
  const { partition: partitionIndex } = asked
  const from = Number(asked.fetchOffset)
  const diverging = divergence(log, asked)
  if (typeof diverging === 'string') return refused(partitionIndex, errorCode(diverging))
  const isInRange = from >= log.startOffset && from <= log.endOffset
  if (!diverging && !isInRange) return refused(partitionIndex, errorCode('OFFSET_OUT_OF_RANGE'))
  const [maxBytes, atLeastOne] = limit
  const isThere = diverging === undefined && from < log.highWatermark
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
    ...(diverging && { divergingEpoch: diverging }),
    abortedTransactions: isolationLevel === readCommitted ? [] : null,
    records,
  }
  const bytes = records.reduce((sum, piece) => sum + piece.length, 0)
  return { answer, bytes, mustTell: diverging !== undefined }
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
    const { answer, ...rest } = refused(
      asked.partition,
      !topic && version >= 13 ? errorCode('UNKNOWN_TOPIC_ID') : found,
    )
    const told = { ...rest, answer: isUnknown ? { ...answer, abortedTransactions: [] } : answer }
    return { log: undefined, isUnknown, read: () => told }
  }
  return {
    log: found,
    isUnknown: false,
    read: (maxBytes, atLeastOne) => {
      if (found.isGone) return refused(asked.partition, errorCode('UNKNOWN_TOPIC_OR_PARTITION'))
      return readLog(found, asked, isolationLevel, [maxBytes, atLeastOne])
    },
  }
}
