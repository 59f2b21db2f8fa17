// Metadata: the one node and the topics. Null asks for all topics; in version 0, where there is no null, an empty list does.
// From version 12 on topics may be asked for by id. A topic that is not there is created where client and broker allow it, and told
// at once: a real cluster tells it at the next request.
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import { type ErrorName, errorCode } from '../../protocol/error-table.ts'
import { metadata } from '../../protocol/messages/metadata.ts'
import type { Broker } from '../broker.ts'
import { handler } from '../handler.ts'
import type { Topic } from '../topics/topics.ts'
import { clusterOperations, operationsNotAsked, topicOperations } from './authorized-operations.ts'
import { noId } from '../topics/topic-id.ts'

type Asked = NonNullable<RequestRead<typeof metadata>['topics']>[number]
type Told = ResponseWritten<typeof metadata>['topics'][number]

function tellTopic(topic: Topic, nodeId: number, operations: number): Told {
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.isInternal,
    partitions: topic.partitions.map((log, partitionIndex) => ({
      errorCode: 0,
      partitionIndex,
      leaderId: nodeId,
      leaderEpoch: log.leaderEpoch,
      replicaNodes: [nodeId],
      isrNodes: [nodeId],
    })),
    topicAuthorizedOperations: operations,
  }
}

function missing({ name, topicId }: Asked, error: ErrorName): Told {
  return {
    errorCode: errorCode(error),
    name: name ?? null,
    topicId: name === null ? topicId : noId,
    partitions: [],
    topicAuthorizedOperations: operationsNotAsked,
  }
}

function find({ topics }: Broker, asked: Asked, mayCreate: boolean): Topic | ErrorName {
  const { name, topicId } = asked
  if (name === null) return topics.byId(topicId) ?? 'UNKNOWN_TOPIC_ID'
  const topic = topics.get(name)
  if (topic) return topic
  return topics.autoCreate(name, mayCreate)
}

export const metadataHandler = handler({
  api: metadata,
  versions: [0, 12],
  handle: (broker, request, { version, host, port }) => {
    const { nodeId, clusterId, topics } = broker
    const operations = request.includeTopicAuthorizedOperations ? topicOperations : operationsNotAsked
    const isAll = request.topics === null || (version === 0 && request.topics.length === 0)
    const tell = (asked: Asked): Told => {
      if (version < 12 && (asked.name === null || asked.topicId !== noId)) return missing(asked, 'INVALID_REQUEST')
      const found = find(broker, asked, request.allowAutoTopicCreation)
      return typeof found === 'string' ? missing(asked, found) : tellTopic(found, nodeId, operations)
    }
    return {
      brokers: [{ nodeId, host, port }],
      clusterId,
      controllerId: nodeId,
      topics: isAll
        ? Array.from(topics.all(), (topic) => tellTopic(topic, nodeId, operations))
        : request.topics!.map(tell),
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? clusterOperations : operationsNotAsked,
    }
  },
})
