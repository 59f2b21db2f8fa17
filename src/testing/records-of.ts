// All that stands in a topic.
import type { Cluster } from '../kafka/cluster.ts'
import { inRecords } from '../kafka/driver/in-records.ts'
import type { InRecord } from '../kafka/driver/port.ts'
import { readTopicShapes } from '../kafka/admin/topics.ts'
import { listOffsets } from '../kafka/read/list-offsets.ts'
import { readTopic } from '../kafka/read/read-topic.ts'

/** The records of a topic up to its present end, by time and then by place; none for a topic that there is not. */
export async function recordsOf(cluster: Cluster, topic: string): Promise<InRecord[]> {
  const shape = (await readTopicShapes(cluster, [topic])).get(topic)
  if (!shape) return []
  const partitions = shape.partitions.map(({ id }) => id)
  const ends = await listOffsets(cluster, { topic, partitions, at: 'end', readCommitted: true })
  const ranges = new Map([...ends].map(([partition, until]) => [partition, { from: 0, until }]))
  const options = { topic, ranges, readCommitted: true, onTrouble: () => undefined }
  const records: InRecord[] = []
  for await (const fetched of readTopic(cluster, options))
    for (const part of fetched)
      for (const record of inRecords({ ...part, topic })) if (record.offset < part.until) records.push(record)
  return records.toSorted((a, b) => a.timestamp - b.timestamp || a.partition - b.partition || a.offset - b.offset)
}
