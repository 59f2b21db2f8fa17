import { errorName } from '../../protocol/error-table.ts'
import { EvplatError } from '../../core/errors.ts'
import { listPartitionReassignments } from '../../protocol/messages/list-partition-reassignments.ts'
import type { Cluster } from '../cluster.ts'
import type { TopicShape } from './topics.ts'

/** The names among these topics whose replicas are being moved (KIP-455). Who may not ask gets an empty answer. */
export async function readReassignments(cluster: Cluster, topics: readonly TopicShape[]): Promise<ReadonlySet<string>> {
  if (topics.length === 0) return new Set()
  const asked = topics.map(({ name, partitions }) => ({ name, partitionIndexes: partitions.map((p) => p.id) }))
  const answer = await cluster.send(listPartitionReassignments, { topics: asked }, 'controller')
  if (errorName(answer.errorCode) === 'CLUSTER_AUTHORIZATION_FAILED') return new Set()
  if (answer.errorCode !== 0)
    throw new EvplatError('broker-refused', 'moving replicas can not be listed', {
      said: answer.errorMessage ?? errorName(answer.errorCode),
    })
  return new Set(answer.topics.map((topic) => topic.name))
}
