// The health of a service: what each one has, what its topics ask for, and what its author adds.
import type { RegistryClient } from '../../registry/registry.ts'
import type { EventLoopWatch } from '../actuator/event-loop.ts'
import {
  type ListenerBounds,
  type Traffic,
  consumerCheck,
  eventLoopCheck,
  listenersCheck,
  reachable,
} from '../actuator/health-checks.ts'
import type { HealthCheck, ListenerFacts } from '../actuator/ports.ts'
import type { BrokerProbe } from './broker-probe.ts'

export interface HealthSources {
  readonly traffic: Traffic
  readonly broker: BrokerProbe
  /** undefined where no topic needs one */
  readonly registry: RegistryClient | undefined
  /** undefined where the service listens to nothing */
  readonly listeners: ListenerFacts | undefined
  readonly bounds: ListenerBounds
  readonly eventLoop: EventLoopWatch
  readonly maxEventLoopDelayMs: number
  /** the author's own, by name; one that throws is DOWN */
  readonly own: Readonly<Record<string, () => void | Promise<void>>>
}

/** All checks of a service. */
export function healthChecks(sources: HealthSources): readonly HealthCheck[] {
  const { traffic, broker, registry, listeners, bounds, eventLoop, own } = sources
  return [
    traffic.check,
    reachable('kafka', () => broker.ask()),
    ...(registry
      ? [
          reachable('registry', async () => {
            await registry.globalLevel()
            return { url: registry.url }
          }),
        ]
      : []),
    ...(listeners ? [listenersCheck(listeners, bounds), consumerCheck(listeners, bounds)] : []),
    eventLoopCheck(() => eventLoop.delay().max, sources.maxEventLoopDelayMs),
    ...Object.entries(own).map(([name, check]) => ownCheck(name, check)),
  ]
}

function ownCheck(name: string, check: () => void | Promise<void>): HealthCheck {
  return {
    name,
    groups: ['readiness'],
    check: async () => {
      await check()
      return { status: 'UP' }
    },
  }
}
