// Where a member begins to read what it was given.
import { committedOffsets } from '../admin/coordinator.ts'
import type { Cluster } from '../cluster.ts'
import { type Moment, listOffsets } from '../read/list-offsets.ts'
import type { ConsumeOptions, Offsets, StartFrom, TopicPartitions } from './port.ts'
import { type Slot, offsetsOf, slotKey } from './slots.ts'

/** Where the group has committed; elsewhere where the options say. */
export async function startOffsets(
  cluster: Cluster,
  { group, startFrom }: Pick<ConsumeOptions, 'group' | 'startFrom'>,
  partitions: TopicPartitions,
): Promise<Offsets> {
  const committed = await committedOffsets(cluster, group)
  const known = new Map(committed.map((one) => [slotKey(one.topic, one.partition), one.committed]))
  const found: (Slot & { offset: number })[] = []
  for (const [topic, all] of partitions) {
    const fresh = all.filter((partition) => !known.has(slotKey(topic, partition)))
    const elsewhere =
      fresh.length > 0
        ? await firstOffsets(cluster, topic, fresh, startOf(startFrom, topic))
        : new Map<number, number>()
    for (const partition of all)
      found.push({ topic, partition, offset: known.get(slotKey(topic, partition)) ?? elsewhere.get(partition) ?? 0 })
  }
  return offsetsOf(found)
}

/** Where a topic is read from that the group has no offset of. */
export function startOf(startFrom: ConsumeOptions['startFrom'], topic: string): StartFrom {
  return typeof startFrom === 'object' ? (startFrom.get(topic) ?? 'earliest') : startFrom
}

/** Of each of the partitions. */
export async function offsetsAt(cluster: Cluster, partitions: TopicPartitions, at: StartFrom): Promise<Offsets> {
  const found: (Slot & { offset: number })[] = []
  for (const [topic, all] of partitions)
    for (const [partition, offset] of await firstOffsets(cluster, topic, all, at))
      found.push({ topic, partition, offset })
  return offsetsOf(found)
}

async function firstOffsets(
  cluster: Cluster,
  topic: string,
  partitions: readonly number[],
  startFrom: StartFrom,
): Promise<ReadonlyMap<number, number>> {
  const ask = (all: readonly number[], at: Moment): Promise<Map<number, number>> =>
    listOffsets(cluster, { topic, partitions: all, at, readCommitted: true })
  if (startFrom === 'earliest') return ask(partitions, 'start')
  if (startFrom === 'latest') return ask(partitions, 'end')
  const found = await ask(partitions, { timestamp: startFrom })
  // nothing is that young yet: what comes next is
  const none = [...found].filter(([, offset]) => offset < 0).map(([partition]) => partition)
  return none.length === 0 ? found : new Map([...found, ...(await ask(none, 'end'))])
}
