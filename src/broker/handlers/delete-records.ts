// DeleteRecords: moves the start of partitions. -1 is the high watermark. Partitions of topics that are only compacted keep their records,
// and of a partition that is named twice the last offset counts.
import { type ErrorName, errorCode } from '../../protocol/error-table.ts'
import type { ResponseWritten } from '../../protocol/api.ts'
import { deleteRecords } from '../../protocol/messages/delete-records.ts'
import { handler } from '../handler.ts'
import { orRefused } from '../storage/device-error.ts'
import type { PartitionLog } from '../storage/partition-log.ts'
import type { Topic } from '../topics/topics.ts'

type Told = ResponseWritten<typeof deleteRecords>['topics'][number]['partitions'][number]

const highWatermark = -1

function move(topic: Topic, log: PartitionLog, asked: number): number | ErrorName {
  if (topic.isInternal) return 'INVALID_TOPIC_EXCEPTION'
  if (!topic.config['cleanup.policy'].delete) return 'POLICY_VIOLATION'
  const before = asked === highWatermark ? log.highWatermark : asked
  if (before < 0 || before > log.highWatermark) return 'OFFSET_OUT_OF_RANGE'
  return orRefused(() => log.deleteRecords(before), 'KAFKA_STORAGE_ERROR')
}

function answer(topic: Topic | undefined, partitionIndex: number, offset: bigint): Told {
  const log = topic?.partitions[partitionIndex]
  const moved = topic && log ? move(topic, log, Number(offset)) : 'UNKNOWN_TOPIC_OR_PARTITION'
  if (typeof moved === 'string') return { partitionIndex, lowWatermark: -1n, errorCode: errorCode(moved) }
  return { partitionIndex, lowWatermark: BigInt(moved), errorCode: 0 }
}

export const deleteRecordsHandler = handler({
  api: deleteRecords,
  versions: [0, 2],
  handle: ({ topics }, request) => {
    const asked = new Map<string, Map<number, bigint>>()
    for (const { name, partitions } of request.topics)
      for (const { partitionIndex, offset } of partitions) {
        const offsets = asked.get(name) ?? new Map<number, bigint>()
        asked.set(name, offsets.set(partitionIndex, offset))
      }
    const told = Array.from(asked, ([name, offsets]) => ({
      name,
      partitions: Array.from(offsets, ([partition, offset]) => answer(topics.get(name), partition, offset)),
    }))
    return { throttleTimeMs: 0, topics: told }
  },
})
