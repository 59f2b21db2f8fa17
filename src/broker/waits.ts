// Requests that wait for something to happen: an end of a long poll, of the connection, or of the broker.
import type { Clock } from './clock.ts'

export interface Waiting {
  /** ends the wait early; nothing happens when it has ended */
  readonly end: () => void
}

export interface Waits {
  /** Calls `onEnd` once: after `ms`, when the wait is ended early, or when the broker closes. */
  start(ms: number, onEnd: () => void): Waiting
  /** ends all waits; those that start later end at once */
  close(): void
  isClosed(): boolean
}

/** The waits of one broker. */
export function createWaits(clock: Clock): Waits {
  const open = new Set<() => void>()
  let isClosed = false
  return {
    start(ms, onEnd) {
      const end = (): void => {
        if (!open.delete(end)) return
        timer.cancel()
        onEnd()
      }
      open.add(end)
      const timer = clock.after(isClosed ? 0 : ms, end)
      return { end }
    },
    close() {
      isClosed = true
      for (const end of open) end()
    },
    isClosed: () => isClosed,
  }
}
