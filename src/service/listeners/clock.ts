// Time as listeners need it, passed in so that tests can turn it.
import { setTimeout as sleep } from 'node:timers/promises'

export interface Clock {
  /** milliseconds since 1970 */
  now(): number
  /** Resolves after the time, or at once when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
  /** 0 to 1 */
  random(): number
}

/** longest that a timer of Node can wait */
const longestMs = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  wait: async (ms, signal) => {
    try {
      await sleep(Math.min(ms, longestMs), undefined, { signal })
    } catch (error) {
      if (!signal.aborted) throw error
    }
  },
  random: () => Math.random(),
}
