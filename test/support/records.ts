// A few records in and out of a real cluster.
import { createTopics, awaitTopics } from '../../src/kafka/admin/topics.ts'
import { Cluster } from '../../src/kafka/cluster.ts'
import { readTopic } from '../../src/kafka/read/read-topic.ts'
import { listOffsets } from '../../src/kafka/read/list-offsets.ts'
import { Producer } from '../../src/kafka/write/producer.ts'
import { RecordCursor } from '../../src/protocol/records/cursor.ts'

export async function withCluster<T>(endpoint: string, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = await Cluster.connect({ bootstrap: endpoint.split(',') })
  try {
    return await work(cluster)
  } finally {
    cluster.close()
  }
}

/** Makes the topic if it is missing, and writes values to its one partition. */
export function writeValues(
  endpoint: string,
  topic: string,
  values: readonly string[],
  replication = 1,
): Promise<void> {
  return withCluster(endpoint, async (cluster) => {
    await createTopics(cluster, [{ name: topic, partitions: 1, replication, configs: [] }], false)
    await awaitTopics(cluster, [topic], 30_000)
    const producer = await Producer.open(cluster, topic)
    values.forEach((value, i) =>
      producer.add({ key: null, value: Buffer.from(value), headers: [], timestamp: Date.now() }, 0, i),
    )
    await producer.flush()
  })
}

/** All values of the partition that are there now, and the codecs of their batches by number. */
export function readStored(endpoint: string, topic: string): Promise<{ values: string[]; codecs: Set<number> }> {
  return withCluster(endpoint, async (cluster) => {
    const until = (await listOffsets(cluster, { topic, partitions: [0], at: 'end', readCommitted: false })).get(0)!
    const values: string[] = []
    const codecs = new Set<number>()
    const cursor = new RecordCursor()
    const options = {
      topic,
      ranges: new Map([[0, { from: 0, until }]]),
      readCommitted: false,
      onTrouble: () => undefined,
    }
    for await (const fetched of readTopic(cluster, options))
      for (const batch of fetched.flatMap(({ batches }) => batches)) {
        codecs.add(batch.codec)
        cursor.open(batch)
        while (cursor.next()) values.push(String(cursor.value()))
      }
    return { values, codecs }
  })
}

/** All values of the partition that are there now. */
export async function readValues(endpoint: string, topic: string): Promise<string[]> {
  return (await readStored(endpoint, topic)).values
}
