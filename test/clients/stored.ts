// What the broker holds, read by evplat's own client.
import { committedOffsets } from '../../src/kafka/admin/coordinator.ts'
import { listOffsets } from '../../src/kafka/read/list-offsets.ts'
import { readTopic } from '../../src/kafka/read/read-topic.ts'
import { RecordCursor } from '../../src/protocol/records/cursor.ts'
import { withCluster } from '../support/records.ts'
import { type CodecName, codecNames } from './exercise.ts'

/** All values of the topic's one partition, and the codecs of its batches. */
export function storedIn(bootstrap: string, topic: string): Promise<{ values: string[]; codecs: CodecName[] }> {
  return withCluster(bootstrap, async (cluster) => {
    const until = (await listOffsets(cluster, { topic, partitions: [0], at: 'end', readCommitted: false })).get(0)!
    const ranges = new Map([[0, { from: 0, until }]])
    const values: string[] = []
    const codecs = new Set<CodecName>()
    const cursor = new RecordCursor()
    for await (const fetched of readTopic(cluster, { topic, ranges, readCommitted: false, onTrouble: () => undefined }))
      for (const batch of fetched.flatMap(({ batches }) => batches)) {
        codecs.add(codecNames[batch.codec]!)
        cursor.open(batch)
        while (cursor.next()) values.push(String(cursor.value()))
      }
    return { values, codecs: [...codecs] }
  })
}

/** The committed offsets of a group on "work", by partition. */
export function committedOffsetsOf(bootstrap: string, group: string): Promise<number[]> {
  return withCluster(bootstrap, async (cluster) => {
    const committed = await committedOffsets(cluster, group)
    const sorted = committed.toSorted((a, b) => a.partition - b.partition)
    return sorted.map(({ committed }) => Number(committed))
  })
}
