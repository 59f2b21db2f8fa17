// The declared services of the stack of this machine, as verify wants to see them.
import type { Platform } from '../../platform/platform.ts'
import { serviceFacts } from '../../stack/services/read-services.ts'
import { readGroups } from '../../stack/services/read-groups.ts'
import { type ServiceFacts, isRunning, serviceStatus, unassignedText } from '../../stack/services/service-status.ts'
import type { ServiceState } from '../../verify/services.ts'
import type { Addresses } from '../addresses.ts'
import { withCluster } from '../connections.ts'
import type { Context } from '../context.ts'
import { hasFile } from '../generated-files.ts'

/** Asks each service on its port, and the cluster for all groups. Throws what keeps the cluster from telling. */
export async function serviceStates(
  { platform, ...to }: Addresses & { readonly platform: Platform },
  context: Context,
): Promise<ServiceState[]> {
  const { services } = platform
  const groups = await withCluster(to, context, (cluster) => readGroups(cluster, services))
  const facts = await serviceFacts(services, groups)
  return Promise.all(
    services.map(async (service, i) =>
      stateOf(service, facts[i]!, await hasFile(platform, `${service.dir}/package.json`)),
    ),
  )
}

function stateOf(service: Platform['services'][number], facts: ServiceFacts, isHere: boolean): ServiceState {
  const { state, detail } = serviceStatus(facts)
  const unassigned = unassignedText(facts.group)
  const isTold = facts.port !== undefined || facts.group !== undefined
  return {
    service,
    isHere,
    isRunning: isTold ? isRunning(facts) : undefined,
    state,
    ...(detail !== undefined && { detail }),
    ...(unassigned !== undefined && { unassigned }),
  }
}
