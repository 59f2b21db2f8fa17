// What a service reaches the world by: the registry, its producer, a probe of the broker, and what it counts.
import { AsyncResource } from 'node:async_hooks'
import { EvplatError } from '../../core/errors.ts'
import type { DriverProducer, KafkaDriver } from '../../kafka/driver/port.ts'
import { createRegistryClient } from '../../registry/client.ts'
import type { RegistryClient } from '../../registry/registry.ts'
import { type EventLoopWatch, watchEventLoop } from '../actuator/event-loop.ts'
import { type ServiceMetrics, serviceMetrics } from '../actuator/metrics.ts'
import type { ServiceSettings } from '../config/settings.ts'
import type { DeclaredService, Producer, Topics } from '../definition.ts'
import type { Logs } from '../logging/words.ts'
import { type SendCounts, createProducer } from '../producing/create-producer.ts'
import { type Tracing, createTracing } from '../tracing/create-tracing.ts'
import { type Values, createValues } from '../values/values.ts'
import { type BrokerProbe, brokerProbe } from './broker-probe.ts'
import { type LateListeners, lateListeners } from './late-listeners.ts'
import type { Opened } from './opened.ts'

export interface Clients<T extends Topics> {
  readonly tracing: Tracing
  readonly registry: RegistryClient | undefined
  readonly values: Values
  readonly broker: BrokerProbe
  readonly driverProducer: DriverProducer
  readonly producer: Producer<T>
  readonly listeners: LateListeners
  readonly eventLoop: EventLoopWatch
  readonly metrics: ServiceMetrics
  /** all but the producer, which is closed by itself */
  close(): void
}

export interface ClientsOptions<T extends Topics> {
  readonly service: DeclaredService
  readonly topics: T
  readonly settings: ServiceSettings
  readonly logs: Logs
  readonly driver: KafkaDriver
}

/** how long a broker and a registry may take to answer a health check; theirs is two seconds */
const probeMs = 1500

const busy = 'what keeps it busy keeps heartbeats, requests and other handlers waiting'

export function openClients<T extends Topics>(options: ClientsOptions<T>, open: Opened): Clients<T> {
  const { service, topics, settings, logs, driver } = options
  const kafkaLog = logs.logger('kafka')
  const registry = settings.registry && createRegistryClient(settings.registry)
  const values = createValues(topics, registry)
  const eventLoop = watchEventLoop({
    lateMs: settings.management.maxEventLoopDelayMs,
    onLate: ({ ms, times }) =>
      logs.logger('app').warn({ times }, `the event loop stood still for ${Math.round(ms)} ms: ${busy}`),
  })
  const broker = brokerProbe(settings.kafka, `${service.name}-health`, probeMs)
  const close = (): void => {
    eventLoop.stop()
    broker.close()
    registry?.close()
  }
  open.add(close)
  const driverProducer = driver.produce(settings.kafka, {
    deliveryMs: settings.producer.deliveryMs,
    // a broker that is away is no matter of the request that notices it
    onTrouble: AsyncResource.bind((message: string) => kafkaLog.warn({}, message)),
  })
  open.add(() => driverProducer.close(0))
  const listeners = lateListeners(service.group)
  const labels = { service: service.name }
  const metrics = serviceMetrics({ labels, listeners, producer: driverProducer, eventLoop: () => eventLoop.delay() })
  const tracing = createTracing()
  const counts = sendCounts(metrics)
  const producer = tracing.producer(createProducer(values, driverProducer, { service, topics, counts }))
  return { tracing, registry, values, broker, driverProducer, producer, listeners, eventLoop, metrics, close }
}

/** What was not acknowledged is counted by the code of its error. */
function sendCounts(metrics: ServiceMetrics): SendCounts {
  return {
    sent: (topic) => metrics.sent(topic),
    failed: (topic, thrown) => metrics.sendFailed(topic, thrown instanceof EvplatError ? thrown.code : 'bad-event'),
  }
}
