// What a service counts, under names and units as Prometheus wants them, in a registry of its own.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { EventLoopDelay } from './event-loop.ts'
import type { ListenerFacts, ProducerFacts } from './ports.ts'

export interface MetricsSources {
  /** labels of every series: `service` */
  readonly labels: Readonly<Record<string, string>>
  readonly listeners: ListenerFacts
  readonly producer: ProducerFacts
  /** in milliseconds */
  eventLoop(): EventLoopDelay
}

/** What others tell as it happens. Times in seconds. */
export interface ServiceMetrics {
  handled(topic: string, outcome: 'ok' | 'failed', seconds: number): void
  retried(topic: string): void
  deadLettered(topic: string): void
  rebalanced(event: 'assigned' | 'revoked' | 'lost'): void
  sent(topic: string): void
  /** `code` as in `EvplatError.code` */
  sendFailed(topic: string, code: string): void
  /** `route` is the pattern (`/api/produce/:topic`), never the address: its values have no end */
  answered(method: string, route: string, status: number, seconds: number): void
  readonly registry: Registry
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

/** The metrics of one service. What is a state (lag, bytes, delay) is asked for when somebody scrapes. */
export function serviceMetrics(sources: MetricsSources): ServiceMetrics {
  const registry = new Registry()
  registry.setDefaultLabels({ ...sources.labels })
  collectDefaultMetrics({ register: registry })
  stateGauges(registry, sources)
  const counter = (name: string, help: string, labelNames: string[]): Counter =>
    new Counter({ name, help, labelNames, registers: [registry] })
  const histogram = (name: string, help: string, labelNames: string[]): Histogram =>
    new Histogram({ name, help, labelNames, buckets, registers: [registry] })

  const handling = histogram('evplat_listener_seconds', 'Time that handlers took, each attempt by itself', [
    'topic',
    'outcome',
  ])
  const retries = counter('evplat_listener_retries_total', 'Attempts after the first', ['topic'])
  const deadLetters = counter('evplat_listener_dead_letters_total', 'Records put into dead letters', ['topic'])
  const rebalances = counter('evplat_consumer_rebalances_total', 'Times that partitions came or went', ['event'])
  const sends = counter('evplat_producer_sends_total', 'Records that brokers acknowledged', ['topic'])
  const failures = counter('evplat_producer_failures_total', 'Records that were not acknowledged', ['topic', 'code'])
  const http = histogram('evplat_http_request_seconds', 'Time from request to answer', ['method', 'route', 'status'])
  return {
    handled: (topic, outcome, seconds) => handling.observe({ topic, outcome }, seconds),
    retried: (topic) => retries.inc({ topic }),
    deadLettered: (topic) => deadLetters.inc({ topic }),
    rebalanced: (event) => rebalances.inc({ event }),
    sent: (topic) => sends.inc({ topic }),
    sendFailed: (topic, code) => failures.inc({ topic, code }),
    answered: (method, route, status, seconds) => http.observe({ method, route, status: String(status) }, seconds),
    registry,
  }
}

function stateGauges(registry: Registry, sources: MetricsSources): void {
  const { listeners, producer } = sources
  const registers = [registry]
  const byPartition = (name: string, help: string, read: (partition: Partition) => number | undefined): Gauge =>
    new Gauge({
      name,
      help,
      labelNames: ['topic', 'partition'],
      registers,
      collect() {
        // what another member has now is no longer told here
        this.reset()
        for (const { topic, partitions } of listeners.list())
          for (const facts of partitions) {
            const value = read(facts)
            if (value !== undefined) this.set({ topic, partition: String(facts.partition) }, value)
          }
      },
    })
  byPartition('evplat_listener_lag', 'Records between what is committed and the end', ({ lag }) => lag)
  byPartition('evplat_listener_in_work', 'Records given to handlers that have not ended', ({ inWork }) => inWork)
  byPartition(
    'evplat_listener_oldest_in_work_seconds',
    'Age of the oldest record in work',
    (p) => p.oldestInWorkMs / 1000,
  )
  new Gauge({
    name: 'evplat_producer_pending_bytes',
    help: 'Bytes that wait for their acknowledgement',
    registers,
    collect() {
      this.set(producer.pendingBytes)
    },
  })
  new Gauge({
    name: 'evplat_event_loop_delay_seconds',
    help: 'How late the event loop was in the last seconds',
    labelNames: ['stat'],
    registers,
    collect() {
      for (const [stat, ms] of Object.entries(sources.eventLoop())) this.set({ stat }, ms / 1000)
    },
  })
}

type Partition = ReturnType<ListenerFacts['list']>[number]['partitions'][number]
