// Every record of a topic that is there now.
import { inRecords } from '../../src/kafka/driver/in-records.ts'
import type { InRecord } from '../../src/kafka/driver/port.ts'
import { listOffsets } from '../../src/kafka/read/list-offsets.ts'
import { readTopic } from '../../src/kafka/read/read-topic.ts'
import { withCluster } from '../../test/support/records.ts'

const partitions = [0, 1, 2]

export function eachRecord(bootstrap: string, topic: string, each: (record: InRecord) => void): Promise<void> {
  return withCluster(bootstrap, async (cluster) => {
    const ends = await listOffsets(cluster, { topic, partitions, at: 'end', readCommitted: false })
    const ranges = new Map(partitions.map((partition) => [partition, { from: 0, until: ends.get(partition)! }]))
    for await (const arrived of readTopic(cluster, { topic, ranges, readCommitted: false, onTrouble: () => undefined }))
      for (const { partition, from, batches } of arrived)
        for (const record of inRecords({ topic, partition, from, batches } as never)) each(record)
  })
}
