import { type Change, after, configsOf } from '../plan/plan.ts'
import type { NewTopic } from './ports.ts'

/** The topic that a `create` makes. */
export function newTopicOf(change: Change): NewTopic {
  return {
    name: change.name,
    partitions: Number(after(change, 'partitions')),
    replication: Number(after(change, 'replication')),
    configs: configsOf(change),
  }
}
