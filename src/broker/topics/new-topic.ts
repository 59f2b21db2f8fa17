// Checks of a topic that is asked for, in the order and words of Kafka 3.9's controller.
import type { BrokerConfigs, Overrides } from './broker-configs.ts'
import { topicConfigProblem } from './topic-config.ts'
import { nameProblem } from './topic-name.ts'
import type { NewTopic, Problem } from './topics.ts'

/** What the checks ask of the topics that are there. */
export interface Names {
  has(name: string): boolean
  /** a topic whose name differs only in `.` and `_` */
  collision(name: string): string | undefined
}

export interface Accepted {
  readonly partitions: number
  readonly overrides: Overrides
}

function nameRefusal(name: string, names: Names): Problem | undefined {
  const why = nameProblem(name)
  if (why !== undefined) return { error: 'INVALID_TOPIC_EXCEPTION', message: why }
  if (names.has(name)) return { error: 'TOPIC_ALREADY_EXISTS', message: `Topic '${name}' already exists.` }
  const other = names.collision(name)
  if (other === undefined) return undefined
  return { error: 'INVALID_TOPIC_EXCEPTION', message: `Topic '${name}' collides with existing topic: ${other}` }
}

function configRefusal({ configs }: NewTopic, overrides: Overrides, broker: BrokerConfigs): Problem | undefined {
  const nulls = configs.filter(({ value }) => value === null).map(({ name }) => name)
  const message =
    nulls.length > 0
      ? `Null value not supported for topic configs: ${[...new Set(nulls)].join(',')}`
      : topicConfigProblem(overrides, broker)
  return message === undefined ? undefined : { error: 'INVALID_CONFIG', message }
}

const badAssignment = (message: string): Problem => ({ error: 'INVALID_REPLICA_ASSIGNMENT', message })

/** What is wrong with the nodes that a partition is assigned to; there is one node. */
export function assignmentProblem(brokerIds: readonly number[], nodeId: number): Problem | undefined {
  if (brokerIds.length === 0) return badAssignment('The manual partition assignment includes an empty replica list.')
  const sorted = brokerIds.toSorted((a, b) => a - b)
  for (const [i, id] of sorted.entries()) {
    if (id !== nodeId)
      return badAssignment(`The manual partition assignment includes broker ${id}, but no such broker is registered.`)
    if (i > 0) return badAssignment(`The manual partition assignment includes the broker ${id} more than once.`)
  }
  return undefined
}

function manualProblem({ partitions, replicationFactor, assignments }: NewTopic, nodeId: number): Problem | undefined {
  const conflict = (what: string): Problem => ({
    error: 'INVALID_REQUEST',
    message: `A manual partition assignment was specified, but ${what} was not set to -1.`,
  })
  if (replicationFactor !== -1) return conflict('replication factor')
  if (partitions !== -1) return conflict('numPartitions')
  const seen = new Set<number>()
  for (const { partitionIndex, brokerIds } of assignments) {
    if (seen.has(partitionIndex))
      return badAssignment(`Found multiple manual partition assignments for partition ${partitionIndex}`)
    seen.add(partitionIndex)
    const problem = assignmentProblem(brokerIds, nodeId)
    if (problem) return problem
  }
  const isGapless = assignments.every((_, i) => seen.has(i))
  return isGapless ? undefined : badAssignment('partitions should be a consecutive 0-based integer sequence')
}

function tooManyReplicas(wanted: number): Problem {
  const message = `Unable to replicate the partition ${wanted} time(s): The target replication factor of ${wanted} cannot be reached because only 1 broker(s) are registered.`
  return { error: 'INVALID_REPLICATION_FACTOR', message }
}

function countsProblem({ partitions, replicationFactor }: NewTopic, broker: BrokerConfigs): Problem | undefined {
  if (replicationFactor === 0 || replicationFactor < -1)
    return {
      error: 'INVALID_REPLICATION_FACTOR',
      message: 'Replication factor must be larger than 0, or -1 to use the default value.',
    }
  if (partitions === 0 || partitions < -1)
    return { error: 'INVALID_PARTITIONS', message: 'Number of partitions was set to an invalid non-positive value.' }
  const replicas = replicationFactor === -1 ? Number(broker.typed('default.replication.factor')) : replicationFactor
  return replicas > 1 ? tooManyReplicas(replicas) : undefined
}

/** Answers what the topic would be, or why it can't be. */
export function checkNewTopic(wanted: NewTopic, names: Names, broker: BrokerConfigs): Accepted | Problem {
  const overrides = new Map(wanted.configs.map(({ name, value }) => [name, value ?? '']))
  const isManual = wanted.assignments.length > 0
  const problem =
    nameRefusal(wanted.name, names) ??
    configRefusal(wanted, overrides, broker) ??
    (isManual ? manualProblem(wanted, broker.nodeId) : countsProblem(wanted, broker))
  if (problem) return problem
  const fallback = wanted.partitions === -1 ? Number(broker.typed('num.partitions')) : wanted.partitions
  return { partitions: isManual ? wanted.assignments.length : fallback, overrides }
}
