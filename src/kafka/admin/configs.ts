// Topic configurations: every key with its value and where the value comes from, and changes key by key.
import { chunks, mapBounded } from '../../core/bounded.ts'
import { EvplatError } from '../../core/errors.ts'
import { describeConfigs } from '../../protocol/messages/describe-configs.ts'
import { incrementalAlterConfigs } from '../../protocol/messages/incremental-alter-configs.ts'
import type { Cluster } from '../cluster.ts'
import { type ItemOutcome, itemError, sendItems } from './items.ts'

/** Where a value comes from (KIP-226). Only `topic` means that it is set on the topic itself. */
export type ConfigSource = 'topic' | 'broker' | 'cluster' | 'static' | 'default' | 'unknown'

export interface ConfigEntry {
  /** null when the broker keeps it secret */
  readonly value: string | null
  readonly source: ConfigSource
  readonly isReadOnly: boolean
  readonly isSensitive: boolean
}

const topicResource = 2
const perRequest = 1000
const sources: readonly ConfigSource[] = ['unknown', 'topic', 'broker', 'cluster', 'static', 'default', 'broker']
const setOperation = 0

/** All configs of topics that exist, by topic and key; requests of at most 1,000 topics, spread over the brokers. */
export async function readTopicConfigs(
  cluster: Cluster,
  names: readonly string[],
): Promise<Map<string, ReadonlyMap<string, ConfigEntry>>> {
  const { brokers } = await cluster.describe()
  const ids = [...brokers.keys()]
  const answers = await mapBounded(chunks(names, perRequest), ids.length, (batch, i) =>
    cluster.send(
      describeConfigs,
      {
        resources: batch.map((name) => ({ resourceType: topicResource, resourceName: name, configurationKeys: null })),
      },
      ids[i % ids.length]!,
    ),
  )
  const all = new Map<string, ReadonlyMap<string, ConfigEntry>>()
  for (const result of answers.flatMap((answer) => answer.results)) {
    const error = itemError(result.errorCode, result.errorMessage)
    if (error)
      throw new EvplatError(error.code, `the configs of topic "${result.resourceName}" can't be read`, {
        said: error.message,
        ...(error.code === 'not-authorised' && { hint: 'the user needs DESCRIBE_CONFIGS on the topic' }),
      })
    const entries = result.configs.map(
      ({ name, value, configSource, readOnly, isSensitive }) =>
        [name, { value, source: sources[configSource] ?? 'unknown', isReadOnly: readOnly, isSensitive }] as const,
    )
    all.set(result.resourceName, new Map(entries))
  }
  return all
}

export interface ConfigChange {
  readonly name: string
  readonly set: readonly (readonly [key: string, value: string])[]
}

/** Sets the given keys and touches no other (KIP-339), or only asks whether they could be set. */
export function alterTopicConfigs(
  cluster: Cluster,
  changes: readonly ConfigChange[],
  validateOnly: boolean,
): Promise<ItemOutcome[]> {
  return sendItems(cluster, changes, async (batch) => {
    const resources = batch.map(({ name, set }) => ({
      resourceType: topicResource,
      resourceName: name,
      configs: set.map(([key, value]) => ({ name: key, configOperation: setOperation, value })),
    }))
    const { responses } = await cluster.send(incrementalAlterConfigs, { resources, validateOnly }, 'controller')
    return responses.map((r) => ({ name: r.resourceName, errorCode: r.errorCode, errorMessage: r.errorMessage }))
  })
}
