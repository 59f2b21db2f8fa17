// AlterPartitionReassignments: a partition can only go where it is, to the one node, which is done at once; null takes back a move, and
// there is none.
import type { RequestRead } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { alterPartitionReassignments } from '../../protocol/messages/alter-partition-reassignments.ts'
import type { Broker } from '../broker.ts'
import { handler } from '../handler.ts'
import { assignmentProblem } from '../topics/new-topic.ts'
import type { Problem } from '../topics/topics.ts'

type Asked = RequestRead<typeof alterPartitionReassignments>['topics'][number]['partitions'][number]

function problemOf({ topics, nodeId }: Broker, name: string, { partitionIndex, replicas }: Asked): Problem | undefined {
  const unknown = (message: string): Problem => ({ error: 'UNKNOWN_TOPIC_OR_PARTITION', message })
  const topic = topics.get(name)
  if (!topic) return unknown(`Unable to find a topic named ${name}.`)
  if (!topic.partitions[partitionIndex]) return unknown(`Unable to find partition ${name}:${partitionIndex}.`)
  if (replicas === null) return { error: 'NO_REASSIGNMENT_IN_PROGRESS', message: null }
  return assignmentProblem(replicas, nodeId)
}

export const alterPartitionReassignmentsHandler = handler({
  api: alterPartitionReassignments,
  versions: [0, 0],
  handle: (broker, { topics }) => ({
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: topics.length === 0 ? '' : null,
    responses: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((asked) => {
        const problem = problemOf(broker, name, asked)
        const { partitionIndex } = asked
        return {
          partitionIndex,
          errorCode: errorCode(problem?.error ?? 'NONE'),
          errorMessage: problem?.message ?? null,
        }
      }),
    })),
  }),
})
