// The servers of a stack of containers and their addresses, for those who only look at it.
import { packageRoot } from '../../core/package-root.ts'
import { version } from '../../core/version.ts'
import type { StackService, StackSettings } from '../../platform/platform.ts'
import type { StackPorts } from '../desired/ports.ts'
import type { StackPlace } from '../stack-runtime.ts'
import type { ServerRecord } from '../stack-file.ts'
import type { ContainerSummary } from './engine/engine.ts'
import { describeDocker } from './model/describe-docker.ts'
import { portsHeldBy } from './ports-held.ts'

type Known = Pick<ServerRecord, 'name' | 'endpoint' | 'inside'>

/** a port that is found when the stack starts */
const unknown = 0

/**
 * As they were started; those that compose started are as platform.yaml declares them, on the ports that they have. The endpoint is
 * '' where it is not known yet.
 */
export function serversOf(
  { project, settings, record }: StackPlace,
  containers: readonly ContainerSummary[],
): readonly Known[] {
  if (record || !settings) return record?.servers ?? []
  const ports = knownPorts(settings, portsHeldBy(containers))
  const { servers } = describeDocker({ project, settings, ports, packageRoot: packageRoot(), version })
  return servers.map(({ name, endpoint, inside }) => ({
    name,
    endpoint: endpoint.endsWith(`:${unknown}`) ? '' : endpoint,
    inside,
  }))
}

function knownPorts({ kafka, ports, services }: StackSettings, held: Partial<StackPorts>): StackPorts {
  const one = (name: 'registry' | StackService, own: number | undefined): number => own ?? numberOf(ports[name])
  const first = numberOf(ports.kafka)
  const declared = Array.from({ length: kafka.brokers }, (_, i) => (first === unknown ? unknown : first + i))
  return {
    brokers: held.brokers?.length === kafka.brokers ? held.brokers : declared,
    registry: one('registry', held.registry),
    services: Object.fromEntries(services.map((name) => [name, one(name, held.services?.[name])])),
    ...(kafka.coordination === 'zookeeper' && { zookeeper: held.zookeeper ?? unknown }),
  }
}

const numberOf = (port: number | 'auto'): number => (port === 'auto' ? unknown : port)
