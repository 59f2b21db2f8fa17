// A seek: the work of a topic's partitions ends, and in its place begins one that reads on from elsewhere. Old work can commit nothing any
// more, and its watermark is gone with it: no commit goes behind the seek.
import type { ClusterSettings } from '../../core/connection-settings.ts'
import { EvplatError } from '../../core/errors.ts'
import type { KafkaDriver } from '../../kafka/driver/port.ts'
import type { PartitionWork } from './partition-work.ts'
import type { SeekTo, Sought } from './words.ts'

export interface SeekPort {
  readonly driver: KafkaDriver
  readonly settings: ClusterSettings
  /** the work of the topic's partitions that this member has and keeps */
  here(): readonly PartitionWork[]
  /** Resolves when nothing of them is in work any more, or was given up, and no commit of them is under way. */
  drain(parts: readonly PartitionWork[]): Promise<void>
  /** The new work of a partition; undefined where the partition has gone meanwhile. */
  beginAt(part: PartitionWork, offset: number): PartitionWork | undefined
  /** Resolves when what is to be committed is, or could not be. */
  commit(): Promise<void>
}

/**
 * Reads on from another place in the partitions that are here. Throws `usage` for a partition or an offset that there is not, and what
 * the cluster answers; then everything goes on as it was.
 */
export async function seekTopic(topic: string, to: SeekTo, port: SeekPort): Promise<Sought> {
  const asked = await askedPartitions(topic, to, port)
  const here = (): PartitionWork[] => port.here().filter(({ partition }) => asked.includes(partition))
  const offsets = await offsetsOf(topic, to, { held: here().map(({ partition }) => partition), port })
  const held = here().filter(({ partition }) => offsets.has(partition))
  for (const part of held) part.hold('seek')
  await port.drain(held)
  const moved = held.flatMap((part) => {
    const offset = offsets.get(part.partition)
    const begun = offset === undefined ? undefined : port.beginAt(part, offset)
    return begun && offset !== undefined ? [{ begun, offset }] : []
  })
  if (moved.length > 0) await port.commit()
  const partitions = moved.map(({ begun: { partition, committed }, offset }) => {
    return { partition, offset, isCommitted: committed !== undefined }
  })
  const elsewhere = asked.filter((partition) => !partitions.some((each) => each.partition === partition))
  return { partitions: partitions.toSorted((a, b) => a.partition - b.partition), elsewhere }
}

async function askedPartitions(topic: string, to: SeekTo, { driver, settings }: SeekPort): Promise<readonly number[]> {
  const count = await driver.partitionCount(settings, topic)
  const { partition } = to
  if (partition === undefined) return Array.from({ length: count }, (_, n) => n)
  if (partition < count) return [partition]
  throw new EvplatError('usage', `topic "${topic}" has no partition ${partition}: it has ${count}`)
}

interface Held {
  readonly held: readonly number[]
  readonly port: SeekPort
}

async function offsetsOf(topic: string, to: SeekTo, { held, port }: Held): Promise<ReadonlyMap<number, number>> {
  const ask = async (at: 'earliest' | 'latest' | number): Promise<ReadonlyMap<number, number>> =>
    (await port.driver.offsetsAt(port.settings, new Map([[topic, held]]), at)).get(topic) ?? new Map<number, number>()
  if (held.length === 0) return new Map()
  if ('to' in to) return ask(to.to)
  const { partition, offset } = to
  const [first = 0, end = 0] = [(await ask('earliest')).get(partition), (await ask('latest')).get(partition)]
  if (offset >= first && offset <= end) return new Map([[partition, offset]])
  throw new EvplatError(
    'usage',
    `partition ${partition} of "${topic}" has offsets from ${first} to ${end}, not ${offset}`,
  )
}
