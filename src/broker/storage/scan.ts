// Looks through a segment after a crash: what is whole stays, what comes behind the first thing that is not whole is cut off.
import { isSealed } from '../../protocol/records/seal.ts'
import type { BatchCursor } from './batch-cursor.ts'
import type { Segment } from './segment.ts'

export interface Scanning {
  /** checksums are counted from this offset on: what is before was safe */
  readonly safe: number
  /** no batch may begin before it */
  readonly from: number
  /** from here on every batch begins where the one before ends; compaction, which leaves gaps, does not come so far */
  readonly gapless: number
  /** no batch can be of a later leader epoch */
  readonly latestEpoch: number
  readonly indexInterval: number
  /** hears of every whole batch */
  readonly onBatch: (cursor: BatchCursor) => void
}

/** What is wrong with the batch that the cursor stands on, if anything. */
function faultOf(cursor: BatchCursor, expected: number, scanning: Scanning): string | undefined {
  const { safe, gapless, latestEpoch } = scanning
  if (cursor.magic !== 2) return `a batch of format ${cursor.magic}`
  const { baseOffset, lastOffset } = cursor
  if (baseOffset < expected || (baseOffset !== expected && baseOffset > gapless))
    return `offset ${baseOffset} where ${expected} is the next`
  if (lastOffset < baseOffset || !Number.isSafeInteger(lastOffset)) return 'offsets that go back'
  if (cursor.leaderEpoch > latestEpoch) return `leader epoch ${cursor.leaderEpoch}, which is yet to come`
  if (baseOffset < safe) return undefined
  return isSealed(cursor.bytes()) ? undefined : 'a checksum that is wrong'
}

/**
 * Takes note of every whole batch in the segment's file, whose indexes are built anew by it. Answers what is wrong behind the
 * last of them, if anything is there.
 */
export function scanSegment(segment: Segment, scanning: Scanning): string | undefined {
  const size = segment.file.size()
  const cursor = segment.batchesFrom(0, size)
  let expected = Math.max(segment.base, scanning.from)
  while (cursor.next()) {
    const fault = faultOf(cursor, expected, scanning)
    if (fault !== undefined) return fault
    const { lastOffset, maxTimestamp } = cursor
    scanning.onBatch(cursor)
    segment.note({ size: cursor.size, lastOffset, maxTimestamp }, scanning.indexInterval)
    expected = lastOffset + 1
  }
  return segment.size === size ? undefined : 'a batch that is not whole'
}
