// DescribeTopicPartitions (KIP-966): topics in the order of their names, a bounded number of partitions at a time, and a cursor for the
// next request. No topics asks for all of them. Of one replica there is never another that may lead.
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import { type ErrorName, errorCode } from '../../protocol/error-table.ts'
import { describeTopicPartitions } from '../../protocol/messages/describe-topic-partitions.ts'
import type { Broker } from '../broker.ts'
import { handler } from '../handler.ts'
import { noId } from '../topics/topic-id.ts'
import { nameProblem } from '../topics/topic-name.ts'
import type { Topic } from '../topics/topics.ts'
import { operationsNotAsked, topicOperations } from './authorized-operations.ts'
import { tellPartition } from './tell-partition.ts'

type Request = RequestRead<typeof describeTopicPartitions>
type Answer = ResponseWritten<typeof describeTopicPartitions>
type Told = Answer['topics'][number]

/** max.request.partition.size.limit of Kafka */
const mostPartitions = 2000

function tellPartitions(topic: Topic, nodeId: number, from: number, most: number): Told['partitions'] {
  return topic.partitions.slice(from, from + most).map((log, i) => ({
    ...tellPartition(log, from + i, nodeId),
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
    offlineReplicas: [],
  }))
}

function missing(name: string, error: ErrorName, operations = topicOperations): Told {
  return { errorCode: errorCode(error), name, topicId: noId, partitions: [], topicAuthorizedOperations: operations }
}

/** The names to tell, in order; undefined when the cursor belongs to another request. */
function namesFrom({ topics }: Broker, request: Request): string[] | undefined {
  const { cursor } = request
  const asksForAll = request.topics.length === 0
  const names = asksForAll ? Array.from(topics.all(), ({ name }) => name) : request.topics.map(({ name }) => name)
  if (!cursor) return [...new Set(names)].toSorted()
  if (cursor.partitionIndex < 0 || (!asksForAll && !names.includes(cursor.topicName))) return undefined
  return [...new Set(names)].filter((name) => name >= cursor.topicName).toSorted()
}

function tell(broker: Broker, request: Request, names: readonly string[]): Answer {
  const { cursor, responsePartitionLimit } = request
  let left = Math.min(Math.max(responsePartitionLimit, 1), mostPartitions)
  const topics: Told[] = []
  for (const name of names) {
    const first = name === cursor?.topicName ? cursor.partitionIndex : 0
    if (left === 0) return { throttleTimeMs: 0, topics, nextCursor: { topicName: name, partitionIndex: first } }
    const topic = broker.topics.get(name)
    if (!topic) {
      topics.push(
        missing(name, nameProblem(name) === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'INVALID_TOPIC_EXCEPTION'),
      )
      continue
    }
    const partitions = tellPartitions(topic, broker.nodeId, first, left)
    const { id: topicId, isInternal } = topic
    topics.push({ errorCode: 0, name, topicId, isInternal, partitions, topicAuthorizedOperations: topicOperations })
    left -= partitions.length
    const next = first + partitions.length
    if (next < topic.partitions.length)
      return { throttleTimeMs: 0, topics, nextCursor: { topicName: name, partitionIndex: next } }
  }
  return { throttleTimeMs: 0, topics, nextCursor: null }
}

export const describeTopicPartitionsHandler = handler({
  api: describeTopicPartitions,
  versions: [0, 0],
  handle: (broker, request) => {
    const names = namesFrom(broker, request)
    if (names) return tell(broker, request, names)
    return {
      throttleTimeMs: 0,
      topics: request.topics.map(({ name }) => missing(name, 'INVALID_REQUEST', operationsNotAsked)),
    }
  },
})
