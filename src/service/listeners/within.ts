import type { Clock } from './clock.ts'

/** Resolves with true when the work has ended, with false when the time is over; the signal aborts then. */
export async function within(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<boolean> {
  const late = new AbortController()
  const inTime = new AbortController()
  const isInTime = await Promise.race([
    work(late.signal).then(() => true),
    clock.wait(ms, inTime.signal).then(() => false),
  ])
  if (isInTime) inTime.abort()
  else late.abort()
  return isInTime
}
