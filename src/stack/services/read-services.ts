// How the declared services do: each is asked on its port, the cluster for their groups.
import { EvplatError } from '../../core/errors.ts'
import { Cluster } from '../../kafka/cluster.ts'
import type { Service } from '../../platform/platform.ts'
import type { StackStatus } from '../status.ts'
import { askService } from './ask-service.ts'
import { type GroupFacts, readGroups } from './read-groups.ts'
import { type ServiceFacts, serviceStatus } from './service-status.ts'

/** How long the cluster may take to tell of all groups, in milliseconds. */
const patienceMs = 5000

/** What is known of each service, with groups that were asked for before. Never rejects. */
export function serviceFacts(
  services: readonly Service[],
  groups: ReadonlyMap<string, GroupFacts>,
): Promise<ServiceFacts[]> {
  return Promise.all(
    services.map(async (service) => ({
      service,
      port: service.port === undefined ? undefined : await askService(service.name, service.port),
      group: groups.get(service.name),
    })),
  )
}

/** The state of a stack with that of the services beside it. Of groups only a Kafka that is ready is asked. */
export async function withServices(
  status: StackStatus,
  services: readonly Service[],
  signal: AbortSignal,
): Promise<StackStatus> {
  const kafka = status.servers.find(({ name }) => name === 'kafka')
  const bootstrap = kafka?.state === 'ready' ? kafka.endpoint.split(',') : undefined
  const groups = bootstrap ? await groupsAt(bootstrap, services, signal) : new Map<string, GroupFacts>()
  return { ...status, services: (await serviceFacts(services, groups)).map(serviceStatus) }
}

/** Nothing of a cluster that does not tell: its server has gone since it was looked at, and the next look says so. */
async function groupsAt(
  bootstrap: readonly string[],
  services: readonly Service[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, GroupFacts>> {
  if (services.every(({ consumes }) => consumes.length === 0)) return new Map()
  const late = AbortSignal.timeout(patienceMs)
  let cluster: Cluster | undefined
  try {
    cluster = await Cluster.connect({ bootstrap }, { signal: AbortSignal.any([signal, late]) })
    return await readGroups(cluster, services)
  } catch (thrown) {
    signal.throwIfAborted()
    if (thrown instanceof EvplatError || late.aborted) return new Map()
    throw thrown
  } finally {
    cluster?.close()
  }
}
