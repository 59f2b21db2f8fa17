// Time that passes only when a test says so.
import type { Clock, Timer } from '../../src/broker/clock.ts'

interface Due {
  readonly at: number
  readonly work: () => void
}

export class VirtualClock implements Clock {
  private time: number
  private readonly timers = new Set<Due>()

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.time = start
  }

  now(): number {
    return this.time
  }

  after(ms: number, work: () => void): Timer {
    const due = { at: this.time + Math.max(0, ms), work }
    this.timers.add(due)
    return { cancel: () => this.timers.delete(due) }
  }

  /** timers that are set and have not fired */
  get running(): number {
    return this.timers.size
  }

  /** Lets so many ms pass; timers fire in the order of their times, those of one moment in the order in which they were set. */
  advance(ms: number): void {
    const end = this.time + ms
    for (;;) {
      const next = [...this.timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
      if (!next) break
      this.timers.delete(next)
      this.time = Math.max(this.time, next.at)
      next.work()
    }
    this.time = end
  }
}
