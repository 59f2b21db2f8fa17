// All that the broker knows, in one place. One thread owns it: handlers read and change it without waiting.
import type { Clock } from './clock.ts'
import type { Groups } from './groups/groups.ts'
import type { ProducerIds } from './producer-ids.ts'
import type { BrokerConfigs } from './topics/broker-configs.ts'
import type { Topics } from './topics/topics.ts'
import type { Waits } from './waits.ts'

export interface Broker {
  readonly clusterId: string
  /** the one node of this cluster */
  readonly nodeId: number
  readonly clock: Clock
  readonly topics: Topics
  readonly groups: Groups
  /** the configs of the broker, those that topics inherit among them */
  readonly configs: BrokerConfigs
  readonly producerIds: ProducerIds
  /** what requests wait for ends with the broker */
  readonly waits: Waits
}
