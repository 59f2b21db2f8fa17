// What listeners tell, as counts for Prometheus and lines of the log.
import type { ServiceMetrics } from '../actuator/metrics.ts'
import type { Log } from '../definition.ts'
import type { ListenerEvent, TroubledRecord } from '../listeners/words.ts'
import { shortKey } from '../logging/short-key.ts'
import { parseTraceparent } from '../tracing/trace-context.ts'

/** A function that takes what listeners tell. What is ordinary is told at debug level, what somebody should look at as a warning. */
export function observeListeners(
  metrics: ServiceMetrics,
  logOf: (topic: string) => Log,
  log: Log,
): (event: ListenerEvent) => void {
  const seen = (event: ListenerEvent): void => {
    switch (event.kind) {
      case 'assigned':
      case 'revoked':
      case 'lost': {
        metrics.rebalanced(event.kind)
        const partitions = event.partitions.map(([topic, partition]) => `${topic}-${partition}`)
        if (partitions.length > 0)
          log[event.kind === 'lost' ? 'warn' : 'info']({ partitions }, `partitions ${event.kind}`)
        return
      }
      case 'trouble':
        return log.warn({}, event.message)
      case 'sought': {
        const { topic, partition, offset } = event
        return log.info({ topic, partition, offset }, 'reads on from another place')
      }
      case 'commit-failed':
        return log.warn({ err: event.error }, 'a commit failed; it is part of the next one')
      case 'handled':
      case 'filtered':
        return ofHandled(event, metrics, logOf(event.topic))
      default:
        return ofRecord(event, metrics, logOf(event.topic))
    }
  }
  return seen
}

type Handled = Extract<ListenerEvent, { readonly ms: number; readonly kind: 'handled' | 'filtered' }>
type RecordEvent = Exclude<
  ListenerEvent,
  Handled | { readonly kind: 'assigned' | 'revoked' | 'lost' | 'trouble' | 'sought' | 'commit-failed' }
>

/** What is told of every record. */
function ofHandled({ kind, topic, partition, offset, ms, attempt }: Handled, metrics: ServiceMetrics, log: Log): void {
  metrics.handled(topic, 'ok', ms / 1000)
  if (attempt > 1) metrics.retried(topic)
  log.debug({ topic, partition, offset, ms, attempt }, kind)
}

function ofRecord(event: RecordEvent, metrics: ServiceMetrics, log: Log): void {
  const { topic, partition } = event
  const place = { topic, partition, ...('offset' in event && traces(event)) }
  switch (event.kind) {
    case 'failed':
      metrics.handled(topic, 'failed', event.ms / 1000)
      if (event.attempt > 1) metrics.retried(topic)
      return log.warn({ ...place, attempt: event.attempt, next: event.next, err: event.error }, 'the handler failed')
    case 'moved':
      if (event.isDeadLetter) metrics.deadLettered(topic)
      return log.warn(
        { ...place, to: event.to },
        event.isDeadLetter ? 'put into the dead letters' : 'to be tried later',
      )
    case 'skipped':
      return log.error({ ...place, err: event.error }, 'skipped, as `failures` in platform.yaml says')
    case 'away':
      return log.warn({ ...place, err: event.error }, 'the schema cannot be read now; tried again')
    case 'not-sent':
      return log.error({ ...place, err: event.error }, 'not sent to where failed records go; tried again')
    case 'stalled':
      return log.error({ ...place, ms: event.ms }, 'the partition has work and stands still')
    case 'moving':
      return log.info({ ...place, ms: event.ms }, 'the partition goes on')
    case 'abandoned':
      return log.warn({ ...place, inWork: event.inWork }, 'handlers had not ended when the partition had to be let go')
  }
}

/** The same fields as on the lines that a handler logs. */
function traces({ offset, key, headers }: TroubledRecord): object {
  const shown = shortKey(key)
  const traceparent = headers.findLast(([name]) => name === 'traceparent')?.[1]?.toString('latin1')
  const caller = parseTraceparent(traceparent)
  return { offset, ...(shown !== undefined && { key: shown }), ...(caller && { traceId: caller.traceId }) }
}
