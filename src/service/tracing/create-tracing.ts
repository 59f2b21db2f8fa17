/**
 * Traces by the API of OpenTelemetry alone. Where an SDK is registered it records; where none is, traces go through all the same, and
 * each line of the log has their id.
 */
import { SpanKind, context, trace } from '@opentelemetry/api'
import type { Producer, SendOptions, Sent, Topics } from '../definition.ts'
import { shortKey } from '../logging/short-key.ts'
import { type Place, placeOf, within, withFields } from '../under-way.ts'
import {
  type TracedBatch,
  type TracedDelivery,
  batchFields,
  batchWork,
  deliveryCarrier,
  deliveryWork,
  messaging,
} from './deliveries.ts'
import { type RequestPlace, type TracedRequest, requestPlace } from './request-place.ts'
import { bareScope, currentHeaders, hasSdk, isFromSdk } from './scopes.ts'
import { type Work, begin, ended, inBegun, tracer } from './spans.ts'

export interface Tracing {
  /**
   * Runs a handler in a span `process TOPIC`, which is a child of the span that sent the record and has a link to the one that is under
   * way. Lines that are logged have topic, partition, offset, key and traceId. Rejects with what the work throws.
   */
  inDelivery<T>(delivery: TracedDelivery, work: () => T | Promise<T>): T | Promise<T>
  /**
   * Runs a handler of a batch in a span `process TOPIC` of its own, with a link to the span that sent each of its records. Lines that are
   * logged have the place of the first one. Without an SDK there is no span, and nothing of the records is looked at.
   */
  inBatch(batch: TracedBatch, work: () => unknown): unknown
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
    inBatch: (batch, work) =>
      hasSdk() ? inSpan(batchWork(batch), async () => work()) : withFields(batchFields(batch), work),
    request: requestPlace,
    producer: <T extends Topics>(producer: Producer<T>): Producer<T> => ({
      send: (topic, event, options) =>
        hasSdk()
          ? inSend(topic, () => producer.send(topic, event, withTrace(options)))
          : producer.send(topic, event, withTrace(options)),
    }),
    traceparent: () => currentHeaders()?.['traceparent'],
  }
}

/** With the headers of the trace that is under way. One that the sender names itself is not mixed with ours. */
function withTrace<Key>(options: SendOptions<Key> | undefined): SendOptions<Key> | undefined {
  const own = options?.headers
  if (own && 'traceparent' in own) return options
  const ours = currentHeaders()
  return ours === undefined ? options : { ...options, headers: own ? { ...ours, ...own } : ours }
}

function inSend(topic: string, send: () => Promise<Sent>): Promise<Sent> {
  const attributes = messaging('send', topic)
  const active = context.active()
  const span = tracer().startSpan(`send ${topic}`, { kind: SpanKind.PRODUCER, attributes }, active)
  if (!isFromSdk(span, trace.getSpanContext(active))) return send()
  const within = (): Promise<Sent> => context.with(trace.setSpan(active, span), send)
  return ended(span, within, (_span, { partition, offset }) => {
    span.setAttributes({ 'messaging.destination.partition.id': String(partition), 'messaging.kafka.offset': offset })
  })
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
