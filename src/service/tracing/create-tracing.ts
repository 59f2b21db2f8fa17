/**
 * Traces by the API of OpenTelemetry alone. Where an SDK is registered it records; where none is, traces go through all the same, and
 * each line of the log has their id.
 */
import { type Attributes, type Span, SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api'
import { messageOf, systemCode } from '../../core/errors.ts'
import type { Headers } from '../../kafka/driver/port.ts'
import type { Producer, Sent, Topics } from '../definition.ts'
import { withFields } from '../logging/fields.ts'
import { shortKey } from '../logging/short-key.ts'
import {
  type Carrier,
  type Scope,
  bareScope,
  callersContext,
  currentHeaders,
  currentSpan,
  hasSdk,
  inScope,
  isFromSdk,
  scopeOf,
} from './scopes.ts'

export interface TracedDelivery {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly group: string
  readonly key: unknown
  readonly headers: Headers
}

export interface TracedRequest {
  readonly method: string
  /** the pattern, never the address: `/api/produce/:topic` */
  readonly route: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface Tracing {
  /**
   * Runs a handler in a span `process TOPIC`, which is a child of the span that sent the record and has a link to the one that is under
   * way. Lines that are logged have topic, partition, offset, key and traceId. Rejects with what the work throws.
   */
  inDelivery<T>(delivery: TracedDelivery, work: () => T | Promise<T>): T | Promise<T>
  /**
   * Runs what answers a request in a span `METHOD ROUTE`, or in the one that an instrumented server has begun; it ends when the work
   * has told the status. Lines that are logged have traceId.
   */
  inRequest<T extends { readonly status: number }>(request: TracedRequest, work: () => Promise<T>): Promise<T>
  /** The producer, in a span `send TOPIC` for each event, with the headers of the trace in the record. */
  producer<T extends Topics>(producer: Producer<T>): Producer<T>
  /** `traceparent` of what is under way; undefined outside of any trace */
  traceparent(): string | undefined
}

interface Work {
  readonly name: string
  readonly kind: SpanKind
  readonly attributes: Attributes
  readonly carrier: Carrier
  readonly fields: object
}

/** Names are those of the semantic conventions for messaging and HTTP. */
export function createTracing(): Tracing {
  return {
    inDelivery: (delivery, work) => {
      if (hasSdk()) return inSpan(deliveryWork(delivery), async () => work())
      const { topic, partition, offset, key, headers } = delivery
      const fields = (scope: Scope): object => ({
        topic,
        partition,
        offset,
        get key() {
          return shortKey(key)
        },
        get traceId() {
          return scope.span().traceId
        },
      })
      try {
        return inBareScope(deliveryCarrier(headers), fields, work)
      } catch (thrown) {
        return Promise.reject(thrown as Error)
      }
    },
    inRequest: (request, work) => {
      const ambient = currentSpan()
      if (ambient !== undefined) return withFields({ traceId: ambient.traceId }, work)
      if (!hasSdk()) return inBareScope(requestCarrier(request.headers), traceIdOf, work)
      return inSpan(requestWork(request), work, (span, { status }) => {
        span.setAttribute('http.response.status_code', status)
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      })
    },
    producer: <T extends Topics>(producer: Producer<T>): Producer<T> => ({
      send: (topic, event, options = {}) =>
        inSend(topic, () => {
          const { headers = {} } = options
          // a trace that the sender names itself is not mixed with ours
          if ('traceparent' in headers) return producer.send(topic, event, options)
          return producer.send(topic, event, { ...options, headers: { ...currentHeaders(), ...headers } })
        }),
    }),
    traceparent: () => currentHeaders()['traceparent'],
  }
}

/** Asked each time: an SDK may be registered later, by another copy of the API. */
const tracer = (): ReturnType<typeof trace.getTracer> => trace.getTracer('@evplat/service')

const traceIdOf = (scope: Scope): object => ({
  get traceId() {
    return scope.span().traceId
  },
})

/** What no SDK records has the trace that came, and what lines of the log say of it: both worked out when they are asked for. */
function inBareScope<T>(carrier: Carrier, fields: (scope: Scope) => object, work: () => T): T {
  const scope = bareScope(carrier)
  return inScope(scope, () => withFields(fields(scope), work))
}

async function inSpan<T>(what: Work, work: () => Promise<T>, done?: (span: Span, result: T) => void): Promise<T> {
  const { name, kind, attributes, carrier } = what
  const callers = callersContext(carrier)
  const parent = trace.getSpanContext(callers)
  const ambient = trace.getSpanContext(context.active())
  const links = ambient === undefined ? [] : [{ context: ambient }]
  const span = tracer().startSpan(name, { kind, attributes, links }, callers)
  const scope = scopeOf(span, parent, carrier)
  const fields = {
    ...what.fields,
    get traceId() {
      return scope.span().traceId
    },
  }
  const enter = (): Promise<T> => inScope(scope, () => withFields(fields, work))
  return ended(span, () => context.with(trace.setSpan(callers, span), enter), done)
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

async function ended<T>(span: Span, work: () => Promise<T>, done?: (span: Span, result: T) => void): Promise<T> {
  try {
    const result = await work()
    done?.(span, result)
    return result
  } catch (thrown) {
    span.recordException(thrown instanceof Error ? thrown : String(thrown))
    span.setAttribute('error.type', systemCode(thrown) || (thrown instanceof Error ? thrown.name : '_OTHER'))
    span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(thrown) })
    throw thrown
  } finally {
    span.end()
  }
}

function messaging(operation: 'send' | 'process', topic: string): Attributes {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.destination.name': topic,
  }
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

function requestCarrier(headers: TracedRequest['headers']): Carrier {
  const get = (name: string): string | undefined => {
    const value = headers[name]
    return typeof value === 'object' ? value[0] : value
  }
  return { names: () => Object.keys(headers), get }
}

function requestWork({ method, route, headers }: TracedRequest): Work {
  return {
    name: `${method} ${route}`,
    kind: SpanKind.SERVER,
    attributes: { 'http.request.method': method, 'http.route': route },
    carrier: requestCarrier(headers),
    fields: {},
  }
}
