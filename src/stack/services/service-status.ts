// What was found out about a service -> its state in the published shape.
import { counted } from '../../core/counted.ts'
import type { Service } from '../../platform/platform.ts'
import type { ServerState, ServiceStatus } from '../status.ts'
import type { PortFacts } from './ask-service.ts'
import type { GroupFacts } from './read-groups.ts'

export interface ServiceFacts {
  readonly service: Pick<Service, 'name' | 'port' | 'group' | 'consumes'>
  /** undefined for a service without a port */
  readonly port: PortFacts | undefined
  /** undefined where it has none, or where the cluster did not tell */
  readonly group: GroupFacts | undefined
}

interface Judged {
  readonly state: ServerState
  readonly detail?: string
}

/** A service is as it says itself; one without a port is as its group says. */
export function serviceStatus(facts: ServiceFacts): ServiceStatus {
  const { service, group } = facts
  const { state, detail = state === 'ready' ? unassignedText(group) : undefined } = judge(facts)
  return {
    name: service.name,
    endpoint: service.port === undefined ? '' : `http://127.0.0.1:${service.port}`,
    state,
    ...(service.consumes.length > 0 && { group: service.group }),
    ...(group && { members: group.members }),
    ...(group?.lag !== undefined && { lag: group.lag }),
    ...(detail !== undefined && { detail }),
  }
}

/** Whether anything tells that it runs. */
export function isRunning({ port, group }: ServiceFacts): boolean {
  return port?.kind === 'itself' || (group?.members ?? 0) > 0
}

function judge({ service, port, group }: ServiceFacts): Judged {
  if (port === undefined) return judgeByGroup(service, group)
  switch (port.kind) {
    case 'nobody': {
      const members = group?.members ?? 0
      if (members === 0) return { state: 'stopped' }
      return {
        state: 'failed',
        detail: `nobody listens on port ${service.port}, and its group has ${counted(members, 'member')}`,
      }
    }
    case 'silent':
      return { state: 'failed', detail: `port ${service.port} takes connections and gives no answer` }
    case 'other':
      return { state: 'failed', detail: `port ${service.port} is taken by ${port.who}` }
    case 'itself':
      if (port.isReady) return { state: 'ready' }
      return { state: port.isAlive ? 'starting' : 'failed', detail: notReadyText(port.down) }
  }
}

function judgeByGroup({ consumes }: ServiceFacts['service'], group: GroupFacts | undefined): Judged {
  if (consumes.length === 0) return { state: 'stopped', detail: 'it has no port and no group, so nothing tells of it' }
  if (group === undefined) return { state: 'stopped', detail: 'it has no port, and Kafka does not tell of its group' }
  if (group.members === 0) return { state: 'stopped' }
  return group.isRebalancing ? { state: 'starting', detail: 'its group is rebalancing' } : { state: 'ready' }
}

function notReadyText(down: readonly string[]): string {
  return down.length === 0 ? 'it says that it is not ready' : `it says that it is not ready: ${down.join(', ')}`
}

/** `its group is rebalancing`, `no member of its group reads orders 0, 2`; undefined where all is read. */
export function unassignedText(group: GroupFacts | undefined): string | undefined {
  if (group === undefined || group.unassigned.size === 0) return undefined
  if (group.isRebalancing) return 'its group is rebalancing'
  const parts = [...group.unassigned].map(([topic, partitions]) => `${topic} ${partitions.join(', ')}`)
  return `no member of its group reads ${parts.join('; ')}`
}
