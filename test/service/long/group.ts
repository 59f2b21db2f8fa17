// The group as its coordinator sees it.
import { waitFor } from '../../../src/core/deadline.ts'
import { askCoordinator } from '../../../src/kafka/admin/coordinator.ts'
import { describeGroup } from '../../../src/kafka/admin/groups.ts'
import type { Cluster } from '../../../src/kafka/cluster.ts'
import { heartbeat } from '../../../src/protocol/messages/heartbeat.ts'
import { serviceName } from './contract.ts'

export interface Settled {
  /** goes up with each rebalance, also one after which everybody has what they had */
  readonly generation: number
  readonly members: readonly string[]
}

/** above any that a run of these scenarios reaches */
const mostGenerations = 10_000

/** The group when so many members have partitions and no rebalance is under way; throws where that takes too long. */
export async function settledGroup(cluster: Cluster, count: number): Promise<Settled> {
  const settled = await waitFor(
    async () => {
      const { state, members } = await describeGroup(cluster, serviceName)
      const isSettled =
        state === 'Stable' && members.length === count && members.every(({ partitions }) => partitions.length > 0)
      return isSettled ? members.map(({ id }) => id).toSorted() : undefined
    },
    { timeoutMs: 20_000 },
  )
  if (!settled) throw new Error(`the group does not settle with ${count} members`)
  return { generation: await generationOf(cluster, settled[0]!), members: settled }
}

/** No request asks for a generation of the classic protocol; but a coordinator takes heartbeats of the present one alone. */
async function generationOf(cluster: Cluster, memberId: string): Promise<number> {
  for (let generationId = 0; generationId < mostGenerations; generationId++) {
    const body = { groupId: serviceName, generationId, memberId, groupInstanceId: null }
    const ask = (coordinator: number) => cluster.send(heartbeat, body, coordinator)
    if ((await askCoordinator(cluster, serviceName, ask, ({ errorCode }) => errorCode)).errorCode === 0)
      return generationId
  }
  throw new Error(`the coordinator takes heartbeats of "${memberId}" in no generation`)
}
