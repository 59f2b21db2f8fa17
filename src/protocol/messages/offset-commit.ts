import { api } from '../api.ts'
import { array, int16, int32, int64, string } from '../notation.ts'

export const offsetCommit = api({
  key: 8,
  name: 'OffsetCommit',
  versions: [0, 9],
  flexible: 8,
  request: {
    groupId: string(),
    generationIdOrMemberEpoch: int32({ since: 1, default: -1, ignorable: true }),
    memberId: string({ since: 1, ignorable: true }),
    groupInstanceId: string({ since: 7, nullable: 7, default: null }),
    retentionTimeMs: int64({ since: 2, until: 4, default: -1n, ignorable: true }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ since: 6, default: -1, ignorable: true }),
        commitTimestamp: int64({ since: 1, until: 1, default: -1n }),
        committedMetadata: string({ nullable: 0 }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ since: 3, ignorable: true }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
})
