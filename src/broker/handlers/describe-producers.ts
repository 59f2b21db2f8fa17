// DescribeProducers (KIP-664): the idempotent producers that a partition remembers, as `kafka-transactions.sh describe-producers` shows
// them. None has a transaction open, so no coordinator has written a marker for it and no transaction begins anywhere.
import { api } from '../../protocol/api.ts'
import { array, int16, int32, int64, string } from '../../protocol/notation.ts'
import { handler } from '../handler.ts'
import { toInt64 } from '../records/batch-header.ts'
import { generalWords } from './general-words.ts'
import { partitionOf } from './partition-of.ts'

export const describeProducers = api({
  key: 61,
  name: 'DescribeProducers',
  versions: [0, 0],
  flexible: 0,
  request: {
    topics: array({
      name: string(),
      partitionIndexes: array(int32()),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: 0, default: null }),
        activeProducers: array({
          producerId: int64(),
          producerEpoch: int32(),
          lastSequence: int32({ default: -1 }),
          lastTimestamp: int64({ default: -1n }),
          coordinatorEpoch: int32(),
          currentTxnStartOffset: int64({ default: -1n }),
        }),
      }),
    }),
  },
})

export const describeProducersHandler = handler({
  api: describeProducers,
  versions: [0, 0],
  handle: ({ topics }, request) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => {
        const topic = topics.get(name)
        const log = partitionOf(topic, partitionIndex)
        if (typeof log === 'number') {
          const errorMessage = topic ? null : generalWords.UNKNOWN_TOPIC_OR_PARTITION
          return { partitionIndex, errorCode: log, errorMessage, activeProducers: [] }
        }
        const activeProducers = log.activeProducers().map(({ producerId, epoch, lastSequence, lastTimestamp }) => ({
          producerId,
          producerEpoch: epoch,
          lastSequence,
          lastTimestamp: toInt64(lastTimestamp),
          coordinatorEpoch: -1,
        }))
        return { partitionIndex, errorCode: 0, activeProducers }
      }),
    })),
  }),
})
