// A driver of the member and the fetcher of src/kafka, as thin as it gets: what listeners are tried with against a whole broker.
import { Cluster } from '../../../src/kafka/cluster.ts'
import { committedOffsets } from '../../../src/kafka/admin/coordinator.ts'
import { GroupMember } from '../../../src/kafka/group/member.ts'
import { Fetcher } from '../../../src/kafka/read/fetcher.ts'
import { listOffsets } from '../../../src/kafka/read/list-offsets.ts'
import { Producer } from '../../../src/kafka/write/producer.ts'
import { RecordCursor } from '../../../src/protocol/records/cursor.ts'
import type { Batch } from '../../../src/protocol/records/batch.ts'
import type {
  ConsumeOptions,
  ConsumerSink,
  DriverConsumer,
  DriverProducer,
  InRecord,
  TopicPartitions,
} from '../../../src/kafka/driver/port.ts'

function recordsIn(batches: readonly Batch[], from: number, place: { topic: string; partition: number }): InRecord[] {
  const cursor = new RecordCursor()
  const all: InRecord[] = []
  for (const batch of batches) {
    cursor.open(batch)
    while (cursor.next())
      if (cursor.offset >= from) {
        const { offset, timestamp } = cursor
        all.push({ ...place, offset, timestamp, key: cursor.key(), value: cursor.value(), headers: cursor.headers() })
      }
  }
  return all
}

export async function wireConsumer(
  bootstrap: string,
  { group, topics }: ConsumeOptions,
  sink: ConsumerSink,
): Promise<DriverConsumer> {
  const settings = { bootstrap: [bootstrap] }
  const cluster = await Cluster.connect(settings)
  const fetcher = new Fetcher(
    cluster,
    { readCommitted: true },
    {
      arrived: ({ batches, from, topic, partition }) => sink.records(recordsIn(batches, from, { topic, partition })),
      trouble: sink.trouble,
      failed: (error) => sink.trouble(String(error)),
    },
  )
  const each = (partitions: TopicPartitions, act: (topic: string, partition: number) => void): void => {
    for (const [topic, numbers] of partitions) for (const number of numbers) act(topic, number)
  }
  const owned = new Set<string>()
  const paused = new Set<string>()
  const begin = async (partitions: TopicPartitions): Promise<void> => {
    const committed = await committedOffsets(cluster, group)
    for (const [topic, numbers] of partitions) {
      const starts = await listOffsets(cluster, { topic, partitions: numbers, at: 'start', readCommitted: true })
      for (const partition of numbers) {
        const known = committed.find((each) => each.topic === topic && each.partition === partition)
        if (!owned.has(`${topic}-${partition}`)) continue
        await fetcher.read(topic, partition, known?.committed ?? starts.get(partition)!)
        if (paused.has(`${topic}-${partition}`)) fetcher.pause(topic, partition)
      }
    }
  }
  const end = (topic: string, partition: number): void => {
    owned.delete(`${topic}-${partition}`)
    fetcher.stop(topic, partition)
  }
  const timing = { heartbeatMs: 100, sessionMs: 6000, rebalanceMs: 20_000 }
  const member = await GroupMember.join(
    settings,
    { group, topics, ...timing },
    {
      assigned: (partitions) => {
        each(partitions, (topic, partition) => owned.add(`${topic}-${partition}`))
        sink.assigned(partitions)
        begin(partitions).catch((error: unknown) => sink.trouble(String(error)))
      },
      revoked: async (partitions) => {
        each(partitions, end)
        await sink.revoked(partitions)
      },
      lost: (partitions) => {
        each(partitions, end)
        sink.lost(partitions)
      },
      trouble: sink.trouble,
    },
  )
  return {
    ended: member.ended,
    pause: (partitions) =>
      each(partitions, (topic, partition) => {
        paused.add(`${topic}-${partition}`)
        fetcher.pause(topic, partition)
      }),
    resume: (partitions) =>
      each(partitions, (topic, partition) => {
        paused.delete(`${topic}-${partition}`)
        fetcher.resume(topic, partition)
      }),
    seek: () => {},
    commit: (offsets, signal) => member.commit(offsets, signal),
    ends: () => new Map(),
    stop: async () => {
      await member.leave()
      await fetcher.close()
      cluster.close()
    },
  }
}

export async function wireProducer(bootstrap: string): Promise<DriverProducer & { close(): Promise<void> }> {
  const cluster = await Cluster.connect({ bootstrap: [bootstrap] })
  const topics = new Map<string, Promise<Producer>>()
  return {
    pendingBytes: 0,
    send: async ({ topic, key, value, headers }) => {
      if (!topics.has(topic)) topics.set(topic, Producer.open(cluster, topic))
      const producer = await topics.get(topic)!
      const partition = producer.partitionFor(key)
      producer.add({ key, value, headers, timestamp: Date.now() }, partition, 0)
      await producer.flush()
      return { topic, partition, offset: -1, timestamp: 0 }
    },
    close: async () => {
      cluster.close()
      await Promise.resolve()
    },
  }
}
