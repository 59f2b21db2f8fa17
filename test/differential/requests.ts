// Short ways to write the requests that many scenarios send.
import type { RequestOf } from '../../src/protocol/api.ts'
import { alterConfigs } from '../../src/protocol/messages/alter-configs.ts'
import { createPartitions } from '../../src/protocol/messages/create-partitions.ts'
import { createTopics } from '../../src/protocol/messages/create-topics.ts'
import { deleteRecords } from '../../src/protocol/messages/delete-records.ts'
import { deleteTopics } from '../../src/protocol/messages/delete-topics.ts'
import { describeConfigs } from '../../src/protocol/messages/describe-configs.ts'
import { incrementalAlterConfigs } from '../../src/protocol/messages/incremental-alter-configs.ts'
import { metadata } from '../../src/protocol/messages/metadata.ts'
import { type Step, type StepOptions, send } from './scenario.ts'

const timeoutMs = 5000

type NewTopic = RequestOf<typeof createTopics>['topics'][number]

interface TopicWish {
  readonly partitions?: number
  readonly replicas?: number
  /** partition -> nodes; counts are -1 then where they are not given */
  readonly assigned?: readonly (readonly [partition: number, nodes: readonly number[]])[]
  readonly configs?: readonly (readonly [name: string, value: string | null])[]
}

export function topic(name: string, { partitions, replicas, assigned = [], configs = [] }: TopicWish = {}): NewTopic {
  const fallback = assigned.length > 0 ? -1 : 1
  return {
    name,
    numPartitions: partitions ?? fallback,
    replicationFactor: replicas ?? fallback,
    assignments: assigned.map(([partitionIndex, brokerIds]) => ({ partitionIndex, brokerIds })),
    configs: configs.map(([key, value]) => ({ name: key, value })),
  }
}

export function create(version: number, topics: readonly NewTopic[], options: StepOptions = {}): Step {
  return send(createTopics, version, { topics, timeoutMs }, options)
}

export function tryCreate(version: number, topics: readonly NewTopic[]): Step {
  return send(createTopics, version, { topics, timeoutMs, validateOnly: true })
}

export function remove(version: number, ...topicNames: readonly string[]): Step {
  if (version < 6) return send(deleteTopics, version, { topicNames, timeoutMs })
  return send(deleteTopics, version, { topics: topicNames.map((name) => ({ name })), timeoutMs })
}

export function listTopics(): Step {
  return send(metadata, 1, { topics: null })
}

export const kinds = { topic: 2, broker: 4, loggers: 8, clientMetrics: 16, group: 32 } as const

type Described = readonly [kind: number, name: string, keys?: readonly string[]]

export function describe(version: number, resources: readonly Described[], more: { synonyms?: boolean } = {}): Step {
  return send(describeConfigs, version, {
    resources: resources.map(([resourceType, resourceName, keys]) => ({
      resourceType,
      resourceName,
      configurationKeys: keys ?? null,
    })),
    ...(version >= 1 ? { includeSynonyms: more.synonyms ?? true } : {}),
  })
}

/** `set KEY VALUE`, `delete KEY`, `append KEY VALUE`, `subtract KEY VALUE`, or an operation by its number */
export type Operation = readonly [operation: keyof typeof operationIds | number, key: string, value?: string | null]
const operationIds = { set: 0, delete: 1, append: 2, subtract: 3 } as const

export function alter(
  version: number,
  resources: readonly (readonly [kind: number, name: string, ...operations: Operation[]])[],
  validateOnly = false,
): Step {
  return send(incrementalAlterConfigs, version, {
    resources: resources.map(([resourceType, resourceName, ...operations]) => ({
      resourceType,
      resourceName,
      configs: operations.map(([operation, name, value = null]) => ({
        name,
        configOperation: typeof operation === 'number' ? operation : operationIds[operation],
        value,
      })),
    })),
    validateOnly,
  })
}

export function replaceConfigs(
  version: number,
  resources: readonly (readonly [kind: number, name: string, ...configs: (readonly [string, string | null])[]])[],
  validateOnly = false,
): Step {
  return send(alterConfigs, version, {
    resources: resources.map(([resourceType, resourceName, ...configs]) => ({
      resourceType,
      resourceName,
      configs: configs.map(([name, value]) => ({ name, value })),
    })),
    validateOnly,
  })
}

type Grown = readonly [name: string, count: number, assigned?: readonly (readonly number[])[]]

export function grow(version: number, topics: readonly Grown[], validateOnly = false): Step {
  return send(createPartitions, version, {
    topics: topics.map(([name, count, assigned]) => ({
      name,
      count,
      assignments: assigned?.map((brokerIds) => ({ brokerIds })) ?? null,
    })),
    timeoutMs,
    validateOnly,
  })
}

export function removeRecords(
  version: number,
  topics: readonly (readonly [name: string, ...partitions: (readonly [partition: number, before: bigint])[]])[],
): Step {
  return send(deleteRecords, version, {
    topics: topics.map(([name, ...partitions]) => ({
      name,
      partitions: partitions.map(([partitionIndex, offset]) => ({ partitionIndex, offset })),
    })),
    timeoutMs,
  })
}
