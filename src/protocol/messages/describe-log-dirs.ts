import { api } from '../api.ts'
import { array, bool, int16, int32, int64, string } from '../notation.ts'

export const describeLogDirs = api({
  key: 35,
  name: 'DescribeLogDirs',
  versions: [0, 4],
  flexible: 2,
  request: {
    topics: array(
      {
        topic: string(),
        partitions: array(int32()),
      },
      { nullable: 0 },
    ),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16({ since: 3, ignorable: true }),
    results: array({
      errorCode: int16(),
      logDir: string(),
      topics: array({
        name: string(),
        partitions: array({
          partitionIndex: int32(),
          partitionSize: int64(),
          offsetLag: int64(),
          isFutureKey: bool(),
        }),
      }),
      totalBytes: int64({ since: 4, default: -1n, ignorable: true }),
      usableBytes: int64({ since: 4, default: -1n, ignorable: true }),
    }),
  },
})
