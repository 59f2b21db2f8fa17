// The ends of partitions that are paused: nothing is fetched of them, so that no fetch tells how far they have grown.
import { groupBy } from '../../core/group-by.ts'
import type { Cluster } from '../cluster.ts'
import { pauseFor } from '../group/change.ts'
import { listOffsets } from '../read/list-offsets.ts'
import type { Reading } from './readings.ts'

const everyMs = 3000

/** The later one of what was asked while it was paused, and what the last fetch told. */
export function endOf({ isPaused, end }: Reading, fetched: number | undefined): number | undefined {
  return isPaused && end !== undefined ? Math.max(end, fetched ?? 0) : fetched
}

/** Asks for them every few seconds, until the signal aborts. A cluster that does not answer is asked again: who reads tells of it. */
export async function watchPausedEnds(
  cluster: Cluster,
  readings: () => readonly Reading[],
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await pauseFor(everyMs, signal)
    if (signal.aborted) return
    const paused = readings().filter(({ isPaused, isRead }) => isPaused && isRead)
    for (const [topic, some] of groupBy(paused, (reading) => reading.topic)) {
      const query = {
        topic,
        partitions: some.map(({ partition }) => partition),
        at: 'end',
        readCommitted: true,
      } as const
      const ends = await listOffsets(cluster, query).catch(() => new Map<number, number>())
      for (const reading of some) reading.end = ends.get(reading.partition) ?? reading.end
    }
  }
}
