// The topics of the broker by name and id. What is here is durable: it was written to the journal before.
import type { ErrorName } from '../../protocol/error-table.ts'
import type { LogConfig } from '../log-config.ts'
import type { PartitionLog } from '../storage/partition-log.ts'

export interface Topic {
  /** 22 characters of base64url, as Kafka prints ids */
  readonly id: string
  readonly name: string
  /** set by users: key and value as Kafka's own strings */
  readonly overrides: ReadonlyMap<string, string>
  /** what holds: overrides over broker settings over defaults, typed */
  readonly config: LogConfig
  readonly isInternal: boolean
  /** its logs, by partition */
  readonly partitions: readonly PartitionLog[]
}

export interface Topics {
  get(name: string): Topic | undefined
  byId(id: string): Topic | undefined
  all(): Iterable<Topic>
  /**
   * Creates a topic that a client asked for by its name alone, with the broker's defaults, where the client may and the broker does
   * such things. Otherwise the error to tell: UNKNOWN_TOPIC_OR_PARTITION, or INVALID_TOPIC_EXCEPTION for a name that none can have.
   */
  autoCreate(name: string, mayCreate: boolean): Topic | ErrorName
}
