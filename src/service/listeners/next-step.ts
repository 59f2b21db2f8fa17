// What follows a failed attempt: a value, from what platform.yaml declares.
import type { DeclaredService } from '../definition.ts'

export type Failures = NonNullable<DeclaredService['failures']>

export type NextStep =
  | { readonly kind: 'again'; readonly afterMs: number }
  | { readonly kind: 'retry-topic'; readonly delayMs: number }
  | { readonly kind: 'dlt' | 'skip' | 'stop' }

export interface Failed {
  /** 1 for the first */
  readonly attempt: number
  /** undecodable, or an error that another attempt will not mend */
  readonly isFinal: boolean
  readonly failures: Failures | undefined
  /** 0 to 1 */
  readonly random: number
}

const firstBackoffMs = 200
const longestBackoffMs = 30_000

/** Doubles with each attempt; half of it is chance, so that members that failed together do not come back together. */
export function backoffMs(attempt: number, random: number): number {
  const whole = Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(attempt - 1, 20))
  return Math.round(whole / 2 + (whole / 2) * random)
}

/**
 * Attempts count over all topics. The delays follow one another, the last one as often as attempts are left. Without delays, attempts are
 * made in place; without failures, without end: nothing is ever left out that nobody has decided to leave out.
 */
export function nextStep({ attempt, isFinal, failures, random }: Failed): NextStep {
  if (!failures) return { kind: 'again', afterMs: backoffMs(attempt, random) }
  if (isFinal || attempt >= failures.attempts) return { kind: failures.then }
  const delayMs = failures.retryMs[Math.min(attempt, failures.retryMs.length) - 1]
  if (delayMs === undefined) return { kind: 'again', afterMs: backoffMs(attempt, random) }
  return { kind: 'retry-topic', delayMs }
}
