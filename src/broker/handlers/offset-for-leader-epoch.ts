// OffsetForLeaderEpoch (KIP-101, KIP-279): where the records of a leader epoch end.
import { offsetForLeaderEpoch } from '../../protocol/messages/offset-for-leader-epoch.ts'
import { handler } from '../handler.ts'
import { partitionOf } from './partition-of.ts'

const unknown = { leaderEpoch: -1, endOffset: -1n }

export const offsetForLeaderEpochHandler = handler({
  api: offsetForLeaderEpoch,
  versions: [0, 4],
  handle: ({ topics }, request) => ({
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
        const log = partitionOf(topics.get(topic), partition, currentLeaderEpoch)
        if (typeof log === 'number') return { partition, errorCode: log, ...unknown }
        const end = log.endOfEpoch(leaderEpoch)
        return {
          partition,
          errorCode: 0,
          ...(end ? { leaderEpoch: end.epoch, endOffset: BigInt(end.endOffset) } : unknown),
        }
      }),
    })),
  }),
})
