// Time as an argument: tests turn the clock by hand.

export interface Clock {
  /** milliseconds from any start; never goes back: for how long something takes */
  now(): number
  /** milliseconds since 1970: for what is written down, and compared by others */
  epoch(): number
  /** Calls `then` once, after the time; what it returns calls that off. */
  after(ms: number, then: () => void): () => void
}

/** longest that a timer of Node can wait */
const longestMs = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, Math.min(ms, longestMs))
    return () => clearTimeout(timer)
  },
}

/** Resolves after the time, or as soon as the signal aborts. */
export function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      callOff()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const callOff = clock.after(ms, end)
    signal.addEventListener('abort', end)
  })
}

/** How work ended that had a deadline. */
export type Ended<T> =
  | { readonly as: 'done'; readonly value: T }
  | { readonly as: 'failed'; readonly thrown: unknown }
  | { readonly as: 'late' }

/**
 * Does work with a deadline. Its signal aborts when the time is up or `stop` aborts; whoever does not listen to it is left behind,
 * and what becomes of it is not looked at any more. Never throws.
 */
export function endWithin<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => T | Promise<T>,
  stop?: AbortSignal,
): Promise<Ended<T>> {
  const aborter = new AbortController()
  return new Promise((resolve) => {
    const end = (ended: Ended<T>): void => {
      callOff()
      stop?.removeEventListener('abort', late)
      resolve(ended)
      if (ended.as === 'late') aborter.abort()
    }
    const late = (): void => end({ as: 'late' })
    const callOff = clock.after(ms, late)
    stop?.addEventListener('abort', late)
    if (stop?.aborted === true) return late()
    Promise.resolve()
      .then(() => work(aborter.signal))
      .then(
        (value) => end({ as: 'done', value }),
        (thrown: unknown) => end({ as: 'failed', thrown }),
      )
  })
}
