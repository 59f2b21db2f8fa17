// Every wait has a deadline and says what it was waiting for when it passes.
import { setTimeout as sleep } from 'node:timers/promises'

export interface WaitOptions {
  /** how long to wait at most, in milliseconds */
  readonly timeoutMs: number
  /** pause between two looks, in milliseconds */
  readonly everyMs?: number
  /** each pause is half as long again as the one before, up to a second: for looks that cost others something */
  readonly isSlowing?: boolean
  readonly signal?: AbortSignal
}

const slowestMs = 1000

/**
 * Looks again and again until `look` returns something other than undefined.
 * Returns undefined when the time is up; throws what `look` throws, or the abort reason of the signal.
 */
export async function waitFor<T>(look: () => Promise<T | undefined>, options: WaitOptions): Promise<T | undefined> {
  const end = performance.now() + options.timeoutMs
  for (let pause = options.everyMs ?? 100; ; pause = options.isSlowing ? Math.min(pause * 1.5, slowestMs) : pause) {
    options.signal?.throwIfAborted()
    const seen = await look()
    if (seen !== undefined) return seen
    const left = end - performance.now()
    if (left <= 0) return undefined
    // the timer's own AbortError would hide the reason, which is thrown above
    await sleep(Math.min(pause, left), undefined, options.signal && { signal: options.signal }).catch(() => undefined)
  }
}
