// The topics of the broker by name and id. What is here is durable: it was written to the journal before.
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
}
