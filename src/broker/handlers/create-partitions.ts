// CreatePartitions: more partitions, never fewer. A name that comes twice is refused once, and nothing happens to it. Assignments name
// the nodes of the new partitions only; there is one node.
import { groupBy } from '../../core/group-by.ts'
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { createPartitions } from '../../protocol/messages/create-partitions.ts'
import type { Broker } from '../broker.ts'
import { handler } from '../handler.ts'
import { assignmentProblem } from '../topics/new-topic.ts'
import type { Durable, Problem } from '../topics/topics.ts'
import { mostPartitions, tooManyPartitions } from './partition-limit.ts'
import { attempt, deviceRefuses, type Done, whenDurable } from './when-durable.ts'

type Asked = RequestRead<typeof createPartitions>['topics'][number]
type Told = ResponseWritten<typeof createPartitions>['results'][number]

const refusal = (error: Problem['error'], message: string | null): Problem => ({ error, message })

function countProblem({ name, count }: Asked, current: number): Problem | undefined {
  if (count === current) return refusal('INVALID_PARTITIONS', `Topic already has ${current} partition(s).`)
  if (count < current)
    return refusal(
      'INVALID_PARTITIONS',
      `The topic ${name} currently has ${current} partition(s); ${count} would not be an increase.`,
    )
  return count - current > mostPartitions ? tooManyPartitions : undefined
}

function assignmentsProblem({ assignments }: Asked, added: number, nodeId: number): Problem | undefined {
  if (assignments === null) return undefined
  if (assignments.length !== added)
    return refusal(
      'INVALID_REPLICA_ASSIGNMENT',
      `Attempted to add ${added} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
    )
  return assignments.map(({ brokerIds }) => assignmentProblem(brokerIds, nodeId)).find((each) => each !== undefined)
}

function grow({ topics, nodeId }: Broker, asked: Asked, validateOnly: boolean): { durable: Durable } | Problem {
  const topic = topics.get(asked.name)
  if (!topic) return refusal('UNKNOWN_TOPIC_OR_PARTITION', null)
  const current = topic.partitions.length
  const problem = countProblem(asked, current) ?? assignmentsProblem(asked, asked.count - current, nodeId)
  return problem ?? { durable: validateOnly ? undefined : attempt(() => topics.grow(topic, asked.count)) }
}

export const createPartitionsHandler = handler({
  api: createPartitions,
  versions: [0, 3],
  handle: (broker, { topics, validateOnly }) => {
    const refuse = (name: string, { error, message }: Problem): Told => {
      return { name, errorCode: errorCode(error), errorMessage: message }
    }
    const byName = groupBy(topics, ({ name }) => name)
    const done = Array.from(byName, ([name, [asked, ...others]]): Done<Told> => {
      const grown =
        others.length > 0 ? refusal('INVALID_REQUEST', 'Duplicate topic name.') : grow(broker, asked!, validateOnly)
      if ('error' in grown) return { told: refuse(name, grown) }
      return {
        told: { name, errorCode: 0, errorMessage: null },
        durable: grown.durable,
        refused: refuse(name, deviceRefuses),
      }
    })
    return whenDurable(done, (results) => ({ throttleTimeMs: 0, results }))
  },
})
