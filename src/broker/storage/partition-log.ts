// The log of one partition as the handlers see it. What is behind it: segments of raw batches, an index, the producers' state.
import type { ErrorName } from '../../protocol/error-table.ts'
import type { ActiveProducer } from '../producers/producers.ts'

export interface AppendRequest {
  /** the version of the Produce request: what a client may send depends on it */
  readonly version: number
}

export interface Appended {
  readonly baseOffset: number
  /** what LogAppendTime stamped, in ms; -1 with CreateTime */
  readonly appendTime: number
  /** An idempotent producer sent it again: nothing was written, the offset is the first one's. */
  readonly isDuplicate: boolean
  /** settles when the records are as safe as `durability` promises; undefined when they are already */
  readonly durable: Promise<void> | undefined
}

/** Why nothing was written: the protocol's error, the server's words, and which records are to blame. */
export interface Refused {
  readonly error: ErrorName
  readonly message?: string
  readonly records?: readonly { readonly index: number; readonly message: string }[]
  /** what was sent is no request for a log: Kafka refuses it before it looks for one */
  readonly isBeforeLog?: boolean
}

export interface Place {
  readonly offset: number
  /** of the record at the offset, in ms */
  readonly timestamp: number
  readonly leaderEpoch: number
}

export interface PartitionLog {
  /** the first offset that can be read */
  readonly startOffset: number
  /** the offset that the next record gets */
  readonly endOffset: number
  /** what readers may see ends before it: records that are as safe as `durability` promises */
  readonly highWatermark: number
  /** how much was written below it since the log was opened, in bytes: it only grows, and tells how much came since one looked */
  readonly visibleBytes: number
  /** raised at each start of the broker */
  readonly leaderEpoch: number
  /** its topic was deleted: nothing is read or written any more */
  readonly isGone: boolean
  /** in bytes, of all segments */
  readonly size: number
  /** Validates the one batch, or batches, of a client and writes them. */
  append(records: Buffer, request: AppendRequest): Appended | Refused
  /**
   * Whole batches from the one that holds `from` on, below the high watermark: at most `maxBytes`, but one batch at least if
   * `atLeastOne` (KIP-74). Empty at the end. `from` lies between startOffset and highWatermark.
   */
  read(from: number, maxBytes: number, atLeastOne: boolean): readonly Buffer[]
  /** the first record whose timestamp is at or after that time */
  placeOfTime(timestamp: number): Place | undefined
  /** the record with the largest timestamp, the first of them */
  placeOfMaxTimestamp(): Place | undefined
  /** the leader epoch in which the record at an offset was written, or will be */
  epochAt(offset: number): number
  /** the largest epoch that is not larger, and where it ends (KIP-279); undefined when there is none */
  endOfEpoch(epoch: number): { readonly epoch: number; readonly endOffset: number } | undefined
  /** the idempotent producers that it remembers */
  activeProducers(): readonly ActiveProducer[]
  /**
   * Nothing before that offset is read any more; segments that lie wholly before it go. Answers the new start. Throws what the
   * device says when it can't be written down (a full disk); then nothing is changed.
   */
  deleteRecords(before: number): number
  /** Calls `listener` when the high watermark or the start moved, and when the log is gone; the answer takes that back. */
  onMove(listener: () => void): () => void
}
