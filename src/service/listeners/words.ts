// What listeners are given and what they tell.
import type { ClusterSettings } from '../../core/connection-settings.ts'
import type { DeclaredService } from '../definition.ts'
import type { DriverProducer, Headers, InRecord, KafkaDriver, StartFrom } from '../../kafka/driver/port.ts'
import type { Clock } from '../clock.ts'
import type { Decoded } from '../values/values.ts'
import type { BatchLimits } from './batches.ts'

/** What a handler is told beside the event, before the service adds its log and its producer. Place and time are the original ones. */
export interface Handed {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly key: unknown
  readonly headers: Headers
  readonly attempt: number
  readonly signal: AbortSignal
}

/** A record of a batch. */
export interface BatchItem {
  readonly event: unknown
  readonly handed: Handed
}

export interface BatchHanded {
  readonly signal: AbortSignal
  /** names a record that was not handled, by its index in the batch */
  readonly failed: (index: number, error: unknown) => void
}

export interface RecordDefinition extends CommonDefinition {
  /** the record is handled when it has returned, or what it returned is resolved */
  readonly handle: (event: unknown, handed: Handed) => unknown
  readonly concurrency?: { readonly by: 'partition' | 'key'; readonly max: number }
  readonly batch?: undefined
}

export interface BatchDefinition extends CommonDefinition {
  readonly batch: BatchLimits & {
    /** all are handled but those that are named, or none when it throws */
    readonly handle: (items: readonly BatchItem[], batch: BatchHanded) => unknown
  }
  readonly handle?: undefined
  readonly concurrency?: undefined
}

export type ListenerDefinition = RecordDefinition | BatchDefinition

interface CommonDefinition {
  readonly topic: string
  readonly filter?: (event: unknown, handed: Handed) => boolean
  readonly startFrom?: 'earliest' | 'latest' | Date
  readonly notRetryable?: (error: unknown) => boolean
}

/** Reads key and value of a record; `topic` is the one that the record was first written to. */
export type Decode = (record: InRecord, topic: string) => Decoded | Promise<Decoded>

interface At {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** A record that has not gone as it should: who reads of it wants to find it, and what it belongs to. */
export interface TroubledRecord extends At {
  readonly key: Buffer | null
  readonly headers: Headers
}

export type ListenerEvent =
  | { readonly kind: 'assigned' | 'revoked' | 'lost'; readonly partitions: readonly (readonly [string, number])[] }
  | { readonly kind: 'trouble'; readonly message: string }
  | ({ readonly kind: 'sought' } & At)
  | ({ readonly kind: 'handled' | 'filtered'; readonly ms: number; readonly attempt: number } & At)
  | ({
      readonly kind: 'failed'
      readonly error: unknown
      readonly ms: number
      readonly attempt: number
      readonly next: string
    } & TroubledRecord)
  | ({ readonly kind: 'moved'; readonly to: string; readonly isDeadLetter: boolean } & TroubledRecord)
  | ({ readonly kind: 'skipped' | 'away'; readonly error: unknown } & TroubledRecord)
  | ({ readonly kind: 'not-sent'; readonly to: string; readonly error: unknown } & TroubledRecord)
  | { readonly kind: 'commit-failed'; readonly error: unknown }
  | { readonly kind: 'stalled' | 'moving'; readonly topic: string; readonly partition: number; readonly ms: number }
  /** handlers that had not ended when the time to let go of their partition was over */
  | { readonly kind: 'abandoned'; readonly topic: string; readonly partition: number; readonly inWork: number }

export interface Limits {
  /** records and bytes of one partition that may wait; above it the partition is paused */
  readonly waitingRecords: number
  readonly waitingBytes: number
  /** records that may be handled behind one that is not */
  readonly gap: number
  readonly commitMs: number
  readonly commitCount: number
  /** how long handlers may go on when their partition is revoked, or the service stops */
  readonly drainMs: number
  /** and how long after they were told to abort */
  readonly abortMs: number
  /** a partition with work and without progress for this long is told */
  readonly stalledMs: number
  readonly sessionMs: number
  readonly rebalanceMs: number
}

export const usualLimits: Limits = {
  waitingRecords: 2000,
  waitingBytes: 16 * 1024 * 1024,
  gap: 2000,
  commitMs: 1000,
  commitCount: 1000,
  drainMs: 20_000,
  abortMs: 1000,
  stalledMs: 60_000,
  sessionMs: 45_000,
  rebalanceMs: 60_000,
}

export interface ListenersOptions {
  readonly driver: KafkaDriver
  /** retries and dead letters are sent with it */
  readonly producer: DriverProducer
  readonly settings: ClusterSettings
  readonly service: DeclaredService
  readonly definitions: readonly ListenerDefinition[]
  readonly decode: Decode
  /** for logs and metrics; must not throw */
  readonly tell: (event: ListenerEvent) => void
  readonly clock: Clock
  /** 0 to 1: what retries are spread by */
  readonly random?: () => number
  readonly limits?: Partial<Limits>
}

/** From where to go on: an end or a time, of all partitions or of one, or an offset of one. */
export type SeekTo =
  | { readonly to: StartFrom; readonly partition?: number }
  | { readonly partition: number; readonly offset: number }

/** What a seek has done. */
export interface Sought {
  readonly partitions: readonly {
    readonly partition: number
    /** of the next record that is handled, or the next behind it */
    readonly offset: number
    /** false where the brokers have not taken the commit yet: it is tried again */
    readonly isCommitted: boolean
  }[]
  /** asked for, and read by other members, or by none at the moment: they go on as they were */
  readonly elsewhere: readonly number[]
}

export interface PartitionNumbers {
  readonly topic: string
  readonly partition: number
  /** records between what is committed and the end, as far as it is known */
  readonly lag: number | undefined
  readonly committed: number | undefined
  readonly waiting: number
  readonly inWork: number
  /** milliseconds */
  readonly oldestInWork: number | undefined
  /** milliseconds since a record was handed over or handled, or the partition was assigned; 0 while it waits on purpose */
  readonly quiet: number
  readonly pausedFor: readonly string[]
  readonly isStalled: boolean
  /** why a record is tried again in place, or can't be decoded or moved for now */
  readonly blockedBy: string | undefined
  readonly retries: number
  readonly deadLetters: number
}

export interface MembershipState {
  /** `joining`: not a member (any more); `ended`: it will not be one again without a restart */
  readonly is: 'joining' | 'member' | 'ended'
  /** milliseconds */
  readonly since: number
  /** it was a member once */
  readonly wasMember: boolean
  readonly error?: unknown
}
