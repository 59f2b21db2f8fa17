const most = 100
const latest: Consumed[] = []

export interface Consumed {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: string
  readonly id: string
  readonly key: unknown
  readonly event: unknown
}

/** Keeps an event in memory; the oldest makes place. */
export function remember(consumed: Consumed): void {
  latest.unshift(consumed)
  if (latest.length > most) latest.pop()
}

/** The latest 100 events, newest first. */
export function latestConsumed(): readonly Consumed[] {
  return latest
}
