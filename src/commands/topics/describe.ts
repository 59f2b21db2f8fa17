import { EvplatError } from '../../core/errors.ts'
import { readTopicConfigs } from '../../kafka/admin/configs.ts'
import { readTopicShapes } from '../../kafka/admin/topics.ts'
import type { Cluster } from '../../kafka/cluster.ts'
import { listOffsets } from '../../kafka/read/list-offsets.ts'
import { findLeaders } from '../../kafka/topic-partitions.ts'
import { type DescribedTopic, topicText } from '../../views/topic.ts'
import { withCluster } from '../connections.ts'
import type { Context, Outcome } from '../context.ts'
import type { TargetInput } from '../addresses.ts'
import { target } from '../target.ts'

interface DescribeInput extends TargetInput {
  readonly words: readonly string[]
  readonly all: boolean
}

async function describe(cluster: Cluster, name: string, all: boolean): Promise<DescribedTopic> {
  await findLeaders(cluster, name)
  const shape = (await readTopicShapes(cluster, [name])).get(name)
  if (!shape) throw new EvplatError('topic-missing', `topic "${name}" went away while it was read`)
  const configs = (await readTopicConfigs(cluster, [name])).get(name) ?? new Map()
  const query = { topic: name, partitions: shape.partitions.map((p) => p.id), readCommitted: false }
  const [starts, ends] = await Promise.all([
    listOffsets(cluster, { ...query, at: 'start' }),
    listOffsets(cluster, { ...query, at: 'end' }),
  ])
  return {
    name,
    partitions: shape.partitions.length,
    replication: Math.max(0, ...shape.partitions.map((p) => p.replicas.length)),
    configs: [...configs]
      .filter(([, entry]) => all || entry.source === 'topic')
      .map(([key, { value, source }]) => ({ name: key, value, source }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    partitionDetails: shape.partitions.map(({ id, leader, replicas, inSync }) => ({
      partition: id,
      leader,
      replicas,
      inSync,
      start: starts.get(id) ?? -1,
      end: ends.get(id) ?? -1,
    })),
  }
}

/** One topic: its configs (those set on it, or all), and each partition with leader, replicas and offsets. */
export async function run(input: DescribeInput, context: Context): Promise<Outcome> {
  const to = await target(input, context)
  const topic = await withCluster(to, context, (cluster) => describe(cluster, input.words[0]!, input.all))
  return { value: topic, text: (style) => topicText(topic, style) }
}
