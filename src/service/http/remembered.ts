// What was asked for under an `Idempotency-Key` is done once, as long as the key is among the last ones.
import { ProblemError } from './problem.ts'

interface Entry<T> {
  readonly fingerprint: string
  readonly answer: Promise<T>
}

export interface Remembered<T> {
  /**
   * The answer that the name has already, also one that is under way, else that of `work`; one that fails is forgotten.
   * Throws a ProblemError (422) where the name was used for something else.
   */
  once(name: string, fingerprint: string, work: () => Promise<T>): Promise<T>
}

/** Keeps the last `most` answers. */
export function createRemembered<T>(most: number): Remembered<T> {
  const entries = new Map<string, Entry<T>>()
  return {
    once: (name, fingerprint, work) => {
      const known = entries.get(name)
      if (known && known.fingerprint !== fingerprint)
        return Promise.reject(
          new ProblemError({
            status: 422,
            title: 'Unprocessable Content',
            detail: 'the Idempotency-Key was used for another event',
          }),
        )
      if (known) return known.answer
      const entry: Entry<T> = { fingerprint, answer: work() }
      entries.set(name, entry)
      entry.answer.catch(() => entries.get(name) === entry && entries.delete(name))
      for (const [oldest] of entries) {
        if (entries.size <= most) break
        entries.delete(oldest)
      }
      return entry.answer
    },
  }
}
