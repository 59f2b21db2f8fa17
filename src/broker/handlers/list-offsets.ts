// ListOffsets: offsets by position or by time. From version 1 on; the list of segments that version 0 asked for is not told.
// Times below zero are words: KIP-734 brought the record with the largest timestamp, KIP-405 and KIP-1005 the tiered logs, which
// are not here: "earliest local" is the start, "latest tiered" is nowhere.
import { errorCode } from '../../protocol/error-table.ts'
import { listOffsets } from '../../protocol/messages/list-offsets.ts'
import { handler } from '../handler.ts'
import { toInt64 } from '../records/batch-header.ts'
import type { PartitionLog, Place } from '../storage/partition-log.ts'
import { partitionOf } from './partition-of.ts'
import { repeated } from './repeated.ts'

const word = { latest: -1, earliest: -2, maxTimestamp: -3, earliestLocal: -4, latestTiered: -5 } as const
/** the version that brought a word; other numbers below zero are none */
const wordSince: Readonly<Record<number, number>> = {
  [word.latest]: 1,
  [word.earliest]: 1,
  [word.maxTimestamp]: 7,
  [word.earliestLocal]: 8,
  [word.latestTiered]: 9,
}
const nowhere: Place = { offset: -1, timestamp: -1, leaderEpoch: -1 }

function placeOf(log: PartitionLog, timestamp: number): Place {
  const at = (offset: number, leaderEpoch = log.leaderEpoch): Place => ({ offset, timestamp: -1, leaderEpoch })
  switch (timestamp) {
    case word.latest:
      return at(log.highWatermark)
    case word.earliest:
    case word.earliestLocal:
      return at(log.startOffset, log.epochAt(log.startOffset))
    case word.maxTimestamp:
      return log.placeOfMaxTimestamp() ?? nowhere
    case word.latestTiered:
      return nowhere
    default:
      return log.placeOfTime(timestamp) ?? nowhere
  }
}

function isKnown(timestamp: bigint, version: number): boolean {
  return timestamp >= 0n || version >= (wordSince[Number(timestamp)] ?? Infinity)
}

export const listOffsetsHandler = handler({
  api: listOffsets,
  versions: [1, 9],
  handle: ({ topics }, request, { version }) => {
    const keyOf = (topic: string, partition: number): string => `${topic} ${partition}`
    const twice = repeated(
      request.topics.flatMap(({ name, partitions }) => partitions.map((each) => keyOf(name, each.partitionIndex))),
    )
    return {
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, currentLeaderEpoch, timestamp }) => {
          const refused = (code: number) => ({ partitionIndex, errorCode: code })
          if (twice.has(keyOf(name, partitionIndex))) return refused(errorCode('INVALID_REQUEST'))
          if (!isKnown(timestamp, version)) return refused(errorCode('UNSUPPORTED_VERSION'))
          const log = partitionOf(topics.get(name), partitionIndex, currentLeaderEpoch)
          if (typeof log === 'number') return refused(log)
          const place = placeOf(log, Number(timestamp))
          return {
            partitionIndex,
            errorCode: 0,
            timestamp: toInt64(place.timestamp),
            offset: BigInt(place.offset),
            ...(version >= 4 && { leaderEpoch: place.leaderEpoch }),
          }
        }),
      })),
    }
  },
})
