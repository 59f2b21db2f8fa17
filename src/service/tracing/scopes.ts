// Which trace is under way: the one of the SDK where there is one, else the one that came with the record or the request.
import {
  type Context,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  type TextMapGetter,
  context,
  isSpanContextValid,
  propagation,
  trace,
} from '@opentelemetry/api'
import { type Scope, currentScope } from '../under-way.ts'
import { parseTraceparent, traceparentOf, unrecordedSpan } from './trace-context.ts'

/** The headers of a record or a request. */
export interface Carrier {
  names(): string[]
  get(name: string): string | undefined
}

const longestBaggage = 8192
const getter: TextMapGetter<Carrier> = {
  keys: (carrier) => carrier.names(),
  get: (carrier, name) => carrier.get(name),
}

/** The caller's context, as the propagators of the SDK read it, or as the standard says. */
export function callersContext(carrier: Carrier): Context {
  const extracted = propagation.extract(ROOT_CONTEXT, carrier, getter)
  if (trace.getSpanContext(extracted)) return extracted
  const caller = parseTraceparent(carrier.get('traceparent'), carrier.get('tracestate'))
  return caller === undefined ? extracted : trace.setSpanContext(extracted, caller)
}

/** Whether an SDK made the span: without one it is the parent's, or none. */
export function isFromSdk(span: Span, parent: SpanContext | undefined): boolean {
  const own = span.spanContext()
  return isSpanContextValid(own) && own.spanId !== parent?.spanId
}

/** Whether spans are recorded. Asked each time: an SDK may be registered later, by another copy of the API. */
export function hasSdk(): boolean {
  const provider = trace.getTracerProvider()
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('@evplat/service') !== undefined
}

/** What goes through without an SDK; read when somebody asks. */
export function bareScope(carrier: Carrier): Scope {
  return new BareScope(carrier)
}

/** One for each record and request: a class is made faster than an object with a getter. */
class BareScope implements Scope {
  readonly span: Scope['span']
  private readonly carrier: Carrier

  constructor(carrier: Carrier) {
    this.carrier = carrier
    this.span = unrecordedSpan(() => trace.getSpanContext(callersContext(carrier)))
  }

  get baggage(): string | undefined {
    return baggageOf(this.carrier)
  }
}

export function scopeOf(span: Span, parent: SpanContext | undefined, carrier: Carrier): Scope {
  return {
    span: isFromSdk(span, parent) ? () => span.spanContext() : unrecordedSpan(() => parent),
    baggage: baggageOf(carrier),
  }
}

function baggageOf(carrier: Carrier): string | undefined {
  const baggage = carrier.get('baggage')
  return baggage !== undefined && baggage.length <= longestBaggage ? baggage : undefined
}

/** The span that is under way; undefined outside of any. */
export function currentSpan(): SpanContext | undefined {
  const active = trace.getSpanContext(context.active())
  return active !== undefined && isSpanContextValid(active) ? active : currentScope()?.span()
}

/** What says to the next service which trace it is in; undefined outside of any. */
export function currentHeaders(): Readonly<Record<string, string>> | undefined {
  const span = currentSpan()
  if (span === undefined) return undefined
  const baggage = currentScope()?.baggage
  const tracestate = span.traceState?.serialize()
  const headers: Record<string, string> = { traceparent: traceparentOf(span) }
  if (tracestate) headers['tracestate'] = tracestate
  if (baggage !== undefined) headers['baggage'] = baggage
  // an SDK's own propagators have the last word
  propagation.inject(context.active(), headers)
  return headers
}
