// Metadata: the one node and the topics. Null asks for all topics; in version 0, where there is no null, an empty list does.
// From version 12 on topics may be asked for by id. A topic that is not there is created where client and broker allow it, and told
// at once: a real cluster tells it at the next request.
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import { type ErrorName, errorCode } from '../../protocol/error-table.ts'
import { metadata } from '../../protocol/messages/metadata.ts'
import type { Broker } from '../broker.ts'
import { handler } from '../handler.ts'
import { noId } from '../topics/topic-id.ts'
import type { Topic } from '../topics/topics.ts'
import { clusterOperations, operationsNotAsked, topicOperations } from './authorized-operations.ts'
import { tellPartition } from './tell-partition.ts'

/** the version from which topics may be asked for by id */
const byIdSince = 12

type Asked = NonNullable<RequestRead<typeof metadata>['topics']>[number]
type Told = ResponseWritten<typeof metadata>['topics'][number]

function tellTopic(topic: Topic, nodeId: number, operations: number): Told {
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.isInternal,
    partitions: topic.partitions.map((log, index) => tellPartition(log, index, nodeId)),
    topicAuthorizedOperations: operations,
  }
}

function missing({ name, topicId }: Asked, error: ErrorName, operations: number): Told {
  return {
    errorCode: errorCode(error),
    name: name ?? null,
    topicId: name === null ? topicId : noId,
    partitions: [],
    topicAuthorizedOperations: operations,
  }
}

function find({ topics }: Broker, asked: Asked, mayCreate: boolean): Topic | ErrorName {
  const { name, topicId } = asked
  if (name === null) return topics.byId(topicId) ?? 'UNKNOWN_TOPIC_ID'
  const topic = topics.get(name)
  if (topic) return topic
  return topics.autoCreate(name, mayCreate)
}

/** The topics that a request asks for; undefined for all of them. */
function wantedOf({ topics }: RequestRead<typeof metadata>, version: number): readonly Asked[] | undefined {
  return topics === null || (version === 0 && topics.length === 0) ? undefined : topics
}

/** What makes the whole request one that can't be answered. */
function refusalOf(asked: readonly Asked[], version: number): ErrorName | undefined {
  const hasIds = asked.some(({ topicId }) => topicId !== noId)
  const isUnnamed = asked.some(({ name, topicId }) => name === null && (version < byIdSince || topicId === noId))
  if (version < byIdSince) return hasIds || isUnnamed ? 'INVALID_REQUEST' : undefined
  return isUnnamed && !hasIds ? 'UNKNOWN_SERVER_ERROR' : undefined
}

/** Each topic once; where one is asked for by id, only those that are, whatever name stands beside. */
function distinct(asked: readonly Asked[]): Asked[] {
  const ids = new Set(asked.flatMap(({ topicId }) => (topicId === noId ? [] : [topicId])))
  if (ids.size > 0) return Array.from(ids, (topicId) => ({ name: null, topicId }))
  return Array.from(new Set(asked.map(({ name }) => name)), (name) => ({ name, topicId: noId }))
}

function refuseAll(asked: readonly Asked[], code: number): ResponseWritten<typeof metadata> {
  const topics = asked.map(({ name, topicId }) => ({ errorCode: code, name: name ?? '', topicId, partitions: [] }))
  return { brokers: [], topics }
}

export const metadataHandler = handler({
  api: metadata,
  versions: [0, 12],
  handle: (broker, request, { version, host, port }) => {
    const { nodeId, clusterId, topics } = broker
    const wanted = wantedOf(request, version)
    const refused = refusalOf(wanted ?? [], version)
    if (refused) return refuseAll(wanted ?? [], errorCode(refused))
    const operations = request.includeTopicAuthorizedOperations ? topicOperations : operationsNotAsked
    const tell = (one: Asked): Told => {
      const found = find(broker, one, request.allowAutoTopicCreation)
      return typeof found === 'string' ? missing(one, found, operations) : tellTopic(found, nodeId, operations)
    }
    return {
      brokers: [{ nodeId, host, port }],
      clusterId,
      controllerId: nodeId,
      topics: wanted
        ? distinct(wanted).map(tell)
        : Array.from(topics.all(), (topic) => tellTopic(topic, nodeId, operations)),
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? clusterOperations : operationsNotAsked,
    }
  },
  // a broker that can't tell of topics tells of the cluster
  refuse: (request, code, { broker, call: { host, port, version } }) => {
    const { nodeId, clusterId, topics } = broker
    const wanted = wantedOf(request, version) ?? Array.from(topics.all(), ({ name, id }) => ({ name, topicId: id }))
    return { ...refuseAll(wanted, code), brokers: [{ nodeId, host, port }], clusterId, controllerId: nodeId }
  },
})
