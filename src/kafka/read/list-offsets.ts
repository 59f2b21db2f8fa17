// The offsets of partitions at a place in time: the start, the end, or the first record at or after a timestamp.
import { EvplatError } from '../../core/errors.ts'
import { groupBy } from '../../core/group-by.ts'
import { errorName } from '../../protocol/error-table.ts'
import { listOffsets as listOffsetsApi } from '../../protocol/messages/list-offsets.ts'
import type { Cluster } from '../cluster.ts'
import { passing, throughTakeover } from '../takeover.ts'
import { findLeaders } from '../topic-partitions.ts'

/** `end` is where the next record will be; with read_committed the first offset of the oldest open transaction. */
export type Moment = 'start' | 'end' | { readonly timestamp: number }

export interface OffsetQuery {
  readonly topic: string
  readonly partitions: readonly number[]
  readonly at: Moment
  readonly readCommitted: boolean
}

function timestampOf(at: Moment): bigint {
  return at === 'start' ? -2n : at === 'end' ? -1n : BigInt(at.timestamp)
}

/** Offsets by partition number; -1 where no record is at or after the timestamp. */
export async function listOffsets(cluster: Cluster, query: OffsetQuery): Promise<Map<number, number>> {
  const offsets = new Map<number, number>()
  await throughTakeover(cluster, async () => {
    const { leaders } = await findLeaders(cluster, query.topic)
    const pending = query.partitions.filter((p) => !offsets.has(p))
    const byLeader = groupBy(pending, (p) => leaders[p] ?? -1)
    const answers = await Promise.all(
      [...byLeader].map(([leader, partitions]) => ask(cluster, query, leader, partitions)),
    )
    for (const { partitionIndex, errorCode, offset } of answers.flat())
      if (errorCode === 0) offsets.set(partitionIndex, Number(offset))
    for (const { partitionIndex, errorCode } of answers.flat())
      if (errorCode !== 0) throw passing(errorCode, refused(query.topic, partitionIndex, errorCode))
  })
  return offsets
}

interface PartitionAnswer {
  readonly partitionIndex: number
  readonly errorCode: number
  readonly offset: bigint
}

async function ask(
  cluster: Cluster,
  query: OffsetQuery,
  leader: number,
  partitions: readonly number[],
): Promise<readonly PartitionAnswer[]> {
  const timestamp = timestampOf(query.at)
  const body = {
    replicaId: -1,
    isolationLevel: query.readCommitted ? 1 : 0,
    topics: [{ name: query.topic, partitions: partitions.map((partitionIndex) => ({ partitionIndex, timestamp })) }],
  }
  return (await cluster.send(listOffsetsApi, body, leader)).topics.flatMap((topic) => topic.partitions)
}

function refused(topic: string, partition: number, errorCode: number): EvplatError {
  const name = errorName(errorCode)
  const code = name.endsWith('AUTHORIZATION_FAILED') ? 'not-authorised' : 'broker-refused'
  return new EvplatError(code, `the offsets of partition ${partition} of topic "${topic}" can't be read`, {
    said: name,
  })
}
