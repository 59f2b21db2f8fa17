// How many records of which topic a service has handled, for tests that wait for it.
import { messageOf } from '../core/errors.ts'
import type { ListenerEvent } from '../service/listeners/words.ts'

export interface HandledCounts {
  tell(event: ListenerEvent): void
  /** Resolves when the service is done with so many records of the topic since it started: handled, or put aside. Throws after the time. */
  wait(topic: string, count: number, timeoutMs: number): Promise<void>
}

/** A record is no more work: what is put aside is done with, too. */
const over: ReadonlySet<string> = new Set(['handled', 'filtered', 'skipped'])

export function handledCounts(): HandledCounts {
  const counts = new Map<string, number>()
  const failures = new Map<string, unknown>()
  let changed: () => void = () => undefined
  let change = new Promise<void>((resolve) => (changed = resolve))
  return {
    tell(event) {
      if (event.kind === 'failed') failures.set(event.topic, event.error)
      const isOver = event.kind === 'moved' ? event.isDeadLetter : over.has(event.kind)
      if (!isOver || !('topic' in event)) return
      counts.set(event.topic, (counts.get(event.topic) ?? 0) + 1)
      changed()
      change = new Promise((resolve) => (changed = resolve))
    },
    async wait(topic, count, timeoutMs) {
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        changed()
      }, timeoutMs)
      try {
        while ((counts.get(topic) ?? 0) < count) {
          if (isLate) throw late(topic, count, counts.get(topic) ?? 0, failures.get(topic))
          await change
        }
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

function late(topic: string, count: number, handled: number, cause: unknown): Error {
  const why = cause === undefined ? '' : `; the last failure: ${messageOf(cause)}`
  return new Error(`${handled} of ${count} records of "${topic}" were handled in time${why}`, { cause })
}
