// The topics of the broker by name and id. What is here is durable: it was written to the journal before.
import type { ErrorName } from '../../protocol/error-table.ts'
import type { LogConfig } from '../log-config.ts'
import type { PartitionLog } from '../storage/partition-log.ts'
import type { Overrides } from './broker-configs.ts'

export interface Topic {
  /** 22 characters of base64url, as Kafka prints ids */
  readonly id: string
  readonly name: string
  /** set by users: key and value as Kafka's own strings */
  readonly overrides: Overrides
  /** what holds: overrides over broker settings over defaults, typed */
  readonly config: LogConfig
  readonly isInternal: boolean
  /** its logs, by partition */
  readonly partitions: readonly PartitionLog[]
}

/** A topic as somebody asks for it, in the words of CreateTopics. */
export interface NewTopic {
  readonly name: string
  /** -1 for the broker's default, and with assignments */
  readonly partitions: number
  /** -1 for the broker's default, and with assignments */
  readonly replicationFactor: number
  /** which nodes hold which partition; none lets the broker choose */
  readonly assignments: readonly { readonly partitionIndex: number; readonly brokerIds: readonly number[] }[]
  readonly configs: readonly { readonly name: string; readonly value: string | null }[]
}

/** Why something was not done: the protocol's error, and the server's words. */
export interface Problem {
  readonly error: ErrorName
  readonly message: string | null
}

export interface CreatedTopic {
  readonly id: string
  readonly name: string
  readonly partitions: number
  readonly overrides: Overrides
}

/** Settles when a change is as safe as `durability` promises; undefined when it is already. */
export type Durable = Promise<void> | undefined

export interface Created {
  readonly created: CreatedTopic
  readonly durable: Durable
}

export interface Topics {
  get(name: string): Topic | undefined
  byId(id: string): Topic | undefined
  all(): Iterable<Topic>
  /** Checks what is asked for, as CreateTopics does, and answers what would be created; changes nothing. */
  check(wanted: NewTopic): CreatedTopic | Problem
  /** Creates what `check` answered. */
  add(checked: CreatedTopic): Durable
  /** Checks, and creates. The topic is there at once; it may be answered when `durable` has settled. */
  create(wanted: NewTopic): Created | Problem
  /**
   * Creates a topic that a client asked for by its name alone, with the broker's defaults, where the client may and the broker does
   * such things. Otherwise the error to tell: UNKNOWN_TOPIC_OR_PARTITION, or INVALID_TOPIC_EXCEPTION for a name that none can have.
   */
  autoCreate(name: string, mayCreate: boolean): Topic | ErrorName
  delete(topic: Topic): Durable
  /** Adds partitions; `count` is the new number of all. */
  grow(topic: Topic, count: number): Durable
  /** Replaces what users set. The values were checked. */
  configure(topic: Topic, overrides: Overrides): Durable
  /** Replaces what is set for a node of the broker, or for all with ''. The values were checked. */
  configureBroker(node: string, overrides: Overrides): Durable
  /** Calls `listener` with each topic that is deleted; the answer takes that back. */
  onDeleted(listener: (topic: Topic) => void): () => void
}
