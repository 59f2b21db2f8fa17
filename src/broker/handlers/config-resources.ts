// What the three APIs of configs have in common: kinds of resources, and how each is found.
import type { Broker } from '../broker.ts'
import { nameProblem } from '../topics/topic-name.ts'
import type { Problem, Topic } from '../topics/topics.ts'

/** Numbers of ConfigResource.Type. */
export const resourceTypes = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16 } as const

export interface Resource {
  readonly resourceType: number
  readonly resourceName: string
}

export const invalidRequest = (message: string): Problem => ({ error: 'INVALID_REQUEST', message })

/** A topic whose configs are to be changed, or the server's words about why there is none. */
export function topicToAlter({ topics }: Broker, name: string): Topic | Problem {
  if (name === '') return invalidRequest('Default topic resources are not allowed.')
  const topic = topics.get(name)
  if (topic) return topic
  const why = nameProblem(name)
  if (why !== undefined) return { error: 'INVALID_TOPIC_EXCEPTION', message: why }
  return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: `The topic '${name}' does not exist.` }
}

/** The id that a name of a node stands for, read as an int of Java is; undefined where it is none. */
export function nodeIdIn(name: string): number | undefined {
  const id = Number(name)
  return /^[+-]?\d+$/.test(name) && id === (id | 0) ? id : undefined
}

/** What is wrong with the name of a node, as the APIs that change configs say it; '' stands for all nodes. */
export function nodeToAlterProblem(name: string, nodeId: number): Problem | undefined {
  if (name === '') return undefined
  const id = nodeIdIn(name)
  if (id === undefined) return invalidRequest(`Node id must be an integer, but it is: ${name}`)
  if (id === nodeId) return undefined
  return invalidRequest(`Unexpected broker id, expected ${nodeId}, but received ${name}`)
}

/** The same as DescribeConfigs says it; the loggers of all nodes can't be asked for. */
export function nodeToDescribeProblem(name: string, nodeId: number, ofLoggers: boolean): Problem | undefined {
  if (name === '') return ofLoggers ? invalidRequest('Broker id must not be empty') : undefined
  const id = nodeIdIn(name)
  if (id === undefined) return invalidRequest(`Broker id must be an integer, but it is: ${name}`)
  if (id === nodeId) return undefined
  const expected = ofLoggers ? `${nodeId} but` : `${nodeId} or empty string, but`
  return invalidRequest(`Unexpected broker id, expected ${expected} received ${name}`)
}
