// OffsetCommit. Version 1 has a commit time per offset, versions 2 to 4 a retention for all. Version 0 kept offsets in ZooKeeper; a
// broker without it refuses each partition.
import { type ErrorName, errorCode } from '../../protocol/error-table.ts'
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import { offsetCommit as api } from '../../protocol/messages/offset-commit.ts'
import type { CommitAnswer, CommitRequest, OffsetToCommit } from '../groups/requests.ts'
import { handler } from '../handler.ts'
import { byTopic } from './by-topic.ts'
import { whenAnswered } from './when-answered.ts'

type Request = RequestRead<typeof api>

function offsetsOf({ topics }: Request): OffsetToCommit[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.map((each) => ({
      topic: name,
      partition: each.partitionIndex,
      offset: each.committedOffset,
      leaderEpoch: each.committedLeaderEpoch,
      metadata: each.committedMetadata,
      commitTime: each.commitTimestamp === -1n ? undefined : Number(each.commitTimestamp),
    })),
  )
}

function commitRequest(request: Request, offsets: readonly OffsetToCommit[]): CommitRequest {
  const { groupId, memberId, groupInstanceId: instanceId, generationIdOrMemberEpoch: generation } = request
  const retentionMs = request.retentionTimeMs === -1n ? undefined : Number(request.retentionTimeMs)
  return { groupId, memberId, instanceId, generation, retentionMs, offsets }
}

function tell(
  offsets: readonly OffsetToCommit[],
  errorOf: (offset: OffsetToCommit) => ErrorName,
): ResponseWritten<typeof api> {
  return {
    topics: byTopic(offsets, (each) => ({ partitionIndex: each.partition, errorCode: errorCode(errorOf(each)) })),
  }
}

export const offsetCommitHandler = handler({
  api,
  versions: [0, 9],
  handle: ({ groups, topics }, request, call) => {
    const offsets = offsetsOf(request)
    const known = offsets.filter(({ topic, partition }) => topics.get(topic)?.partitions[partition])
    if (known.length === 0) return tell(offsets, () => 'UNKNOWN_TOPIC_OR_PARTITION')
    if (call.version === 0) return tell(offsets, () => 'UNSUPPORTED_VERSION')
    return whenAnswered(
      call,
      (reply) => groups.commit(commitRequest(request, known), reply),
      (errors: CommitAnswer) => {
        const errorOf = new Map(known.map((offset, i) => [offset, errors[i]!]))
        return tell(offsets, (offset) => errorOf.get(offset) ?? 'UNKNOWN_TOPIC_OR_PARTITION')
      },
    )
  },
  refuse: ({ topics }, code) => ({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: code })),
    })),
  }),
})
