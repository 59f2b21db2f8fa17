// Waiting for what others do, with a deadline.
import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves after the time, or as soon as the signal aborts. */
export async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}

export interface Change {
  /** resolves when the next change is told, when the time is over, or when the signal aborts */
  readonly next: (timeoutMs: number, signal: AbortSignal) => Promise<void>
  readonly tell: () => void
}

export function newChange(): Change {
  let waiting: (() => void)[] = []
  return {
    next: async (timeoutMs, signal) => {
      const over = new AbortController()
      const told = new Promise<void>((resolve) => waiting.push(resolve))
      await Promise.race([told, pauseFor(timeoutMs, AbortSignal.any([signal, over.signal]))])
      over.abort()
    },
    tell: () => {
      const all = waiting
      waiting = []
      for (const resolve of all) resolve()
    },
  }
}
