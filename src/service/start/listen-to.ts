// The listeners of a service, running: what they tell goes to log and metrics, what they are to health.
import type { ServiceDefinition } from '../define-service.ts'
import type { Log, Topics } from '../definition.ts'
import { definitionsOf } from '../listeners/definitions.ts'
import { listenerFacts } from '../listeners/facts.ts'
import { startListeners } from '../listeners/start-listeners.ts'
import type { Handed, ListenerDefinition } from '../listeners/words.ts'
import type { Tracing } from '../tracing/create-tracing.ts'
import { systemClock } from '../clock.ts'
import type { Clients } from './clients.ts'
import { observeListeners } from './observe-listeners.ts'
import type { ServiceParts } from './start-service.ts'

export interface Listening {
  /** rejects with what no patience helps against */
  readonly failed: Promise<never>
  stop(timeoutMs: number): Promise<void>
}

/** Joins the group in the background; undefined where the service listens to nothing. */
export function listenTo<T extends Topics, Config>(
  { service, listeners }: ServiceDefinition<T, Config>,
  { settings, logs, driver, clock = systemClock, onListenerEvent }: ServiceParts,
  clients: Clients<T>,
): Listening | undefined {
  if (listeners === undefined || Object.keys(listeners).length === 0) return undefined
  const topicLogs = new Map<string, Log>()
  const logOf = (topic: string): Log => {
    const known = topicLogs.get(topic)
    if (known) return known
    const log = logs.logger(`listeners.${topic}`)
    topicLogs.set(topic, log)
    return log
  }
  const observe = observeListeners(clients.metrics, logOf, logs.logger('listeners'))
  const running = startListeners({
    driver,
    producer: clients.driverProducer,
    settings: settings.kafka,
    service,
    definitions: traced(
      definitionsOf(listeners, { logOf, producer: clients.producer }),
      clients.tracing,
      service.group,
    ),
    decode: (record, topic) => clients.values.decode(record, topic),
    tell: (event) => {
      observe(event)
      onListenerEvent?.(event)
    },
    clock,
    random: Math.random,
    limits: settings.listener,
  })
  clients.listeners.attach(listenerFacts(running, service.group))
  const failed = new Promise<never>((_resolve, reject) => {
    running.ended.catch(reject)
  })
  failed.catch(() => undefined)
  return { failed, stop: (timeoutMs) => running.stop(timeoutMs) }
}

/** Each handler within what stands on the lines that it logs: within the span of its record or its batch. */
function traced(
  definitions: readonly ListenerDefinition[],
  tracing: Tracing,
  group: string,
): readonly ListenerDefinition[] {
  return definitions.map((definition) => {
    if (!definition.handle) {
      const { handle, ...limits } = definition.batch
      const inBatch: typeof handle = (items, batch) => tracing.inBatch({ group, items }, () => handle(items, batch))
      return { ...definition, batch: { ...limits, handle: inBatch } }
    }
    const { handle } = definition
    const inSpan = (event: unknown, handed: Handed): unknown =>
      tracing.inDelivery({ ...handed, group }, () => handle(event, handed))
    return { ...definition, handle: inSpan }
  })
}
