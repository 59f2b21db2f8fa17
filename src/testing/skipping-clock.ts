// Time that a test can skip: what waits for it is due at once.
import { type Clock, systemClock } from '../service/clock.ts'

export interface SkippingClock extends Clock {
  /** It is so many milliseconds later from now on. */
  skip(ms: number): void
}

/** The clock of the machine, which can be put on. */
export function skippingClock(): SkippingClock {
  let skipped = 0
  const waiting = new Set<() => void>()
  const wakeAll = (): void => {
    for (const wake of Array.from(waiting)) wake()
  }
  const now = (): number => systemClock.now() + skipped
  const after = (ms: number, then: () => void): (() => void) => {
    const due = now() + ms
    let callOff: () => void = () => undefined
    const forget = (): void => {
      callOff()
      waiting.delete(look)
    }
    const look = (): void => {
      callOff()
      if (now() < due) {
        callOff = systemClock.after(due - now(), look)
        return
      }
      waiting.delete(look)
      then()
    }
    waiting.add(look)
    callOff = systemClock.after(ms, look)
    return forget
  }
  return {
    now,
    epoch: () => systemClock.epoch() + skipped,
    after,
    skip: (ms) => {
      skipped += ms
      wakeAll()
    },
  }
}
