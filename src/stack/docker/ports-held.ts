import type { StackPorts } from '../desired/ports.ts'
import { kindOf } from '../desired/servers.ts'
import type { ContainerSummary } from './engine/engine.ts'

const portOf = (container: ContainerSummary | undefined): number | undefined => container?.ports[0]?.host

/** The ports that the running containers of a project have, as far as they are there: those of a stack that has lost its record. */
export function portsHeldBy(containers: readonly ContainerSummary[]): Partial<StackPorts> {
  const named = (name: string): number | undefined => portOf(containers.find(({ server }) => server === name))
  const brokers = containers
    .filter(({ server }) => kindOf(server) === 'broker')
    .toSorted((a, b) => a.server.localeCompare(b.server))
    .flatMap((container) => portOf(container) ?? [])
  const services = (['postgres', 'mongodb', 'kafka-ui'] as const).flatMap((name) => {
    const port = named(name)
    return port === undefined ? [] : [[name, port]]
  })
  const registry = named('schema-registry')
  const zookeeper = named('zookeeper')
  return {
    brokers,
    services: Object.fromEntries(services),
    ...(registry !== undefined && { registry }),
    ...(zookeeper !== undefined && { zookeeper }),
  }
}
