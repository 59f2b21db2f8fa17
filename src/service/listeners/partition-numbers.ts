// A partition in numbers, for health and metrics.
import type { PartitionWork } from './partition-work.ts'
import type { PartitionNumbers } from './words.ts'

/** What the consumer knows: the end of the partition, and where it is read on from. */
export interface Around {
  readonly now: number
  readonly end: number | undefined
  readonly position: number | undefined
}

export function numbersOf(part: PartitionWork, { now, end, position }: Around): PartitionNumbers {
  const { topic, partition, committed, isStalled, retries, deadLetters, inWork } = part
  const at = part.standsAt(position)
  return {
    topic,
    partition,
    committed,
    isStalled,
    retries,
    deadLetters,
    lag: end === undefined || at === undefined ? undefined : Math.max(0, end - at),
    waiting: part.outstanding - inWork.size,
    inWork: inWork.size,
    oldestInWork: inWork.size === 0 ? undefined : now - Math.min(...inWork.values()),
    quiet: part.isPausedOnPurpose ? 0 : now - part.lastMove,
    pausedFor: [...part.holds],
    blockedBy: [...part.blockedBy.values()][0],
  }
}
