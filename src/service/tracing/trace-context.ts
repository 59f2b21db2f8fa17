// W3C trace context (https://www.w3.org/TR/trace-context/) as text, and spans of our own where no SDK makes any.
import { type SpanContext, createTraceState } from '@opentelemetry/api'
import { randomPart } from '../../core/random-pool.ts'

const format = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/
const longestState = 512
/** sampled, random */
const knownFlags = 0b11

/** The caller's span; undefined where the header is missing or not as the standard wants it. */
export function parseTraceparent(traceparent: string | undefined, tracestate?: string): SpanContext | undefined {
  const [, version, traceId, spanId, flags, rest] = format.exec(traceparent ?? '') ?? []
  if (traceId === undefined || spanId === undefined || (version === '00' && rest !== undefined)) return undefined
  const state = tracestate !== undefined &&
    tracestate.length <= longestState && { traceState: createTraceState(tracestate) }
  return { traceId, spanId, traceFlags: Number.parseInt(flags!, 16) & knownFlags, isRemote: true, ...state }
}

export function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}

/**
 * A span that nobody records: in the trace of its parent, with the parent's flags; without one in a new trace that is not sampled.
 * Its ids are made when they are first asked for.
 */
export function unrecordedSpan(parentOf: () => SpanContext | undefined): () => SpanContext {
  let span: SpanContext | undefined
  return () => (span ??= spanOf(parentOf()))
}

function spanOf(parent: SpanContext | undefined): SpanContext {
  const random = randomPart(24).toString('hex')
  const spanId = random.slice(32)
  if (!parent) return { traceId: random.slice(0, 32), spanId, traceFlags: 0 }
  const { traceId, traceFlags, traceState } = parent
  return { traceId, spanId, traceFlags, ...(traceState && { traceState }) }
}
