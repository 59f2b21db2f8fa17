/**
 * Traces by the API of OpenTelemetry alone. Where an SDK is registered it records; where none is, traces go through all the same, and
 * each line of the log has their id.
 */
import { type Attributes, SpanKind, context, trace } from '@opentelemetry/api'
import type { Headers } from '../../kafka/driver/port.ts'
import type { Producer, Sent, Topics } from '../definition.ts'
import { shortKey } from '../logging/short-key.ts'
import { type Place, placeOf, within } from '../under-way.ts'
import { type RequestPlace, type TracedRequest, requestPlace } from './request-place.ts'
import { type Carrier, bareScope, currentHeaders, hasSdk, isFromSdk } from './scopes.ts'
import { type Work, begin, ended, inBegun, tracer } from './spans.ts'

export interface TracedDelivery {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly group: string
  readonly key: unknown
  readonly headers: Headers
}

export interface Tracing {
  /**
   * Runs a handler in a span `process TOPIC`, which is a child of the span that sent the record and has a link to the one that is under
   * way. Lines that are logged have topic, partition, offset, key and traceId. Rejects with what the work throws.
   */
  inDelivery<T>(delivery: TracedDelivery, work: () => T | Promise<T>): T | Promise<T>
  /**
   * A span `METHOD ROUTE` for a request, or the one that an instrumented server has begun. Lines that are logged within it have requestId
   * and traceId.
   */
  request(request: TracedRequest): RequestPlace
  /** The producer, in a span `send TOPIC` for each event, with the headers of the trace in the record. */
  producer<T extends Topics>(producer: Producer<T>): Producer<T>
  /** `traceparent` of what is under way; undefined outside of any trace */
  traceparent(): string | undefined
}

/** Names are those of the semantic conventions for messaging and HTTP. */
export function createTracing(): Tracing {
  return {
    inDelivery: (delivery, work) => {
      if (hasSdk()) return inSpan(deliveryWork(delivery), async () => work())
      try {
        return within(bareDelivery(delivery), work)
      } catch (thrown) {
        return Promise.reject(thrown as Error)
      }
    },
    request: requestPlace,
    producer: <T extends Topics>(producer: Producer<T>): Producer<T> => ({
      send: (topic, event, options = {}) =>
        inSend(topic, () => {
          const { headers } = options
          const ours = currentHeaders()
          // a trace that the sender names itself is not mixed with ours
          if (ours === undefined || (headers && 'traceparent' in headers)) return producer.send(topic, event, options)
          return producer.send(topic, event, { ...options, headers: headers ? { ...ours, ...headers } : ours })
        }),
    }),
    traceparent: () => currentHeaders()?.['traceparent'],
  }
}

function inSend(topic: string, send: () => Promise<Sent>): Promise<Sent> {
  if (!hasSdk()) return send()
  const attributes = messaging('send', topic)
  const active = context.active()
  const span = tracer().startSpan(`send ${topic}`, { kind: SpanKind.PRODUCER, attributes }, active)
  if (!isFromSdk(span, trace.getSpanContext(active))) return send()
  const within = (): Promise<Sent> => context.with(trace.setSpan(active, span), send)
  return ended(span, within, (_span, { partition, offset }) => {
    span.setAttributes({ 'messaging.destination.partition.id': String(partition), 'messaging.kafka.offset': offset })
  })
}

function messaging(operation: 'send' | 'process', topic: string): Attributes {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.destination.name': topic,
  }
}

/** What no SDK records has the trace that came, and what lines of the log say of it: both worked out when they are asked for. */
function bareDelivery({ topic, partition, offset, key, headers }: TracedDelivery): Place {
  const scope = bareScope(deliveryCarrier(headers))
  const fields = (): object => ({ topic, partition, offset, key: shortKey(key), traceId: scope.span().traceId })
  return placeOf(fields, scope)
}

async function inSpan<T>(what: Work, work: () => Promise<T>): Promise<T> {
  const begun = begin(what)
  return ended(begun.span, () => inBegun(begun, work))
}

function deliveryCarrier(headers: Headers): Carrier {
  return {
    names: () => headers.map(([name]) => name),
    get: (name) => headers.findLast(([each]) => each === name)?.[1]?.toString(),
  }
}

function deliveryWork({ topic, partition, offset, group, key, headers }: TracedDelivery): Work {
  const text = shortKey(key)
  return {
    name: `process ${topic}`,
    kind: SpanKind.CONSUMER,
    attributes: {
      ...messaging('process', topic),
      'messaging.destination.partition.id': String(partition),
      'messaging.kafka.offset': offset,
      'messaging.consumer.group.name': group,
      ...(text !== undefined && { 'messaging.kafka.message.key': text }),
    },
    carrier: deliveryCarrier(headers),
    fields: { topic, partition, offset, key: text },
  }
}
