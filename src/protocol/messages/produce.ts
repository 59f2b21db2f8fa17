import { api } from '../api.ts'
import { array, int16, int32, int64, records, string, struct } from '../notation.ts'

export const produce = api({
  key: 0,
  name: 'Produce',
  versions: [0, 11],
  flexible: 9,
  request: {
    transactionalId: string({ since: 3, nullable: 3, default: null }),
    acks: int16(),
    timeoutMs: int32(),
    topicData: array({
      name: string(),
      partitionData: array({
        index: int32(),
        records: records({ nullable: 0 }),
      }),
    }),
  },
  response: {
    responses: array({
      name: string(),
      partitionResponses: array({
        index: int32(),
        errorCode: int16(),
        baseOffset: int64(),
        logAppendTimeMs: int64({ since: 2, default: -1n, ignorable: true }),
        logStartOffset: int64({ since: 5, default: -1n, ignorable: true }),
        recordErrors: array(
          {
            batchIndex: int32(),
            batchIndexErrorMessage: string({ nullable: 0, default: null }),
          },
          { since: 8, ignorable: true },
        ),
        errorMessage: string({ since: 8, nullable: 8, default: null, ignorable: true }),
        currentLeader: struct(
          {
            leaderId: int32({ default: -1 }),
            leaderEpoch: int32({ default: -1 }),
          },
          { since: 10, tag: 0 },
        ),
      }),
    }),
    throttleTimeMs: int32({ since: 1, default: 0, ignorable: true }),
    nodeEndpoints: array(
      {
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string({ nullable: 0, default: null }),
      },
      { since: 10, tag: 0 },
    ),
  },
})
