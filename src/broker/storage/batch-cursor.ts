// Walks the batches of a segment's file by their headers, in windows: bodies are read only where they are asked for.
import { type Batch, batchAt, batchesIn, batchPrefix } from '../../protocol/records/batch.ts'
import { int64At } from '../records/batch-header.ts'
import type { LogFile } from './files.ts'

const windowSize = 16 * 1024

/** Stands on one batch at a time, from `next` to `next`. */
export class BatchCursor {
  private readonly file: LogFile
  private readonly end: number
  private window: Buffer = Buffer.alloc(0)
  private windowAt = 0
  private head = 0
  position: number
  size = 0

  /** From the batch that begins at `position` up to `end`, both in bytes of the file. */
  constructor(file: LogFile, position: number, end: number) {
    this.file = file
    this.position = position
    this.end = end
  }

  /** Moves to the next batch. False at the end, and where no batch can stand: then `position` tells where that is. */
  next(): boolean {
    this.position += this.size
    this.size = 0
    if (this.position + batchAt.records > this.end) return false
    this.head = this.position - this.windowAt
    if (this.head < 0 || this.head + batchAt.records > this.window.length) {
      this.window = this.file.read(this.position, Math.min(windowSize, this.end - this.position))
      this.windowAt = this.position
      this.head = 0
      if (this.window.length < batchAt.records) return false
    }
    const size = this.window.readInt32BE(this.head + batchAt.length) + batchPrefix
    if (size < batchAt.records || this.position + size > this.end) return false
    this.size = size
    return true
  }

  get baseOffset(): number {
    return int64At(this.window, this.head + batchAt.baseOffset)
  }

  get lastOffset(): number {
    return this.baseOffset + this.window.readInt32BE(this.head + batchAt.lastOffsetDelta)
  }

  get leaderEpoch(): number {
    return this.window.readInt32BE(this.head + batchAt.leaderEpoch)
  }

  get magic(): number {
    return this.window.readInt8(this.head + batchAt.magic)
  }

  get maxTimestamp(): number {
    return int64At(this.window, this.head + batchAt.maxTimestamp)
  }

  get count(): number {
    return this.window.readInt32BE(this.head + batchAt.count)
  }

  /** the bytes of the header */
  header(): Buffer {
    return this.window.subarray(this.head, this.head + batchAt.records)
  }

  /** the whole batch */
  bytes(): Buffer {
    if (this.head + this.size <= this.window.length) return this.window.subarray(this.head, this.head + this.size)
    return this.file.read(this.position, this.size)
  }

  batch(): Batch {
    return batchesIn(this.bytes())[0]!
  }
}
