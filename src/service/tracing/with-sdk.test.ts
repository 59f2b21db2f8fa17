// With the SDK of OpenTelemetry, as a service has it that loads one before it starts.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { EvplatError } from '../../core/errors.ts'
import type { Producer, SendOptions, Topics } from '../definition.ts'
import { currentFields } from '../under-way.ts'
import { createTracing } from './create-tracing.ts'

// as with a service: what is made before the SDK is there uses it all the same
const tracing = createTracing()
const exporter = new InMemorySpanExporter()
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
trace.setGlobalTracerProvider(provider)
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
propagation.setGlobalPropagator(
  new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
)
beforeEach(() => exporter.reset())
afterAll(() => provider.shutdown())

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const incoming = `00-${traceId}-00f067aa0ba902b7-01`
const headers = [
  ['traceparent', Buffer.from(incoming)],
  ['tracestate', Buffer.from('a=1')],
  ['baggage', Buffer.from('user=7')],
] as const
const at = { topic: 'orders', partition: 2, offset: 7, group: 'billing', key: 'k' }
const spans = () => Object.fromEntries(exporter.getFinishedSpans().map((span) => [span.name, span]))

test('spans of a handler and of what it sends are children of the one that sent the record', async () => {
  const given: SendOptions<unknown>[] = []
  const sent = { topic: 'out', partition: 3, offset: 9, timestamp: '', id: '' }
  const inner: Producer<Topics> = { send: async (_topic, _event, options = {}) => (given.push(options), sent) }
  const fields = await tracing.inDelivery({ ...at, headers }, async () => {
    await tracing.producer(inner).send('out', {})
    return currentFields()
  })
  const { 'process orders': process, 'send out': send } = spans()
  expect(fields).toMatchObject({ traceId, offset: 7 })
  expect(process).toMatchObject({
    kind: SpanKind.CONSUMER,
    parentSpanContext: { traceId, spanId: '00f067aa0ba902b7', isRemote: true },
    status: { code: SpanStatusCode.UNSET },
    links: [],
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'orders',
      'messaging.destination.partition.id': '2',
      'messaging.kafka.offset': 7,
      'messaging.consumer.group.name': 'billing',
      'messaging.kafka.message.key': 'k',
    },
  })
  expect(send).toMatchObject({
    kind: SpanKind.PRODUCER,
    parentSpanContext: { traceId, spanId: process!.spanContext().spanId },
    attributes: {
      'messaging.operation.name': 'send',
      'messaging.destination.name': 'out',
      'messaging.destination.partition.id': '3',
      'messaging.kafka.offset': 9,
    },
  })
  expect(given[0]!.headers).toEqual({
    traceparent: `00-${traceId}-${send!.spanContext().spanId}-01`,
    tracestate: 'a=1',
    baggage: 'user=7',
  })
})

test('the span that is under way is linked, where the one of the record is the parent', async () => {
  const ambient = trace.getTracer('test').startSpan('poll', {}, ROOT_CONTEXT)
  await context.with(trace.setSpan(ROOT_CONTEXT, ambient), () => tracing.inDelivery({ ...at, headers }, () => {}))
  ambient.end()
  const { 'process orders': process } = spans()
  expect(process!.spanContext().traceId).toBe(traceId)
  expect(process!.links.map((link) => link.context)).toEqual([ambient.spanContext()])
})

test('a batch is a span of its own, with a link to each span that sent one of its records', async () => {
  const given: SendOptions<unknown>[] = []
  const inner: Producer<Topics> = {
    send: async (_topic, _event, options = {}) => (given.push(options), { ...at, timestamp: '', id: '' }),
  }
  const other = incoming.replace('4bf9', '5bf9')
  const items = [
    { handed: { ...at, headers } },
    { handed: { ...at, offset: 8, headers: [] } },
    { handed: { ...at, offset: 9, headers: [['traceparent', Buffer.from(other)]] as const } },
  ]
  const fields = await tracing.inBatch({ group: 'billing', items }, async () => {
    await tracing.producer(inner).send('out', {})
    return currentFields()
  })
  const { 'process orders': process, 'send out': send } = spans()
  expect(process).toMatchObject({
    kind: SpanKind.CONSUMER,
    status: { code: SpanStatusCode.UNSET },
    attributes: {
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'orders',
      'messaging.destination.partition.id': '2',
      'messaging.batch.message_count': 3,
      'messaging.consumer.group.name': 'billing',
    },
    links: [
      { context: { traceId, spanId: '00f067aa0ba902b7' }, attributes: { 'messaging.kafka.offset': 7 } },
      { context: { traceId: traceId.replace('4bf9', '5bf9') }, attributes: { 'messaging.kafka.offset': 9 } },
    ],
  })
  const own = process!.spanContext()
  expect(process!.parentSpanContext).toBeUndefined()
  expect(fields).toEqual({ topic: 'orders', partition: 2, offset: 7, records: 3, traceId: own.traceId })
  expect(send!.parentSpanContext).toMatchObject({ traceId: own.traceId, spanId: own.spanId })
  expect(given[0]!.headers).toMatchObject({ traceparent: `00-${own.traceId}-${send!.spanContext().spanId}-01` })
})

test('errors stand in the span', async () => {
  const error = new EvplatError('broker-refused', 'no')
  await expect(
    tracing.inDelivery({ ...at, headers: [] }, async () => {
      throw error
    }),
  ).rejects.toBe(error)
  const { 'process orders': process } = spans()
  expect(process).toMatchObject({
    status: { code: SpanStatusCode.ERROR, message: 'no' },
    attributes: { 'error.type': 'broker-refused' },
    events: [{ name: 'exception', attributes: { 'exception.message': 'no' } }],
  })
  expect(process!.parentSpanContext).toBeUndefined()
})

test('a request is a span of the server, unless something has begun one', async () => {
  const request = { requestId: 'r-1', method: 'POST', route: '/api/produce/:topic', headers: { traceparent: incoming } }
  tracing.request(request).end(503)
  expect(spans()['POST /api/produce/:topic']).toMatchObject({
    kind: SpanKind.SERVER,
    parentSpanContext: { traceId, spanId: '00f067aa0ba902b7' },
    status: { code: SpanStatusCode.ERROR },
    attributes: { 'http.request.method': 'POST', 'http.route': request.route, 'http.response.status_code': 503 },
  })
  exporter.reset()
  const server = trace.getTracer('test').startSpan('POST', {}, ROOT_CONTEXT)
  const place = context.with(trace.setSpan(ROOT_CONTEXT, server), () => tracing.request(request))
  const fields = place.within(() => currentFields())
  place.end(200)
  expect(exporter.getFinishedSpans()).toEqual([])
  expect(fields).toEqual({ requestId: 'r-1', traceId: server.spanContext().traceId })
})
