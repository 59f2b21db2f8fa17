// Time as the broker sees it: given from outside, so that tests run years in a moment.

export interface Timer {
  cancel(): void
}

export interface Clock {
  /** milliseconds since 1970 */
  now(): number
  /** Calls `work` once after so many milliseconds. A timer never keeps the process alive. */
  after(ms: number, work: () => void): Timer
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, Math.min(ms, 2 ** 31 - 1))
    timer.unref()
    return { cancel: () => clearTimeout(timer) }
  },
}
