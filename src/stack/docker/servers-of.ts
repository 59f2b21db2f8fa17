// The servers of a stack of containers and their addresses, for those who only look at it.
import { packageRoot } from '../../core/package-root.ts'
import { version } from '../../core/version.ts'
import type { StackPlace } from '../stack-runtime.ts'
import type { ServerRecord } from '../stack-file.ts'
import type { ContainerSummary } from './engine/engine.ts'
import { describeDocker } from './model/describe-docker.ts'
import { portsHeldBy } from './ports-held.ts'

/** As they were started; those that compose started are as platform.yaml declares them, on the ports that they have. */
export function serversOf(
  { project, settings, record }: StackPlace,
  containers: readonly ContainerSummary[],
): readonly Pick<ServerRecord, 'name' | 'endpoint' | 'inside'>[] {
  if (record || !settings) return record?.servers ?? []
  const held = portsHeldBy(containers)
  const declared = (port: number | 'auto', own: number | undefined): number => own ?? (port === 'auto' ? 0 : port)
  const first = declared(settings.ports.kafka, held.brokers?.[0])
  const ports = {
    brokers: Array.from({ length: settings.kafka.brokers }, (_, i) => held.brokers?.[i] ?? first + i),
    registry: declared(settings.ports.registry, held.registry),
    services: Object.fromEntries(
      settings.services.map((name) => [name, declared(settings.ports[name], held.services?.[name])]),
    ),
    ...(settings.kafka.coordination === 'zookeeper' && { zookeeper: held.zookeeper ?? 2181 }),
  }
  return describeDocker({ project, settings, ports, packageRoot: packageRoot(), version }).servers
}
