// One file of a log: raw batches one after the other, as clients sent them, with a sparse index by offset and one by time.
import { batchAt, batchPrefix } from '../../protocol/records/batch.ts'
import { int64At, toInt64 } from '../records/batch-header.ts'
import { BatchCursor } from './batch-cursor.ts'
import { tolerate } from './device-error.ts'
import type { LogFile } from './files.ts'
import { GrowingRows, growingRows, lastRow, offsetRow, type Rows, timeRow } from './index-rows.ts'

/** Where the largest timestamp of a segment is. */
export interface Largest {
  /** in ms; -1 when no record has a time */
  readonly timestamp: number
  /** the last offset of the first batch that has it */
  readonly offset: number
}

export interface Limits {
  readonly maxBytes: number
  /** one batch comes even if it is larger than that */
  readonly atLeastOne: boolean
}

export const noTime: Largest = { timestamp: -1, offset: -1 }

export class Segment {
  readonly base: number
  readonly file: LogFile
  /** the offset after the last record */
  end: number
  /** in bytes */
  size = 0
  largest: Largest = noTime
  /** when something was last written, in ms: the age of records without a time */
  modified: number
  offsets: Rows = new GrowingRows(offsetRow)
  times: Rows = new GrowingRows(timeRow)
  /** when the segment was begun, in ms */
  readonly created: number
  /** a part of a batch stands at its end, and could not be cut off: nothing may be written behind it */
  isTorn = false
  /** the indexes in files are not those in memory */
  isDirty = false
  private sinceRow = 0
  private first: number | undefined
  private hint = { offset: -1, position: 0 }

  constructor(base: number, file: LogFile, modified: number) {
    this.base = base
    this.end = base
    this.file = file
    this.modified = modified
    this.created = modified
  }

  /** The largest timestamp of the first batch, in ms; -1 without one. It counts the time until the segment is full. */
  firstTimestamp(): number {
    if (this.first === undefined) {
      const cursor = this.batchesFrom(0)
      if (!cursor.next()) return -1
      this.first = cursor.maxTimestamp
    }
    return this.first
  }

  /** Writes a batch at the end. Throws what the device says; then nothing of it stays, or the segment is torn. */
  write(batch: Buffer): void {
    try {
      this.file.append([batch])
    } catch (thrown) {
      if (!tolerate(() => this.file.truncate(this.size))) this.isTorn = true
      throw thrown
    }
  }

  /** Takes note of a batch that stands at the end of the file now; a row goes into the indexes every `interval` bytes. */
  note(
    batch: { readonly size: number; readonly lastOffset: number; readonly maxTimestamp: number },
    interval: number,
  ): void {
    const position = this.size
    this.isDirty = true
    if (batch.maxTimestamp > this.largest.timestamp)
      this.largest = { timestamp: batch.maxTimestamp, offset: batch.lastOffset }
    if (this.sinceRow > interval) {
      const row = (this.offsets = growingRows(this.offsets, offsetRow)).add()
      row.writeInt32BE(batch.lastOffset - this.base, 0)
      row.writeInt32BE(position, 4)
      this.noteTime()
      this.sinceRow = 0
    }
    this.sinceRow += batch.size
    this.size = position + batch.size
    this.end = batch.lastOffset + 1
  }

  /** A row for the largest time so far, where it is larger than that of the last row. */
  noteTime(): void {
    const { timestamp, offset } = this.largest
    const { count } = this.times
    if (timestamp <= (count === 0 ? -1 : int64At(this.times.row(count - 1), 0))) return
    const row = (this.times = growingRows(this.times, timeRow)).add()
    row.writeBigInt64BE(toInt64(timestamp), 0)
    row.writeInt32BE(offset - this.base, 8)
  }

  /** Where the first batch begins that ends at or after this offset; the size of the file when none does. */
  positionOf(offset: number): number {
    if (offset >= this.end) return this.size
    if (offset <= this.base) return 0
    if (offset === this.hint.offset) return this.hint.position
    const relative = offset - this.base
    const row = lastRow(this.offsets, (bytes) => bytes.readInt32BE(0) <= relative)
    const cursor = this.batchesFrom(row < 0 ? 0 : this.offsets.row(row).readInt32BE(4))
    while (cursor.next()) if (cursor.lastOffset >= offset) return cursor.position
    return this.size
  }

  /** A place before the first record at or after that time, and not far before it. */
  positionBeforeTime(timestamp: number): number {
    const row = lastRow(this.times, (bytes) => int64At(bytes, 0) < timestamp)
    return row < 0 ? 0 : this.positionOf(this.base + this.times.row(row).readInt32BE(8))
  }

  batchesFrom(position: number, end = this.size): BatchCursor {
    return new BatchCursor(this.file, position, end)
  }

  /** Whole batches from `position` on, up to `end`: at most `maxBytes`, but one at least if `atLeastOne`. */
  read(position: number, end: number, limits: Limits): Buffer {
    const bytes = this.file.read(position, Math.min(limits.maxBytes, end - position))
    let whole = 0
    let last = -1
    while (bytes.length - whole >= batchAt.records) {
      const size = bytes.readInt32BE(whole + batchAt.length) + batchPrefix
      if (size < batchAt.records || whole + size > bytes.length) break
      last = whole
      whole += size
    }
    if (last >= 0) {
      const lastOffset = int64At(bytes, last) + bytes.readInt32BE(last + batchAt.lastOffsetDelta)
      this.hint = { offset: lastOffset + 1, position: position + whole }
      return bytes.subarray(0, whole)
    }
    const first = this.batchesFrom(position, end)
    return limits.atLeastOne && first.next() ? first.bytes() : Buffer.alloc(0)
  }
}
