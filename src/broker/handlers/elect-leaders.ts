// ElectLeaders: the one replica of a partition leads it, so that no election is ever needed. Null asks for all partitions; then only
// those would be told that got another leader, and there are none. Version 0 knows only the election of the preferred leader.
import type { RequestRead } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { electLeaders } from '../../protocol/messages/elect-leaders.ts'
import type { Broker } from '../broker.ts'
import { handler } from '../handler.ts'
import type { Problem } from '../topics/topics.ts'

const kinds = new Set([0, 1])

type Asked = NonNullable<RequestRead<typeof electLeaders>['topicPartitions']>

function partitionProblem({ topics }: Broker, name: string, partition: number): Problem {
  const topic = topics.get(name)
  if (!topic) return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: `No such topic as ${name}` }
  if (!topic.partitions[partition])
    return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: `No such partition as ${name}-${partition}` }
  return { error: 'ELECTION_NOT_NEEDED', message: 'Leader election not needed for topic partition.' }
}

function allTopics({ topics }: Broker): Asked {
  return Array.from(topics.all(), ({ name }) => ({ topic: name, partitions: [] }))
}

export const electLeadersHandler = handler({
  api: electLeaders,
  versions: [0, 2],
  handle: (broker, { electionType, topicPartitions }) => {
    const wrongKind: Problem | undefined = kinds.has(electionType)
      ? undefined
      : { error: 'INVALID_REQUEST', message: `Unknown election type ${electionType}` }
    const asked = topicPartitions ?? (wrongKind ? [] : allTopics(broker))
    const told = asked.map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map((partitionId) => {
        const { error, message } = wrongKind ?? partitionProblem(broker, topic, partitionId)
        return { partitionId, errorCode: errorCode(error), errorMessage: message }
      }),
    }))
    const code = wrongKind ? errorCode(wrongKind.error) : 0
    return { throttleTimeMs: 0, errorCode: code, replicaElectionResults: told }
  },
})
