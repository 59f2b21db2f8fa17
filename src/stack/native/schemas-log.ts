// The log of our registry server in Kafka: the compacted topic `_schemas` with its one partition, as Confluent's registry keeps it.
import { EvplatError } from '../../core/errors.ts'
import { readTopicConfigs } from '../../kafka/admin/configs.ts'
import { awaitTopics, createTopics, readTopicShapes } from '../../kafka/admin/topics.ts'
import type { Cluster } from '../../kafka/cluster.ts'
import type { PartitionLog } from '../../kafka/write/partition-log.ts'
import type { SchemaLog } from '../../registry-server/schema-log.ts'

const topic = '_schemas'
const createPatienceMs = 30_000
const mostCopies = 3

/** Makes the topic where it is missing. Throws `registry-topic-unusable` for one that would lose schemas, and what the broker refuses. */
export async function ensureSchemasTopic(cluster: Cluster): Promise<void> {
  const shape = (await readTopicShapes(cluster, [topic])).get(topic)
  if (!shape) return createSchemasTopic(cluster)
  const policy = (await readTopicConfigs(cluster, [topic])).get(topic)?.get('cleanup.policy')?.value
  const count = shape.partitions.length
  if (count !== 1) throw unusable(`has ${count} partitions instead of one`)
  if (policy !== 'compact') throw unusable(`has the cleanup.policy "${policy}", under which it would lose schemas`)
}

function unusable(why: string): EvplatError {
  return new EvplatError('registry-topic-unusable', `topic "${topic}" ${why}`, {
    hint: 'correct it, or start with an empty one by `evplat down --volumes` and `evplat up`',
  })
}

async function createSchemasTopic(cluster: Cluster): Promise<void> {
  const replication = Math.min(mostCopies, (await cluster.describe()).brokers.size)
  const configs: [string, string][] = [['cleanup.policy', 'compact']]
  if (replication === mostCopies) configs.push(['min.insync.replicas', '2'])
  const [outcome] = await createTopics(cluster, [{ name: topic, partitions: 1, replication, configs }], false)
  if (outcome?.error && outcome.error.name !== 'TOPIC_ALREADY_EXISTS')
    throw new EvplatError(outcome.error.code, `topic "${topic}" can't be created`, { said: outcome.error.message })
  const missing = await awaitTopics(cluster, [topic], createPatienceMs)
  if (missing.length > 0) throw new EvplatError('broker-unreachable', `topic "${topic}" was created and has no leader`)
}

/**
 * A partition as the log of a registry that is its only writer. That there is no other is looked at all the same, before a record is
 * written and by the offset that it gets: a record that was decided without knowing another writer's is not acknowledged, and
 * the registry reads the log again before it decides the next.
 */
export function soleWriterLog(log: Pick<PartitionLog, 'append' | 'end' | 'read'>): SchemaLog {
  /** where the next record belongs; undefined until the log was read to its end */
  let next: number | undefined
  return {
    append: async (key, value) => {
      const expected = next
      next = undefined
      if (expected !== undefined && (await log.end()) !== expected) throw moved()
      const offset = await log.append(key, value)
      if (expected === undefined) return offset
      if (offset !== expected) throw moved()
      next = offset + 1
      return offset
    },
    read: async (from, each) => {
      next = await log.read(from, each)
    },
  }
}

function moved(): EvplatError {
  return new EvplatError('registry-topic-unusable', `another program writes to topic "${topic}"`, {
    hint: 'let it use this registry instead of writing by itself',
  })
}
