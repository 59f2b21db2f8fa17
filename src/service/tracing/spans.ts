// Spans of an SDK: begun in the trace of the caller, ended with what became of the work.
import {
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanKind,
  SpanStatusCode,
  context,
  trace,
} from '@opentelemetry/api'
import { messageOf, systemCode } from '../../core/errors.ts'
import { type Place, placeOf, within } from '../under-way.ts'
import { type Carrier, callersContext, scopeOf } from './scopes.ts'

export interface Work {
  readonly name: string
  readonly kind: SpanKind
  readonly attributes: Attributes
  readonly carrier: Carrier
  /** beside the one to what is under way */
  readonly links?: readonly Link[]
  readonly fields: object
}

export interface Begun {
  readonly span: Span
  readonly context: Context
  readonly place: Place
}

/** Asked each time: an SDK may be registered later, by another copy of the API. */
export const tracer = (): ReturnType<typeof trace.getTracer> => trace.getTracer('@evplat/service')

/** A span that is a child of the caller's, with a link to the one that is under way here. */
export function begin({ name, kind, attributes, carrier, links = [], fields }: Work): Begun {
  const callers = callersContext(carrier)
  const parent = trace.getSpanContext(callers)
  const ambient = trace.getSpanContext(context.active())
  const all = ambient === undefined ? [...links] : [{ context: ambient }, ...links]
  const span = tracer().startSpan(name, { kind, attributes, links: all }, callers)
  const scope = scopeOf(span, parent, carrier)
  const place = placeOf(() => ({ ...fields, traceId: scope.span().traceId }), scope)
  return { span, context: trace.setSpan(callers, span), place }
}

export function inBegun<T>(begun: Begun, work: () => T): T {
  return context.with(begun.context, () => within(begun.place, work))
}

/** Ends the span when the work has ended; `done` is told its result before that. Rejects with what the work throws. */
export async function ended<T>(span: Span, work: () => Promise<T>, done?: (span: Span, result: T) => void): Promise<T> {
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
