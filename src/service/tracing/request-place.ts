// A request as a part of its trace.
import { SpanKind, SpanStatusCode, context } from '@opentelemetry/api'
import { placeOf, within } from '../under-way.ts'
import { type Carrier, bareScope, currentSpan, hasSdk } from './scopes.ts'
import { type Work, begin, inBegun } from './spans.ts'

export interface TracedRequest {
  readonly requestId: string
  readonly method: string
  /** the pattern, never the address: `/api/produce/:topic` */
  readonly route: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface RequestPlace {
  /** Runs a part of the work on the request, from wherever it is called. */
  within<T>(run: () => T): T
  /** The request is answered. */
  end(status: number): void
}

const nothing = (): void => undefined

/** The span of an instrumented server that is under way, one of our own where an SDK records it, or the trace alone. */
export function requestPlace(request: TracedRequest): RequestPlace {
  const { requestId, headers } = request
  const ambient = currentSpan()
  if (ambient !== undefined) {
    const active = context.active()
    const place = placeOf(() => ({ requestId, traceId: ambient.traceId }))
    return { within: (run) => context.with(active, () => within(place, run)), end: nothing }
  }
  if (hasSdk()) return spanPlace(request)
  const scope = bareScope(requestCarrier(headers))
  const place = placeOf(() => ({ requestId, traceId: scope.span().traceId }), scope)
  return { within: (run) => within(place, run), end: nothing }
}

function spanPlace(request: TracedRequest): RequestPlace {
  const begun = begin(requestWork(request))
  return {
    within: (run) => inBegun(begun, run),
    end: (status) => {
      begun.span.setAttribute('http.response.status_code', status)
      if (status >= 500) begun.span.setStatus({ code: SpanStatusCode.ERROR })
      begun.span.end()
    },
  }
}

function requestCarrier(headers: TracedRequest['headers']): Carrier {
  const get = (name: string): string | undefined => {
    const value = headers[name]
    return typeof value === 'object' ? value[0] : value
  }
  return { names: () => Object.keys(headers), get }
}

function requestWork({ requestId, method, route, headers }: TracedRequest): Work {
  return {
    name: `${method} ${route}`,
    kind: SpanKind.SERVER,
    attributes: { 'http.request.method': method, 'http.route': route },
    carrier: requestCarrier(headers),
    fields: { requestId },
  }
}
