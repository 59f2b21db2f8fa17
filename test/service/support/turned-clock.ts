// Time that stands still until a test turns it.
import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../../src/service/listeners/clock.ts'

export class TurnedClock implements Clock {
  private time = 1_000_000
  private readonly waiting = new Set<{ readonly at: number; readonly wake: () => void }>()

  now(): number {
    return this.time
  }

  random(): number {
    return 0.5
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.waiting.delete(entry)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const entry = { at: this.time + ms, wake }
      if (signal.aborted) return resolve()
      this.waiting.add(entry)
      signal.addEventListener('abort', entry.wake, { once: true })
    })
  }

  /** Turns it on step by step, with time for what is woken. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms
    for (;;) {
      await settle()
      const next = [...this.waiting].sort((a, b) => a.at - b.at)[0]
      if (!next || next.at > end) break
      this.time = Math.max(this.time, next.at)
      next.wake()
    }
    this.time = end
    await settle()
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let n = 0; n < 10; n++) await turn()
}
