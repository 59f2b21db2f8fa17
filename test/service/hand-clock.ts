// A clock that a test turns by hand.
import type { Clock } from '../../src/service/clock.ts'

export interface HandClock extends Clock {
  /** Turns the clock on; calls what is due, in its order, and lets its promises go on in between. */
  turn(ms: number): Promise<void>
}

/** Stands still at 0 until it is turned. */
export function handClock(): HandClock {
  let now = 0
  const timers = new Set<{ readonly at: number; then(): void }>()
  const dueBy = (end: number) => [...timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
  return {
    now: () => now,
    epoch: () => began + now,
    after(ms, then) {
      const timer = { at: now + ms, then }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async turn(ms) {
      const end = now + ms
      await settled()
      for (let timer = dueBy(end); timer !== undefined; timer = dueBy(end)) {
        timers.delete(timer)
        now = Math.max(now, timer.at)
        timer.then()
        await settled()
      }
      now = end
    },
  }
}

/** Any time that is no multiple of anything. */
const began = 1_700_000_000_123

/** What was resolved has been told to everybody, and what that has begun as well. */
export async function settled(): Promise<void> {
  for (let n = 0; n < 5; n++) await new Promise((resolve) => void setImmediate(resolve))
}
