// What a service needs before it starts: its topics, those of its failures, and its schemas.
import { deadLetterTopicName, retryTopicName } from '../core/failure-topic-names.ts'
import { stringifyJson } from '../core/json.ts'
import { EvplatError } from '../core/errors.ts'
import { awaitTopics, createTopics } from '../kafka/admin/topics.ts'
import type { Cluster } from '../kafka/cluster.ts'
import type { RegistryClient } from '../registry/registry.ts'
import type { DeclaredService, Topics } from '../service/definition.ts'

export interface Declared {
  readonly service: DeclaredService
  readonly topics: Topics
}

const withinMs = 10_000

/** The names of all topics that the service works with. */
export function topicNames({ service, topics }: Declared): string[] {
  const { group, failures } = service
  const consumed = Object.keys(topics).filter((name) => topics[name]!.consumed)
  const ofFailures = failures
    ? consumed.flatMap((name) => [
        ...failures.retryMs.map((delayMs) => retryTopicName(name, group, delayMs)),
        deadLetterTopicName(name, group),
      ])
    : []
  return [...Object.keys(topics), ...ofFailures]
}

/** Creates the topics, each with so many partitions, and registers the schemas. */
export async function declareTopics(
  declared: Declared,
  cluster: Cluster,
  registry: RegistryClient,
  partitions: number,
): Promise<void> {
  const names = topicNames(declared)
  const made = await createTopics(
    cluster,
    names.map((name) => ({ name, partitions, replication: 1, configs: [] })),
    false,
  )
  const refused = made.find(({ error }) => error !== undefined)
  if (refused) throw new EvplatError('broker-refused', `topic "${refused.name}" can't be created`)
  await awaitTopics(cluster, names, withinMs)
  for (const { key, value } of Object.values(declared.topics))
    for (const format of [key, value])
      if (format.kind === 'avro') await registry.register(format.subject, { schema: stringifyJson(format.schema) })
}
