// The part of consume that reads as a member of a group; loaded for `--group` alone, because it brings kafkajs.
import type { ClusterSettings } from '../../core/connection-settings.ts'
import { EvplatError } from '../../core/errors.ts'
import { committedOffsets, coordinatorOf } from '../../kafka/admin/coordinator.ts'
import type { Cluster } from '../../kafka/cluster.ts'
import { readGroup } from '../../kafka/group/read-group.ts'
import { listOffsets } from '../../kafka/read/list-offsets.ts'
import { findLeaders } from '../../kafka/topic-partitions.ts'
import { type Consumed, type ConsumeOptions, Writing } from '../../stream/consume.ts'

export interface GroupRead {
  readonly settings: ClusterSettings
  readonly group: string
  readonly topic: string
  readonly input: { readonly from: string | undefined; readonly partition: readonly string[]; readonly exit: boolean }
  readonly signal: AbortSignal
  readonly onTrouble: (message: string) => void
}

/** Where the partitions end now, and whether there is anything before that the group has not read. */
async function pinEnds(
  cluster: Cluster,
  { group, topic, input }: GroupRead,
): Promise<{ ends: Map<number, number>; isPending: boolean }> {
  const { leaders } = await findLeaders(cluster, topic)
  const partitions = leaders.map((_, partition) => partition)
  const query = { topic, partitions, readCommitted: true }
  const ends = await listOffsets(cluster, { ...query, at: 'end' })
  const starts = await listOffsets(cluster, { ...query, at: 'start' })
  const committed = new Map(
    (await committedOffsets(cluster, group)).filter((c) => c.topic === topic).map((c) => [c.partition, c.committed]),
  )
  const first = input.from === 'end' ? ends : starts
  const isPending = [...ends].some(
    ([partition, end]) => Math.max(committed.get(partition) ?? first.get(partition)!, starts.get(partition)!) < end,
  )
  return { ends, isPending }
}

/** Reads with a group and commits what was written out. */
export async function consumeInGroup(cluster: Cluster, read: GroupRead, options: ConsumeOptions): Promise<Consumed> {
  const { input, settings, group, topic, signal } = read
  if (input.partition.length > 0)
    throw new EvplatError('usage', '--partition and --group do not go together', {
      hint: 'a group assigns partitions itself',
    })
  if (input.from !== undefined && input.from !== 'start' && input.from !== 'end')
    throw new EvplatError('usage', '--from takes start or end with --group', {
      hint: 'a group goes on where it has committed',
    })
  await coordinatorOf(cluster, group)
  const writing = new Writing(options)
  const pinned = input.exit ? await pinEnds(cluster, read) : undefined
  if (pinned?.isPending === false || options.limit === 0) return writing.consumed
  const reading = {
    group,
    topic,
    fromStart: input.from !== 'end',
    readCommitted: true,
    signal,
    onTrouble: read.onTrouble,
    ...(pinned && { ends: pinned.ends }),
  }
  await readGroup(cluster, settings, reading, async (fetched) => {
    const stoppedAt = await writing.writeBatches(fetched)
    await options.output.flush()
    return stoppedAt
  })
  return writing.consumed
}
