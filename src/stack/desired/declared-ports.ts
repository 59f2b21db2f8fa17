// The ports of a stack as platform.yaml names them.
import type { StackService, StackSettings } from '../../platform/platform.ts'
import type { StackPorts } from './ports.ts'

/** where people look for ZooKeeper */
export const usualZooKeeper = 2181

/** The ports of a stack in containers, those that may be any as they were before; undefined where one of them is not known. */
export function declaredPorts(
  { kafka, ports, services }: StackSettings,
  kept: Partial<StackPorts> = {},
): StackPorts | undefined {
  const known = (port: number | 'auto', before: number | undefined): number => (port === 'auto' ? (before ?? 0) : port)
  const first = known(ports.kafka, kept.brokers?.[0])
  const brokers = Array.from({ length: kafka.brokers }, (_, i) => first + i)
  const registry = known(ports.registry, kept.registry)
  const beside: Partial<Record<StackService, number>> = {}
  for (const name of services) beside[name] = known(ports[name], kept.services?.[name])
  if ([first, registry, ...Object.values(beside)].includes(0)) return undefined
  return {
    brokers,
    registry,
    ...(services.length > 0 && { services: beside }),
    ...(kafka.coordination === 'zookeeper' && { zookeeper: kept.zookeeper ?? usualZooKeeper }),
  }
}
