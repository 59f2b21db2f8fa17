// Offsets by time: the index leads to a batch, and only that one is opened, so the answer is exact to the record.
import { EvplatError } from '../../core/errors.ts'
import type { Batch } from '../../protocol/records/batch.ts'
import { RecordCursor } from '../../protocol/records/cursor.ts'
import { mostUnfolded } from '../records/plain-records.ts'
import type { Place } from './partition-log.ts'
import type { Segment } from './segment.ts'

/** Offsets that may be found: from the log's start up to its high watermark. */
export interface Range {
  readonly from: number
  readonly to: number
}

/**
 * A compressed batch that was taken unopened may turn out not to be readable: then it has no records to find, no more than at offsets
 * that are not its own.
 */
function firstRecord(batch: Batch, isIt: (cursor: RecordCursor) => boolean): RecordCursor | undefined {
  const cursor = new RecordCursor()
  try {
    cursor.open(batch, mostUnfolded)
    while (cursor.next()) {
      const isOwn = cursor.offset >= batch.baseOffset && cursor.offset <= batch.lastOffset
      if (isOwn && isIt(cursor)) return cursor
    }
  } catch (thrown) {
    if (!(thrown instanceof EvplatError)) throw thrown
  }
  return undefined
}

/** The first record at or after `timestamp`. `segments` are those of the range, in order. */
export function findTime(segments: readonly Segment[], timestamp: number, { from, to }: Range): Place | undefined {
  for (const segment of segments) {
    if (segment.largest.timestamp < timestamp || segment.end <= from) continue
    const cursor = segment.batchesFrom(Math.max(segment.positionBeforeTime(timestamp), segment.positionOf(from)))
    while (cursor.next() && cursor.baseOffset < to) {
      if (cursor.maxTimestamp < timestamp || cursor.count === 0) continue
      const found = firstRecord(cursor.batch(), (each) => each.timestamp >= timestamp && each.offset >= from)
      if (found && found.offset < to)
        return { offset: found.offset, timestamp: found.timestamp, leaderEpoch: cursor.leaderEpoch }
    }
  }
  return undefined
}

/** Walks the batches of a part of a segment; the first record of the largest time in it. */
function largestIn(segment: Segment, { from, to }: Range): Place | undefined {
  let best: Place | undefined
  const isLarger = (timestamp: number): boolean => timestamp > (best?.timestamp ?? -1)
  const cursor = segment.batchesFrom(segment.positionOf(from))
  while (cursor.next() && cursor.baseOffset < to) {
    if (!isLarger(cursor.maxTimestamp) || cursor.count === 0) continue
    const { leaderEpoch } = cursor
    firstRecord(cursor.batch(), ({ offset, timestamp }) => {
      if (offset >= from && offset < to && isLarger(timestamp)) best = { offset, timestamp, leaderEpoch }
      return false
    })
  }
  return best
}

/** What the segment remembers of its largest time, where that lies within the range. */
function rememberedLargest(segment: Segment, { from, to }: Range): Place | undefined {
  const { timestamp, offset: lastOffset } = segment.largest
  const cursor = segment.batchesFrom(segment.positionOf(lastOffset))
  if (!cursor.next() || cursor.baseOffset < from || cursor.lastOffset >= to || cursor.count === 0) return undefined
  const found = firstRecord(cursor.batch(), (each) => each.timestamp === timestamp)
  return found && { offset: found.offset, timestamp, leaderEpoch: cursor.leaderEpoch }
}

/** The record with the largest timestamp, the first of them; undefined when no record has a time. */
export function findLargestTime(segments: readonly Segment[], range: Range): Place | undefined {
  let best: Place | undefined
  for (const segment of segments) {
    if (segment.largest.timestamp <= (best?.timestamp ?? -1) || segment.end <= range.from) continue
    const place = rememberedLargest(segment, range) ?? largestIn(segment, range)
    if (place && place.timestamp > (best?.timestamp ?? -1)) best = place
  }
  return best
}
