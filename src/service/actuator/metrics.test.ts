import { expect, test } from 'vitest'
import { listenerFacts, serveActuator } from '../../../test/service/actuator-server.ts'
import { parsePrometheus } from '../../../test/service/prometheus-text.ts'
import type { Family } from '../../../test/service/prometheus-text.ts'
import type { ServiceMetrics } from './metrics.ts'

const partition = (number: number, lag: number | undefined) => ({
  partition: number,
  lag,
  inWork: 2,
  oldestInWorkMs: 1500,
  quietMs: 0,
})
const given = () => ({
  exposure: { include: ['prometheus', 'metrics'] },
  listeners: listenerFacts([
    { topic: 'order-placed', isPaused: false, partitions: [partition(0, 7), partition(1, undefined)] },
  ]),
})

function countSome(metrics: ServiceMetrics): void {
  metrics.handled('order-placed', 'ok', 0.004)
  metrics.handled('order-placed', 'ok', 300)
  metrics.handled('order-placed', 'failed', 0.1)
  metrics.retried('order-placed')
  metrics.deadLettered('order-placed')
  metrics.rebalanced('assigned')
  metrics.sent('order-placed')
  metrics.sent('order-placed')
  metrics.sendFailed('order-placed', 'broker-unreachable')
  metrics.answered('POST', '/api/produce/:topic', 202, 0.01)
  metrics.answered('GET', '/strange"\\\n', 404, 0.01)
}

function valueOf(families: readonly Family[], name: string, labels: Record<string, string>): number | undefined {
  const samples = families.flatMap((family) => family.samples).filter((sample) => sample.name === name)
  return samples.find((sample) => Object.entries(labels).every(([key, text]) => sample.labels[key] === text))?.value
}

async function scraped(facts: ReturnType<typeof given> = given()) {
  const server = await serveActuator(facts)
  countSome(server.metrics)
  const { text, headers } = await server.call('/actuator/prometheus')
  return { ...server, families: parsePrometheus(text), contentType: headers.get('content-type') }
}

test('what was counted is told in the text format, with names and units of Prometheus', async () => {
  const { families, contentType } = await scraped()
  expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
  const topic = 'order-placed'
  const value = (name: string, labels: Record<string, string>) => valueOf(families, name, labels)
  expect(value('evplat_listener_seconds_count', { topic, outcome: 'ok' })).toBe(2)
  expect(value('evplat_listener_seconds_sum', { topic, outcome: 'ok' })).toBeCloseTo(300.004)
  expect(value('evplat_listener_seconds_bucket', { topic, outcome: 'ok', le: '0.005' })).toBe(1)
  expect(value('evplat_listener_seconds_bucket', { topic, outcome: 'ok', le: '120' })).toBe(1)
  expect(value('evplat_listener_retries_total', { topic })).toBe(1)
  expect(value('evplat_listener_dead_letters_total', { topic })).toBe(1)
  expect(value('evplat_consumer_rebalances_total', { event: 'assigned' })).toBe(1)
  expect(value('evplat_producer_sends_total', { topic })).toBe(2)
  expect(value('evplat_producer_failures_total', { topic, code: 'broker-unreachable' })).toBe(1)
  expect(value('evplat_producer_pending_bytes', {})).toBe(4711)
  expect(value('evplat_http_request_seconds_count', { method: 'POST', status: '202' })).toBe(1)
  expect(value('evplat_http_request_seconds_count', { route: '/strange"\\\n' })).toBe(1)
  expect(value('evplat_listener_oldest_in_work_seconds', { topic, partition: '0' })).toBe(1.5)
  expect(value('evplat_event_loop_delay_seconds', { stat: 'max' })).toBe(0.003)
  expect(value('process_resident_memory_bytes', {})).toBeGreaterThan(1e6)
})

test('each series says whose it is', async () => {
  const { families } = await scraped()
  const samples = families.flatMap((family) => family.samples)
  expect(samples.filter(({ labels }) => labels['service'] !== 'orders')).toEqual([])
})

test('lag is told of the partitions that the member has now, where it is known', async () => {
  const facts = given()
  const { families, call } = await scraped(facts)
  const lag = 'evplat_listener_lag'
  expect(valueOf(families, lag, { partition: '0' })).toBe(7)
  expect(valueOf(families, lag, { partition: '1' })).toBeUndefined()
  facts.listeners.listeners = [{ topic: 'order-placed', isPaused: false, partitions: [partition(1, 3)] }]
  const later = parsePrometheus((await call('/actuator/prometheus')).text)
  expect(valueOf(later, lag, { partition: '0' })).toBeUndefined()
  expect(valueOf(later, lag, { partition: '1' })).toBe(3)
})

test('metrics are read by name, as in Spring', async () => {
  const { call } = await scraped()
  const { names } = (await call('/actuator/metrics')).body
  expect(names).toContain('evplat_listener_lag')
  expect(names).toEqual(names.toSorted())
  const { body } = await call('/actuator/metrics/evplat_producer_pending_bytes')
  expect(body).toMatchObject({ name: 'evplat_producer_pending_bytes', type: 'gauge', baseUnit: 'bytes' })
  expect(body.values).toEqual([{ labels: { service: 'orders' }, value: 4711 }])
  expect((await call('/actuator/metrics/none')).status).toBe(404)
})

test('two services of one process do not count into each other', async () => {
  const one = await serveActuator(given())
  const other = await serveActuator(given())
  one.metrics.sent('order-placed')
  const families = parsePrometheus((await other.call('/actuator/prometheus')).text)
  expect(valueOf(families, 'evplat_producer_sends_total', { topic: 'order-placed' })).toBeUndefined()
})

test.each([
  ['a value that is no number', '# HELP a b\n# TYPE a gauge\na x\n'],
  ['a counter without its ending', '# HELP a b\n# TYPE a counter\na 1\n'],
  ['a series twice', '# HELP a b\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n'],
  [
    'buckets that shrink',
    '# HELP a b\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
  ],
  ['a quote that is not escaped', '# HELP a b\n# TYPE a gauge\na{x="""} 1\n'],
  ['no end of the last line', '# HELP a b\n# TYPE a gauge\na 1'],
])('the strict reader refuses %s', (_what, text) => {
  expect(() => parsePrometheus(text)).toThrow()
})
