// A change of the configs of one resource, checked and carried out: behind IncrementalAlterConfigs and AlterConfigs.
import { errorCode } from '../../protocol/error-table.ts'
import type { Broker } from '../broker.ts'
import {
  type Keys,
  type Operation,
  brokerKeys,
  brokerProblem,
  changed,
  changesProblem,
  topicKeys,
  topicProblem,
} from '../topics/alter-config.ts'
import type { Overrides } from '../topics/broker-configs.ts'
import type { Durable, Problem } from '../topics/topics.ts'
import { type Resource, invalidRequest, nodeToAlterProblem, resourceTypes, topicToAlter } from './config-resources.ts'
import { repeated } from './repeated.ts'
import { attempt, deviceRefuses, type Done, whenDurable } from './when-durable.ts'

export interface Change extends Resource {
  readonly operations: readonly Operation[]
  /** what is not named goes back to its default (AlterConfigs) */
  readonly replacesAll: boolean
  readonly validateOnly: boolean
}

export type Applied = { readonly durable: Durable } | Problem

function next(current: Overrides, { operations, replacesAll }: Change, keys: Keys): Overrides | Problem {
  return changed(replacesAll ? new Map() : current, operations, keys)
}

function applyToTopic(broker: Broker, change: Change): Applied {
  const topic = topicToAlter(broker, change.resourceName)
  if ('error' in topic) return topic
  const overrides = next(topic.overrides, change, topicKeys)
  if ('error' in overrides) return overrides
  const problem = topicProblem(overrides, broker.configs)
  if (problem) return problem
  return { durable: change.validateOnly ? undefined : attempt(() => broker.topics.configure(topic, overrides)) }
}

function applyToBroker({ nodeId, configs, topics }: Broker, change: Change): Applied {
  const wrongNode = nodeToAlterProblem(change.resourceName, nodeId)
  if (wrongNode) return wrongNode
  const node = change.resourceName === '' ? '' : String(nodeId)
  const current = configs.overrides(node)
  const overrides = next(current, change, brokerKeys)
  if ('error' in overrides) return overrides
  const problem = brokerProblem(overrides, current)
  if (problem) return problem
  return { durable: change.validateOnly ? undefined : attempt(() => topics.configureBroker(node, overrides)) }
}

interface Told extends Resource {
  readonly errorCode: number
  readonly errorMessage: string | null
}

/** Answers a request, resource by resource; those that it names more than once are refused. */
export function applyEach<R extends Resource>(
  resources: readonly R[],
  apply: (resource: R) => Applied,
): { throttleTimeMs: number; responses: Told[] } | Promise<{ throttleTimeMs: number; responses: Told[] }> {
  const keyOf = ({ resourceType, resourceName }: Resource): string => `${resourceType} ${resourceName}`
  const twice = repeated(resources.map(keyOf))
  const done = resources.map((asked): Done<Told> => {
    const { resourceType, resourceName } = asked
    const refuse = ({ error, message }: Problem): Told => {
      return { errorCode: errorCode(error), errorMessage: message, resourceType, resourceName }
    }
    const applied = twice.has(keyOf(asked)) ? invalidRequest('Each resource must appear at most once.') : apply(asked)
    if ('error' in applied) return { told: refuse(applied) }
    const told = { errorCode: 0, errorMessage: null, resourceType, resourceName }
    return { told, durable: applied.durable, refused: refuse(deviceRefuses) }
  })
  return whenDurable(done, (responses) => ({ throttleTimeMs: 0, responses }))
}

/** Carries out a change, or answers why not. Other kinds of resources than topics and the broker have nothing to change. */
export function applyChange(broker: Broker, change: Change): Applied {
  const problem = changesProblem(change.operations)
  if (problem) return problem
  if (change.resourceType === resourceTypes.topic) return applyToTopic(broker, change)
  if (change.resourceType === resourceTypes.broker) return applyToBroker(broker, change)
  return { error: 'INVALID_REQUEST', message: `Unknown resource type ${change.resourceType}` }
}
