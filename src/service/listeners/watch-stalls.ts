// Tells of partitions that have work and do not go on: once, and once when they go on.
import { wait } from '../clock.ts'
import type { PartitionWork } from './partition-work.ts'
import type { ListenersOptions } from './words.ts'

export interface StallOptions extends Pick<ListenersOptions, 'clock' | 'tell'> {
  readonly stalledMs: number
}

/** Looks until the signal aborts. */
export async function watchStalls(
  parts: () => Iterable<PartitionWork>,
  { clock, tell, stalledMs }: StallOptions,
  over: AbortSignal,
): Promise<void> {
  for (;;) {
    await wait(clock, stalledMs / 4, over)
    if (over.aborted) return
    for (const part of parts()) {
      if (part.outstanding === 0 || part.isPausedOnPurpose) part.lastProgress = clock.now()
      const ms = clock.now() - part.lastProgress
      const isStalled = ms >= stalledMs
      if (isStalled === part.isStalled) continue
      part.isStalled = isStalled
      tell({ kind: isStalled ? 'stalled' : 'moving', topic: part.topic, partition: part.partition, ms })
    }
  }
}
