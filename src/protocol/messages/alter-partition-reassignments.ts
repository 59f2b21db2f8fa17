import { api } from '../api.ts'
import { array, int16, int32, string } from '../notation.ts'

export const alterPartitionReassignments = api({
  key: 45,
  name: 'AlterPartitionReassignments',
  versions: [0, 0],
  flexible: 0,
  request: {
    timeoutMs: int32({ default: 60000 }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        replicas: array(int32(), { nullable: 0, default: null }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: 0 }),
    responses: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: 0 }),
      }),
    }),
  },
})
