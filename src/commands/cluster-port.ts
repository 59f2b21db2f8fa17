// A real cluster behind the port of apply/.
import type { ClusterPort } from '../apply/ports.ts'
import { alterTopicConfigs, readTopicConfigs } from '../kafka/admin/configs.ts'
import { readReassignments } from '../kafka/admin/reassignments.ts'
import { awaitTopics, createPartitions, createTopics, readTopicShapes } from '../kafka/admin/topics.ts'
import type { Cluster } from '../kafka/cluster.ts'
import type { ActualTopic } from '../plan/actual.ts'

const visibleWithinMs = 30_000

async function readTopics(
  cluster: Cluster,
  names: readonly string[],
): Promise<{ clusterId: string | null; topics: Map<string, ActualTopic> }> {
  const shapes = await readTopicShapes(cluster, names)
  const configs = await readTopicConfigs(cluster, [...shapes.keys()])
  // a moving topic has more replicas than it will have: only then is it worth asking
  const uneven = [...shapes.values()].filter(
    (shape) => new Set(shape.partitions.map((p) => p.replicas.length)).size > 1,
  )
  const moving = await readReassignments(cluster, uneven)
  const topics = new Map<string, ActualTopic>()
  for (const { name, partitions } of shapes.values())
    topics.set(name, {
      name,
      replicaCounts: partitions.map((partition) => partition.replicas.length),
      isReassigning: moving.has(name),
      configs: configs.get(name) ?? new Map(),
    })
  return { clusterId: (await cluster.describe()).clusterId, topics }
}

/** The port through which plan and apply see a cluster. */
export function clusterPort(cluster: Cluster): ClusterPort {
  return {
    readTopics: (names) => readTopics(cluster, names),
    createTopics: (topics, validateOnly) => createTopics(cluster, topics, validateOnly),
    createPartitions: (topics, validateOnly) => createPartitions(cluster, topics, validateOnly),
    alterConfigs: (topics, validateOnly) => alterTopicConfigs(cluster, topics, validateOnly),
    awaitTopics: (names) => awaitTopics(cluster, names, visibleWithinMs),
  }
}
