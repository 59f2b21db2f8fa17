import { EvplatError } from '../../core/errors.ts'
import { errorName, isRetriable } from '../../protocol/error-table.ts'
import { offsetFetch } from '../../protocol/messages/offset-fetch.ts'
import { findCoordinator } from '../../protocol/messages/find-coordinator.ts'
import type { Cluster } from '../cluster.ts'
import { Passing, passing, throughTakeover } from '../takeover.ts'

/** From version 4 on the request takes several groups, which is not needed here; all brokers speak the older form. */
const oneGroup = { newest: 3 }
/** The same for OffsetFetch, from version 8 on. */
const offsetsOfOneGroup = { newest: 7 }

/** The error of a request about a group, with the group named. */
export function groupError(group: string, code: number, message?: string | null): EvplatError {
  const name = errorName(code)
  if (name === 'GROUP_AUTHORIZATION_FAILED')
    return new EvplatError('not-authorised', `group "${group}" may not be used by this user`, {
      said: message ?? name,
      hint: 'the user needs READ and DESCRIBE on the group',
    })
  return new EvplatError('broker-refused', `group "${group}" can't be reached`, {
    said: message ?? name,
    details: { code: name },
  })
}

/** The broker that coordinates a group. Waits a little where the cluster is still setting its offsets topic up. */
export function coordinatorOf(cluster: Cluster, group: string): Promise<number> {
  return throughTakeover(cluster, () => findCoordinatorOf(cluster, group))
}

async function findCoordinatorOf(cluster: Cluster, group: string): Promise<number> {
  const found = await cluster.send(findCoordinator, { key: group, keyType: 0 }, 'any', oneGroup)
  if (found.errorCode !== 0) throw passing(found.errorCode, groupError(group, found.errorCode, found.errorMessage))
  // a coordinator may be younger than the last metadata
  if (!(await cluster.describe()).brokers.has(found.nodeId)) await cluster.metadata([])
  return found.nodeId
}

/**
 * Asks the coordinator of a group; asks the one that it is by then where a broker is lost, says that it is not the one, or not ready
 * yet, as the first group of a new cluster finds it. Errors that last are answered like any other.
 */
export function askCoordinator<T>(
  cluster: Cluster,
  group: string,
  ask: (coordinator: number) => Promise<T>,
  errorOf: (answer: T) => number,
): Promise<T> {
  return throughTakeover(cluster, async () => {
    const answer = await ask(await findCoordinatorOf(cluster, group))
    if (isRetriable(errorOf(answer))) throw new Passing(groupError(group, errorOf(answer)))
    return answer
  })
}

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface Committed extends TopicPartition {
  readonly committed: number
}

/** The committed offsets of a group, by topic and partition; empty for a group that there is not. */
export async function committedOffsets(cluster: Cluster, group: string): Promise<Committed[]> {
  const answer = await askCoordinator(
    cluster,
    group,
    (coordinator) => cluster.send(offsetFetch, { groupId: group, topics: null }, coordinator, offsetsOfOneGroup),
    ({ errorCode }) => errorCode,
  )
  if (answer.errorCode !== 0) throw groupError(group, answer.errorCode)
  return answer.topics
    .flatMap(({ name, partitions }) =>
      partitions.map((p) => ({ topic: name, partition: p.partitionIndex, committed: Number(p.committedOffset) })),
    )
    .filter((offset) => offset.committed >= 0)
    .toSorted((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition)
}
