// Short ways to write the requests of the data plane, and the batches in them.
import type { RequestOf } from '../../src/protocol/api.ts'
import { fetch } from '../../src/protocol/messages/fetch.ts'
import { listOffsets } from '../../src/protocol/messages/list-offsets.ts'
import { metadata } from '../../src/protocol/messages/metadata.ts'
import { produce } from '../../src/protocol/messages/produce.ts'
import { seal } from '../../src/protocol/records/seal.ts'
import { batchOf, recordTime, type TestRecord } from '../support/log-fixture.ts'
import { type Seen, type Step, type StepOptions, send } from './scenario.ts'

/** Kafka and ours alike take records of this time: limits of time are not set where it is used */
export const someTime = recordTime

/** Records with these values, `ms` apart. */
export function valued(values: readonly string[], ms = 1000): TestRecord[] {
  return values.map((value, i) => ({ value, timestamp: someTime + i * ms }))
}

/** A batch whose header was changed, with its checksum right again. */
export function changed(change: (batch: Buffer) => void, batch = batchOf(valued(['a', 'b', 'c']))): Buffer {
  const own = Buffer.from(batch)
  change(own)
  return seal(own)
}

/** A batch of an idempotent producer with `count` records. */
export function numbered(producerId: bigint, [epoch, sequence]: readonly [number, number], count = 1): Buffer {
  const values = Array.from({ length: count }, (_, i) => `${sequence + i}`)
  return batchOf(valued(values), 0, { producerId, epoch, sequence })
}

type Sent = readonly [name: string, ...partitions: (readonly [partition: number, records: Buffer | null])[]]
interface ProduceOptions extends StepOptions {
  readonly version?: number
  readonly acks?: number
  readonly transactionalId?: string
}

/** Produce, at version 11 with acks=all where nothing else is said. */
export function put(
  topics: readonly Sent[],
  { version = 11, acks = -1, transactionalId, ...step }: ProduceOptions = {},
): Step {
  const topicData = topics.map(([name, ...partitions]) => ({
    name,
    partitionData: partitions.map(([index, records]) => ({ index, records })),
  }))
  return send(produce, version, { transactionalId: transactionalId ?? null, acks, timeoutMs: 5000, topicData }, step)
}

/** Produces one batch to partition 0 of the topic `orders`. */
export function putOne(records: Buffer | null, options: ProduceOptions = {}): Step {
  return put([['orders', [0, records]]], options)
}

type FetchRequest = RequestOf<typeof fetch>
type Partition = FetchRequest['topics'][number]['partitions'][number]
type Read = readonly [
  name: string,
  ...partitions: (readonly [partition: number, offset: bigint, more?: Partial<Partition>])[],
]
export interface FetchOptions extends StepOptions, Partial<Omit<FetchRequest, 'topics'>> {
  readonly version?: number
}

function partsOf({ as, on, parked }: StepOptions): StepOptions {
  return { ...(as !== undefined && { as }), ...(on !== undefined && { on }), ...(parked !== undefined && { parked }) }
}

/** Fetch, by names (up to version 12) or by ids of an earlier answer to Metadata 12 named `ids`; does not wait where nothing is said. */
export function get(topics: readonly Read[], { version = 12, as, on, parked, ...more }: FetchOptions = {}): Step {
  const partitionsOf = (partitions: readonly (readonly [number, bigint, Partial<Partition>?])[]) =>
    partitions.map(([partition, fetchOffset, options]) => ({
      partition,
      fetchOffset,
      partitionMaxBytes: 1_000_000,
      ...options,
    }))
  const body = (seen: Seen): FetchRequest => ({
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 10_000_000,
    ...more,
    topics: topics.map(([name, ...partitions]) => ({
      ...(version < 13 ? { topic: name } : { topicId: name.length === 22 ? name : idOf(seen, name) }),
      partitions: partitionsOf(partitions),
    })),
  })
  return send(fetch, version, body, partsOf({ as, on, parked } as StepOptions))
}

function idOf(seen: Seen, name: string): string {
  const topics = seen<{ name: string; topicId: string }[]>('ids', 'topics')
  return topics.find((topic) => topic.name === name)!.topicId
}

/** Learns the ids of topics, for `get` from version 13 on. */
export function learnIds(...names: readonly string[]): Step {
  const topics = names.map((name) => ({ name }))
  return send(metadata, 12, { topics, allowAutoTopicCreation: false }, { as: 'ids' })
}

type Placed = readonly [
  name: string,
  ...partitions: (readonly [partition: number, timestamp: bigint, epoch?: number])[],
]

/** ListOffsets; -1n and below are words */
export function offsets(
  version: number,
  topics: readonly Placed[],
  more: { replicaId?: number; isolationLevel?: number } = {},
): Step {
  return send(listOffsets, version, {
    replicaId: -1,
    ...more,
    topics: topics.map(([name, ...partitions]) => ({
      name,
      partitions: partitions.map(([partitionIndex, timestamp, currentLeaderEpoch = -1]) => ({
        partitionIndex,
        timestamp,
        currentLeaderEpoch,
      })),
    })),
  })
}
