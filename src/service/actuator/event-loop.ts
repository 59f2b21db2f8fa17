// How late the event loop is: what keeps it busy keeps heartbeats, requests and handlers waiting.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Late, newLateness } from './lateness.ts'

/** In milliseconds, of what has passed since the last turn. */
export interface EventLoopDelay {
  readonly mean: number
  readonly p99: number
  readonly max: number
}

export interface EventLoopWatch {
  /** of the window that runs and the one before it */
  delay(): EventLoopDelay
  stop(): void
}

const resolutionMs = 20
/** between two lines of the log */
const tellEveryMs = 60_000

export interface WatchOptions {
  readonly windowMs?: number
  /** what is later than this is told */
  readonly lateMs?: number
  readonly onLate?: (late: Late) => void
}

/**
 * Measures the delay in windows of five seconds, so that an answer is about now, and a window that has just begun is no blank. `onLate` is
 * told that the loop was later than `lateMs`, at most once a minute.
 */
export function watchEventLoop({ windowMs = 5000, lateMs = Infinity, onLate }: WatchOptions = {}): EventLoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  const read = (): EventLoopDelay =>
    histogram.count === 0
      ? { mean: 0, p99: 0, max: 0 }
      : { mean: delayOf(histogram.mean), p99: delayOf(histogram.percentile(99)), max: delayOf(histogram.max) }
  const lateness = newLateness({ lateMs, everyMs: tellEveryMs })
  let before: EventLoopDelay = { mean: 0, p99: 0, max: 0 }
  const turn = setInterval(() => {
    before = read()
    histogram.reset()
    const late = lateness(before.max, performance.now())
    if (late) onLate?.(late)
  }, windowMs)
  turn.unref()
  return {
    delay() {
      const now = read()
      return {
        mean: Math.max(now.mean, before.mean),
        p99: Math.max(now.p99, before.p99),
        max: Math.max(now.max, before.max),
      }
    },
    stop() {
      clearInterval(turn)
      histogram.disable()
    },
  }
}

/** The histogram has the time between two looks in nanoseconds: what is beyond the pause is the delay. */
function delayOf(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs)
}
