// Topics as they are, and the requests that change them.
import { mapBounded, chunks } from '../../core/bounded.ts'
import { waitFor } from '../../core/deadline.ts'
import { EvplatError } from '../../core/errors.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import { errorName } from '../../protocol/error-table.ts'
import { createPartitions as createPartitionsApi } from '../../protocol/messages/create-partitions.ts'
import { createTopics as createTopicsApi } from '../../protocol/messages/create-topics.ts'
import { deleteTopics as deleteTopicsApi } from '../../protocol/messages/delete-topics.ts'
import type { metadata } from '../../protocol/messages/metadata.ts'
import type { Cluster } from '../cluster.ts'
import { passing, throughTakeover } from '../takeover.ts'
import { type ItemOutcome, sendItems } from './items.ts'

export interface TopicShape {
  readonly name: string
  readonly isInternal: boolean
  /** by partition number: the brokers that hold it, the leader (-1 for none) and those in sync */
  readonly partitions: readonly {
    readonly id: number
    readonly leader: number
    readonly replicas: readonly number[]
    readonly inSync: readonly number[]
  }[]
}

const requestTimeoutMs = 30_000

type Described = ResponseOf<typeof metadata>['topics'][number]

/** a name that no topic can have is that of none */
const notThere: ReadonlySet<string> = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION'])

function shapeOf(topic: Described): TopicShape {
  return {
    name: topic.name ?? '',
    isInternal: topic.isInternal,
    partitions: topic.partitions
      .map((p) => ({ id: p.partitionIndex, leader: p.leaderId, replicas: p.replicaNodes, inSync: p.isrNodes }))
      .toSorted((a, b) => a.id - b.id),
  }
}

/**
 * The named topics (all that one may see with null) that exist. A broker that can't tell yet is asked again for a while. Throws
 * `not-authorised` for a topic that may not be seen.
 */
export async function readTopicShapes(
  cluster: Cluster,
  names: readonly string[] | null,
): Promise<Map<string, TopicShape>> {
  if (names?.length === 0) return new Map()
  return throughTakeover(cluster, async () => shapesOf((await cluster.metadata(names)).topics))
}

/** Throws `Passing` where a topic is there, or not, in a moment. */
function shapesOf(topics: readonly Described[]): Map<string, TopicShape> {
  const shapes = new Map<string, TopicShape>()
  for (const topic of topics) {
    if (notThere.has(errorName(topic.errorCode))) continue
    if (topic.errorCode !== 0) throw passing(topic.errorCode, undescribed(topic))
    shapes.set(topic.name ?? '', shapeOf(topic))
  }
  return shapes
}

function undescribed({ name, errorCode }: Described): EvplatError {
  const code = errorName(errorCode)
  if (code === 'TOPIC_AUTHORIZATION_FAILED')
    return new EvplatError('not-authorised', `topic "${name}" may not be described by this user`, {
      hint: 'the user needs DESCRIBE on the topic',
      details: { code },
    })
  return new EvplatError('broker-refused', `topic "${name}" can't be described`, { said: code, details: { code } })
}

export interface NewTopic {
  readonly name: string
  readonly partitions: number
  readonly replication: number
  readonly configs: readonly (readonly [name: string, value: string])[]
}

/** Creates topics, or only asks whether they could be created (`validateOnly`, KIP-4). */
export function createTopics(
  cluster: Cluster,
  topics: readonly NewTopic[],
  validateOnly: boolean,
): Promise<ItemOutcome[]> {
  const send = async (batch: readonly NewTopic[]): Promise<ResponseOf<typeof createTopicsApi>['topics']> => {
    const body = {
      topics: batch.map(({ name, partitions, replication, configs }) => ({
        name,
        numPartitions: partitions,
        replicationFactor: replication,
        assignments: [],
        configs: configs.map(([key, value]) => ({ name: key, value })),
      })),
      timeoutMs: requestTimeoutMs,
      validateOnly,
    }
    return (await cluster.send(createTopicsApi, body, 'controller')).topics
  }
  return sendItems(cluster, topics, send, validateOnly ? undefined : 'TOPIC_ALREADY_EXISTS')
}

/** Raises partition counts, or only asks whether they could be raised (KIP-195). */
export function createPartitions(
  cluster: Cluster,
  topics: readonly { readonly name: string; readonly count: number }[],
  validateOnly: boolean,
): Promise<ItemOutcome[]> {
  const send = async (
    batch: readonly { readonly name: string; readonly count: number }[],
  ): Promise<ResponseOf<typeof createPartitionsApi>['results']> => {
    const body = {
      topics: batch.map(({ name, count }) => ({ name, count, assignments: null })),
      timeoutMs: requestTimeoutMs,
      validateOnly,
    }
    return (await cluster.send(createPartitionsApi, body, 'controller')).results
  }
  // what they have already is no increase
  return sendItems(cluster, topics, send, validateOnly ? undefined : 'INVALID_PARTITIONS')
}

/** Deletes topics and all their records. */
export function deleteTopics(cluster: Cluster, names: readonly string[]): Promise<ItemOutcome[]> {
  const items = names.map((name) => ({ name }))
  const send = async (
    batch: readonly { readonly name: string }[],
  ): Promise<{ name: string; errorCode: number; errorMessage: string | null }[]> => {
    const body = { topics: batch, timeoutMs: requestTimeoutMs }
    const { responses } = await cluster.send(deleteTopicsApi, body, 'controller')
    return responses.map((r) => ({ name: r.name ?? '', errorCode: r.errorCode, errorMessage: r.errorMessage }))
  }
  return sendItems(cluster, items, send, 'UNKNOWN_TOPIC_OR_PARTITION')
}

/**
 * Waits until every named topic is known to the brokers with a leader for each partition: a topic that was created is not at
 * once in the metadata. Returns the names that are still missing when the time is up.
 */
export async function awaitTopics(cluster: Cluster, names: readonly string[], timeoutMs: number): Promise<string[]> {
  let missing = [...names]
  await waitFor(
    async () => {
      const found = await mapBounded(chunks(missing, 1000), 4, (batch) => readTopicShapes(cluster, batch))
      const ready = new Set(
        found
          .flatMap((shapes) => [...shapes.values()])
          .filter(isLed)
          .map((shape) => shape.name),
      )
      missing = missing.filter((name) => !ready.has(name))
      return missing.length === 0 ? true : undefined
    },
    { timeoutMs, isSlowing: true },
  )
  return missing
}

function isLed(shape: TopicShape): boolean {
  return shape.partitions.length > 0 && shape.partitions.every((partition) => partition.leader >= 0)
}
