// A fetch that waits for enough bytes. It hears of each partition that moves and counts what came there, so that it reads nothing
// before there is enough, and looks at no partition in which nothing happens (what Kafka's DelayedFetch asks of all of them each time).
import type { Broker } from '../broker.ts'
import type { Call } from '../handler.ts'
import type { Fetched, PartitionRead } from './fetch-partition.ts'

/** A partition, and what it gave when the wait began. */
export interface Waited {
  readonly read: PartitionRead
  readonly fetched: Fetched
}

/**
 * Resolves when all together have `minBytes`, when one has to tell something else, after `ms`, or when the connection or the broker
 * ends; with the partitions in which something happened meanwhile.
 */
export async function enoughOf(
  partitions: readonly Waited[],
  [minBytes, ms]: readonly [minBytes: number, ms: number],
  { waits }: Broker,
  call: Call,
): Promise<ReadonlySet<PartitionRead>> {
  const moved = new Set<PartitionRead>()
  const undo: (() => void)[] = []
  await new Promise<void>((resolve) => {
    const waiting = waits.start(ms, resolve)
    let missing = partitions.reduce((rest, { fetched }) => rest - fetched.counted, minBytes)
    const hear = (read: PartitionRead, came: number): void => {
      moved.add(read)
      missing -= came
      if (missing <= 0 || read.mustTell()) waiting.end()
    }
    for (const waited of partitions) undo.push(watch(waited, hear))
    undo.push(call.onGone(waiting.end))
  })
  // only here, so that what moves in the same step counts: partitions of a topic go one by one
  for (const take of undo) take()
  return moved
}

/** Tells of each move how many bytes came by it, within what the reader takes of the partition. */
function watch({ read, fetched }: Waited, hear: (read: PartitionRead, came: number) => void): () => void {
  const { log, mostBytes } = read
  if (!log) return () => undefined
  const before = log.visibleBytes
  let counted = fetched.counted
  return log.onMove(() => {
    const now = Math.max(counted, Math.min(mostBytes, fetched.counted + log.visibleBytes - before))
    const came = now - counted
    counted = now
    hear(read, came)
  })
}
