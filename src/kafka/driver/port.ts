// What a service needs of a Kafka client. Whatever speaks for it passes the conformance suite in test/service/driver.
import type { ClusterSettings } from '../../core/connection-settings.ts'

/** topic -> partitions */
export type TopicPartitions = ReadonlyMap<string, readonly number[]>
/** topic -> partition -> offset to go on from */
export type Offsets = ReadonlyMap<string, ReadonlyMap<number, number>>
export type Headers = readonly (readonly [name: string, value: Buffer | null])[]
/** a text is written as UTF-8 */
export type OutHeaders = readonly (readonly [name: string, value: Buffer | string | null])[]

/** A record as it stands in a partition; `timestamp` in milliseconds since 1970. */
export interface InRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Headers
}

/** A record to be written. Without a partition the key decides, as Java's client does it (murmur2); without a timestamp, now. */
export interface OutRecord {
  readonly topic: string
  readonly partition?: number
  readonly timestamp?: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: OutHeaders
}

/** Where the broker has put a record; an offset of -1 where it only says that it has the record already. */
export interface Placed {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
}

/** The ends of a partition, or a time in milliseconds since 1970. */
export type StartFrom = 'earliest' | 'latest' | number

export interface ConsumeOptions {
  readonly group: string
  readonly topics: readonly string[]
  /** where a partition is read from that the group has no offset of: of all topics, or by topic, earliest of those without */
  readonly startFrom: StartFrom | ReadonlyMap<string, StartFrom>
  /** of a member that comes back under its name within its session (KIP-345) */
  readonly instanceId?: string
  readonly sessionMs: number
  readonly rebalanceMs: number
  /** how often it looks for partitions that were added and topics that are gone; every 30 s where nothing is said */
  readonly topicsEveryMs?: number
}

/** What a consumer tells. It goes on when these return or resolve; none of them may throw. */
export interface ConsumerSink {
  /** these are read from now on, from where the group has committed */
  readonly assigned: (partitions: TopicPartitions) => void
  /** records of one partition, in order, none left out; who has enough of them pauses the partition before it returns */
  readonly records: (records: readonly InRecord[]) => void
  /** another member gets these: resolves when nothing of them is in work any more and what was done is committed */
  readonly revoked: (partitions: TopicPartitions) => Promise<void>
  /** another member may have these already: nothing of them can be committed any more */
  readonly lost: (partitions: TopicPartitions) => void
  /** something that passes by itself, or that a consumer lives with; told once for each reason */
  readonly trouble: (message: string) => void
}

export interface DriverConsumer {
  /** resolves after `stop`; rejects with an EvplatError that no patience helps against (not authorised, topic gone) */
  readonly ended: Promise<void>
  /** nothing more of these comes until `resume`; the member stays one, what is fetched already is kept */
  pause(partitions: TopicPartitions): void
  resume(partitions: TopicPartitions): void
  /** the next record of the partition is the one at this offset, or the next behind it */
  seek(topic: string, partition: number, offset: number): void
  /**
   * Commits. Resolves with false where one of the partitions is not this member's any more. Waits for a rebalance that is under way,
   * and for a coordinator that is away until the signal aborts; then it throws.
   */
  commit(offsets: Offsets, signal: AbortSignal): Promise<boolean>
  /** the ends of the partitions that it has, as the last fetches told them, or a question for those that are paused: for lag */
  ends(): Offsets
  /** where the partitions that it has are read on from: behind what was handed over, and behind what is no record (KIP-98) */
  positions(): Offsets
  /**
   * It takes part in the group; false before the first round, and after the group has gone on without it. In a round it stays true, also
   * while others are waited for.
   */
  readonly isMember: boolean
  /** `revoked` for all that it has, then leaves the group. Ends within the time also where no broker is to be reached. */
  stop(timeoutMs: number): Promise<void>
}

export interface DriverProducer {
  /**
   * Writes with acks=all, idempotent, in the order of the calls for each partition; what is sent at the same time goes out together.
   * Resolves when the brokers have acknowledged the record. Rejects with an EvplatError: `broker-unreachable` where no broker took it
   * within the delivery time (it is not sent after that), `broker-refused`, `not-authorised`.
   */
  send(record: OutRecord): Promise<Placed>
  /** bytes that wait for their acknowledgement */
  readonly pendingBytes: number
  /** waits for what is under way, at most for the time */
  close(timeoutMs: number): Promise<void>
}

export interface ProducerOptions {
  readonly deliveryMs: number
  /** told once for each reason why a broker is not reached */
  readonly onTrouble: (message: string) => void
}

export interface KafkaDriver {
  readonly name: string
  /** Joins in the background: a broker that is away is waited for, and told by `trouble`. */
  consume(settings: ClusterSettings, options: ConsumeOptions, sink: ConsumerSink): DriverConsumer
  /** The offsets at one end of partitions, or of the first records that are as young as a time: the end where none is. */
  offsetsAt(settings: ClusterSettings, partitions: TopicPartitions, at: StartFrom): Promise<Offsets>
  /** How many partitions a topic has. Throws `topic-missing`, `not-authorised`. */
  partitionCount(settings: ClusterSettings, topic: string): Promise<number>
  /** Connects in the background. */
  produce(settings: ClusterSettings, options: ProducerOptions): DriverProducer
}
