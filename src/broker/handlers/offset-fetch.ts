// OffsetFetch. From version 2 on no topics means all that the group has; from 8 on several groups are asked at once (KIP-709).
// Version 0 kept offsets in ZooKeeper; a broker without it refuses each partition. Whether a partition exists is not asked.
import { errorCode } from '../../protocol/error-table.ts'
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import { offsetFetch as api } from '../../protocol/messages/offset-fetch.ts'
import type { FetchedOffset, PartitionName } from '../groups/requests.ts'
import { handler } from '../handler.ts'
import { byTopic } from './by-topic.ts'

type Request = RequestRead<typeof api>
type Topics = Request['topics']

function partitionsOf(topics: Topics): PartitionName[] | undefined {
  return topics?.flatMap(({ name, partitionIndexes }) =>
    partitionIndexes.map((partition) => ({ topic: name, partition })),
  )
}

const tellPartition = (fetched: FetchedOffset) => ({
  partitionIndex: fetched.partition,
  committedOffset: fetched.offset,
  committedLeaderEpoch: fetched.leaderEpoch,
  metadata: fetched.metadata,
  errorCode: errorCode(fetched.error),
})

/** The answer that has an error and no offsets: where there is no field for it, each partition has it. */
function refuse(request: Request, code: number): ResponseWritten<typeof api> {
  const none = (partitionIndex: number) => ({
    partitionIndex,
    committedOffset: -1n,
    committedLeaderEpoch: -1,
    metadata: '',
    errorCode: code,
  })
  return {
    topics: (request.topics ?? []).map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map(none),
    })),
    errorCode: code,
    groups: request.groups.map(({ groupId }) => ({ groupId, topics: [], errorCode: code })),
  }
}

export const offsetFetchHandler = handler({
  api,
  versions: [0, 9],
  handle: ({ groups }, request, { version }) => {
    if (version === 0) return refuse(request, errorCode('UNSUPPORTED_VERSION'))
    const { requireStable } = request
    const fetch = (groupId: string, topics: Topics) => {
      const { error, offsets } = groups.fetchOffsets({ groupId, partitions: partitionsOf(topics), requireStable })
      // the first versions have no place for an error of the whole; the others tell it alone
      const told = error === 'NONE' || version < 2 ? offsets : []
      return { groupId, topics: byTopic(told, tellPartition), errorCode: errorCode(error) }
    }
    if (version < 8) return fetch(request.groupId, request.topics)
    return { groups: request.groups.map(({ groupId, topics }) => fetch(groupId, topics)) }
  },
  refuse,
})
