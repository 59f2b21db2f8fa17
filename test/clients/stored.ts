// What the broker holds, read by evplat's own client.
import { committedOffsets } from '../../src/kafka/admin/coordinator.ts'
import { readStored, withCluster } from '../support/records.ts'
import { type CodecName, codecNames } from './exercise.ts'

/** All values of the topic's one partition, and the codecs of its batches. */
export async function storedIn(bootstrap: string, topic: string): Promise<{ values: string[]; codecs: CodecName[] }> {
  const { values, codecs } = await readStored(bootstrap, topic)
  return { values, codecs: Array.from(codecs, (codec) => codecNames[codec]!) }
}

/** The committed offsets of a group on "work", by partition. */
export function committedOffsetsOf(bootstrap: string, group: string): Promise<number[]> {
  return withCluster(bootstrap, async (cluster) => {
    const committed = await committedOffsets(cluster, group)
    const sorted = committed.toSorted((a, b) => a.partition - b.partition)
    return sorted.map(({ committed }) => Number(committed))
  })
}
