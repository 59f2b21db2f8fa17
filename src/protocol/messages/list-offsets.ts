import { api } from '../api.ts'
import { array, int16, int32, int64, int8, string } from '../notation.ts'

export const listOffsets = api({
  key: 2,
  name: 'ListOffsets',
  versions: [0, 9],
  flexible: 6,
  request: {
    replicaId: int32(),
    isolationLevel: int8({ since: 2 }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        currentLeaderEpoch: int32({ since: 4, default: -1, ignorable: true }),
        timestamp: int64(),
        maxNumOffsets: int32({ until: 0, default: 1 }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ since: 2, ignorable: true }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        oldStyleOffsets: array(int64(), { until: 0 }),
        timestamp: int64({ since: 1, default: -1n }),
        offset: int64({ since: 1, default: -1n }),
        leaderEpoch: int32({ since: 4, default: -1 }),
      }),
    }),
  },
})
