// The request that asks one broker for many partitions.
import { groupBy } from '../../core/group-by.ts'
import type { RequestOf } from '../../protocol/api.ts'
import type { fetch } from '../../protocol/messages/fetch.ts'

/** A partition that is read, and where it stands. */
export interface Position {
  readonly topic: string
  readonly partition: number
  next: number
  isPaused: boolean
  /** the end of the partition as the last fetch told it */
  end: number | undefined
}

export interface Asked {
  readonly position: Position
  /** where it stood when it was asked for: an answer is of no use after a seek */
  readonly from: number
}

export interface FetchSize {
  readonly readCommitted: boolean
  /** bytes of one partition in one fetch */
  readonly partitionBytes: number
}

const maxWaitMs = 500
const maxBytes = 16 * 1024 * 1024

export function fetchBody(
  asked: readonly Asked[],
  { readCommitted, partitionBytes }: FetchSize,
  topicId: (topic: string) => string,
): RequestOf<typeof fetch> {
  // the first partition with records is sure to be answered: begin elsewhere each time
  const turn = asked.reduce((sum, { from }) => sum + from, 0) % asked.length
  const turned = [...asked.slice(turn), ...asked.slice(0, turn)]
  const topics = [...groupBy(turned, ({ position }) => position.topic)].map(([topic, all]) => ({
    topic,
    topicId: topicId(topic),
    partitions: all.map(({ position, from }) => ({
      partition: position.partition,
      fetchOffset: BigInt(from),
      partitionMaxBytes: partitionBytes,
    })),
  }))
  return { maxWaitMs, minBytes: 1, maxBytes, isolationLevel: readCommitted ? 1 : 0, topics, forgottenTopicsData: [] }
}
