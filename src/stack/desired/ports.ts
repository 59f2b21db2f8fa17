import type { StackService } from '../../platform/platform.ts'

/** The ports of a stack, all on 127.0.0.1. */
export interface StackPorts {
  /** one for each broker, in the order of their ids */
  readonly brokers: readonly number[]
  readonly registry: number
  /** of the servers beside Kafka and the registry that the runtime gives */
  readonly services?: Readonly<Partial<Record<StackService, number>>>
  /** with ZooKeeper */
  readonly zookeeper?: number
  /** with KRaft: one for each broker */
  readonly controllers?: readonly number[]
  /** of the embedded runtime: where fault rules are set */
  readonly faults?: number
}
