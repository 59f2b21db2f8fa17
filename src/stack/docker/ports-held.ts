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
    services: Object.fromEntries(services),
    ...(brokers.length > 0 && { brokers }),
    ...(registry !== undefined && { registry }),
    ...(zookeeper !== undefined && { zookeeper }),
  }
}

/**
 * The ports that a stack is to have again: those that its containers have, and those of its record for the servers that do not run.
 * Brokers have theirs in a row, so that they keep what was noted unless all of them run elsewhere.
 */
export function keptPorts(
  noted: Partial<StackPorts> | undefined,
  containers: readonly ContainerSummary[],
): Partial<StackPorts> {
  const held = portsHeldBy(containers)
  const brokers = (held.brokers?.length ?? 0) < (noted?.brokers?.length ?? 0) ? noted?.brokers : held.brokers
  return { ...noted, ...held, services: { ...noted?.services, ...held.services }, ...(brokers && { brokers }) }
}
