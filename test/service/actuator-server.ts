// A service's facts as tests set them, with the actuator on a free port.
import fastify from 'fastify'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../src/service/clock.ts'
import type { EventLoopDelay } from '../../src/service/actuator/event-loop.ts'
import { healthReader } from '../../src/service/actuator/health.ts'
import { serviceMetrics } from '../../src/service/actuator/metrics.ts'
import { actuator } from '../../src/service/actuator/plugin.ts'
import type { ActuatorOptions } from '../../src/service/actuator/plugin.ts'
import { recordRoutes } from '../../src/service/http/record-routes.ts'
import type { HealthCheck, ListenerFact, ListenerFacts, Loggers, Setting } from '../../src/service/actuator/ports.ts'

export type ListenerState = ReturnType<ListenerFacts['state']>

/** A member with these listeners; both can be changed while the test runs. */
export function listenerFacts(
  list: ListenerFact[],
  state: ListenerState = { is: 'member', forMs: 1, wasMember: true },
) {
  const change = (topic: string, isPaused: boolean): boolean => {
    const at = facts.listeners.findIndex((listener) => listener.topic === topic)
    if (at >= 0) facts.listeners[at] = { ...facts.listeners[at]!, isPaused }
    return at >= 0
  }
  const facts = {
    group: 'shop.orders',
    listeners: list,
    now: state,
    state: () => facts.now,
    list: () => facts.listeners,
    pause: (topic: string) => change(topic, true),
    resume: (topic: string) => change(topic, false),
    seek: (): undefined => undefined,
  }
  return facts
}

/** Loggers `ROOT` (info) and `kafka`, which follows it. */
export function loggers(): Loggers {
  const configured = new Map<string, string | undefined>([
    ['ROOT', 'info'],
    ['kafka', undefined],
  ])
  return {
    levels: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    list: () =>
      new Map(
        [...configured].map(([name, level]) => [
          name,
          { ...(level !== undefined && { configured: level }), effective: level ?? configured.get('ROOT')! },
        ]),
      ),
    set: (name, level) => configured.has(name) && configured.set(name, level) !== undefined,
  }
}

export interface Given extends Partial<Omit<ActuatorOptions, 'health' | 'metrics' | 'settings'>> {
  readonly checks?: readonly HealthCheck[]
  readonly settings?: readonly Setting[]
  readonly eventLoop?: EventLoopDelay
}

/** Serves the actuator until the test ends; `call` gives status, headers and body. */
export async function serveActuator(given: Given = {}) {
  const listeners = given.listeners ?? listenerFacts([])
  const metrics = serviceMetrics({
    labels: { service: 'orders' },
    listeners,
    producer: { pendingBytes: 4711 },
    eventLoop: () => given.eventLoop ?? { mean: 1, p99: 2, max: 3 },
  })
  const app = fastify()
  const routes = recordRoutes(app)
  app.get('/api/consumed', () => [])
  const settings = given.settings ?? []
  await app.register(actuator, {
    exposure: {},
    showDetails: 'never',
    info: { name: 'orders', version: '1.2.3', node: 'v20.19.0' },
    loggers: loggers(),
    routes,
    ...given,
    listeners,
    metrics,
    settings: { profiles: ['local'], effective: settings, found: settings },
    health: healthReader({ checks: given.checks ?? [], clock: systemClock, timeoutMs: 2000, cacheMs: 0 }),
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${address}${path}`, { ...init, signal: AbortSignal.timeout(10_000) })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
  }
  const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    call(path, {
      method: 'POST',
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  return { call, post, metrics, listeners, address }
}
