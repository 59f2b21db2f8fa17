import { setTimeout as sleep } from 'node:timers/promises'
import { EvplatError } from '../../core/errors.ts'
import { errorName, isRetriable } from '../../protocol/error-table.ts'
import { findCoordinator } from '../../protocol/messages/find-coordinator.ts'
import { type Cluster } from '../cluster.ts'

const attempts = 20

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
export async function coordinatorOf(cluster: Cluster, group: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const answer = await cluster.send(findCoordinator, { key: group, keyType: 0, coordinatorKeys: [group] })
    const found = answer.coordinators[0] ?? answer
    if (found.errorCode === 0) {
      // a coordinator may be younger than the last metadata
      if (!(await cluster.describe()).brokers.has(found.nodeId)) await cluster.metadata([])
      return found.nodeId
    }
    if (!isRetriable(found.errorCode) || attempt === attempts)
      throw groupError(group, found.errorCode, found.errorMessage)
    await sleep(250)
  }
}
