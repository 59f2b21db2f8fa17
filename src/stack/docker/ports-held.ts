import type { StackPorts } from '../desired/ports.ts'
import { brokerName } from '../desired/servers.ts'
import type { ContainerSummary } from './engine/engine.ts'

/**
 * The ports that the servers of a project have: those of the containers that run, and of the others those that they had `before`. What
 * neither knows is left out.
 */
export function portsHeldBy(
  containers: readonly ContainerSummary[],
  before: Partial<StackPorts> = {},
): Partial<StackPorts> {
  const one = (name: string, known: number | undefined): number | undefined =>
    containers.find(({ server }) => server === name)?.ports[0]?.host ?? known
  const brokers = brokersHeldBy(one, before.brokers ?? [])
  const services = (['postgres', 'mongodb', 'kafka-ui'] as const).flatMap((name) => {
    const port = one(name, before.services?.[name])
    return port === undefined ? [] : [[name, port]]
  })
  const registry = one('schema-registry', before.registry)
  const zookeeper = one('zookeeper', before.zookeeper)
  return {
    ...(brokers && { brokers }),
    services: Object.fromEntries(services),
    ...(registry !== undefined && { registry }),
    ...(zookeeper !== undefined && { zookeeper }),
  }
}

/** The ports of one broker or of three, if all of them are known. */
function brokersHeldBy(
  one: (name: string, known: number | undefined) => number | undefined,
  before: readonly number[],
): readonly number[] | undefined {
  const counts = before.length > 0 ? [before.length] : [3, 1]
  const all = counts.map((count) =>
    Array.from({ length: count }, (_, i) => one(brokerName(i + 1, count), before[i])).filter(
      (port) => port !== undefined,
    ),
  )
  return all.find((ports, i) => ports.length === counts[i])
}
