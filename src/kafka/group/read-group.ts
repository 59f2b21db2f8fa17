// Reads a topic as a member of a consumer group: the partitions that the member is given, from where the group has committed.
import type { ClusterSettings } from '../../core/connection-settings.ts'
import { committedOffsets } from '../admin/coordinator.ts'
import type { Cluster } from '../cluster.ts'
import { listOffsets } from '../read/list-offsets.ts'
import { type Fetched, readTopic } from '../read/read-topic.ts'
import { type Assignment, type Membership, joinGroup } from './membership.ts'

export interface ReadGroupOptions {
  readonly group: string
  readonly topic: string
  /** where a group without a committed offset begins */
  readonly fromStart: boolean
  readonly readCommitted: boolean
  readonly signal: AbortSignal
  /** where the partitions end for this run; none given: follow for ever */
  readonly ends?: ReadonlyMap<number, number>
  /** told when a broker is lost or records are gone; reading goes on */
  readonly onTrouble: (message: string) => void
}

/**
 * Handles what a fetch brought of one partition. Returns the offset to go on from another time when it took a part and wants no more,
 * else undefined.
 */
export type TakeFetched = (fetched: Fetched) => Promise<number | undefined>

/**
 * Reads until the ends are reached, `take` has enough, or the signal aborts. What was taken is committed before more is read;
 * what another member is given before that could be done, that one reads again.
 */
export async function readGroup(
  cluster: Cluster,
  settings: ClusterSettings,
  options: ReadGroupOptions,
  take: TakeFetched,
): Promise<void> {
  const membership = await joinGroup(settings, options)
  const reading: Reading = { cluster, options, take, membership, positions: new Map(), isEnough: false }
  try {
    for (let isDone = false; !isDone;) {
      const assignment = await membership.assignment()
      if (!assignment) return
      isDone = await readAssigned(assignment, reading)
    }
  } finally {
    await membership.leave()
  }
}

interface Reading {
  readonly cluster: Cluster
  readonly options: ReadGroupOptions
  readonly take: TakeFetched
  readonly membership: Membership
  /** the next offset of the partitions that this member has, from one assignment to the next */
  positions: Map<number, number>
  isEnough: boolean
}

/** Reads what is assigned until that is over. Returns whether all is done. */
async function readAssigned(assignment: Assignment, reading: Reading): Promise<boolean> {
  const { cluster, options } = reading
  const kept = new Map([...reading.positions].filter(([partition]) => assignment.partitions.includes(partition)))
  // what was taken and could not be committed in the last turn
  if (kept.size > 0 && !(await reading.membership.commit(assignment, kept))) return false
  if (reading.isEnough) return true
  reading.positions = await findPositions(assignment, kept, reading)
  const ranges = [...reading.positions].map(([partition, from]) => {
    const until = options.ends?.get(partition)
    return [partition, until === undefined ? { from } : { from, until }] as const
  })
  const { topic, readCommitted, onTrouble } = options
  const signal = AbortSignal.any([assignment.over, options.signal])
  for await (const arrived of readTopic(cluster, {
    topic,
    ranges: new Map(ranges),
    readCommitted,
    onTrouble,
    signal,
  })) {
    const isCommitted = await takeAll(arrived, assignment, reading)
    if (!isCommitted) return false
    if (reading.isEnough) return true
  }
  if (options.ends && !signal.aborted) return true
  await untilAborted(signal)
  return false
}

async function takeAll(arrived: readonly Fetched[], assignment: Assignment, reading: Reading): Promise<boolean> {
  const taken = new Map<number, number>()
  for (const fetched of arrived) {
    if (reading.isEnough) break
    const stoppedAt = await reading.take(fetched)
    reading.isEnough = stoppedAt !== undefined
    taken.set(fetched.partition, stoppedAt ?? Math.min(fetched.next, fetched.until))
  }
  for (const [partition, next] of taken) reading.positions.set(partition, next)
  return reading.membership.commit(assignment, taken)
}

/** Where to read on: where this member is, else where the group has committed, else at the start or the end. */
async function findPositions(
  { partitions }: Assignment,
  kept: ReadonlyMap<number, number>,
  { cluster, options }: Reading,
): Promise<Map<number, number>> {
  const { group, topic, fromStart, readCommitted } = options
  const positions = new Map(kept)
  const committed = (await committedOffsets(cluster, group)).filter((offset) => offset.topic === topic)
  for (const offset of committed)
    if (partitions.includes(offset.partition) && !kept.has(offset.partition))
      positions.set(offset.partition, offset.committed)
  const fresh = partitions.filter((partition) => !positions.has(partition))
  if (fresh.length === 0) return positions
  const query = { topic, partitions: fresh, readCommitted, at: fromStart ? 'start' : 'end' } as const
  for (const [partition, offset] of await listOffsets(cluster, query)) positions.set(partition, offset)
  return positions
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
