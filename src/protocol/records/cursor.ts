// Walks the records of batches in place: one cursor for a whole stream, no object per record.
import { EvplatError } from '../../core/errors.ts'
import type { Batch } from './batch.ts'
import { decompress } from './decompress.ts'

function broken(what: string): EvplatError {
  return new EvplatError('malformed-message', `a record is broken: ${what}`)
}

/**
 * Stands on one record at a time. Keys, values and headers are ranges of `bytes`; a start of -1 is null.
 * `open` a batch, then `next` until it says false.
 */
export class RecordCursor {
  bytes: Buffer = Buffer.alloc(0)
  offset = 0
  /** milliseconds since 1970 */
  timestamp = 0
  keyStart = -1
  keyEnd = -1
  valueStart = -1
  valueEnd = -1
  headerCount = 0

  private at = 0
  private headersAt = 0
  private recordEnd = 0
  private left = 0
  private batch: Batch | undefined

  /** Throws `malformed-message` for what can't be decompressed, to `mostBytes` at most where that is given. */
  open(batch: Batch, mostBytes?: number): void {
    this.batch = batch
    this.bytes = batch.codec === 0 ? batch.body : decompress(batch.codec, batch.body, mostBytes)
    this.at = 0
    this.recordEnd = 0
    this.left = batch.count
  }

  /** Moves to the next record of the batch. */
  next(): boolean {
    if (this.left <= 0) return false
    this.left--
    const batch = this.batch!
    this.at = this.recordEnd
    const length = this.varint()
    this.recordEnd = this.at + length
    if (length < 0 || this.recordEnd > this.bytes.length) throw broken(`it announces ${length} bytes`)
    this.at++ // attributes, unused
    const timestampDelta = this.varint()
    this.offset = batch.baseOffset + this.varint()
    this.timestamp = batch.isLogAppendTime ? batch.maxTimestamp : batch.baseTimestamp + timestampDelta
    const keyLength = this.varint()
    this.keyStart = keyLength < 0 ? -1 : this.at
    this.keyEnd = this.skip(keyLength)
    const valueLength = this.varint()
    this.valueStart = valueLength < 0 ? -1 : this.at
    this.valueEnd = this.skip(valueLength)
    this.headerCount = this.varint()
    if (this.headerCount < 0 || this.headerCount > this.recordEnd - this.at)
      throw broken(`it announces ${this.headerCount} headers`)
    this.headersAt = this.at
    return true
  }

  /** The key, or null; a view. */
  key(): Buffer | null {
    return this.keyStart < 0 ? null : this.bytes.subarray(this.keyStart, this.keyEnd)
  }

  /** The value, or null for a tombstone; a view. */
  value(): Buffer | null {
    return this.valueStart < 0 ? null : this.bytes.subarray(this.valueStart, this.valueEnd)
  }

  /** Names and values of the headers, in their order; a name may occur twice. */
  headers(): [name: string, value: Buffer | null][] {
    const list: [string, Buffer | null][] = []
    this.at = this.headersAt
    for (let n = this.headerCount; n > 0; n--) {
      const nameStart = this.at
      const nameLength = this.varint()
      if (nameLength < 0) throw broken(`a header without a name at ${nameStart}`)
      const nameAt = this.at
      const name = this.bytes.toString('utf8', nameAt, this.skip(nameLength))
      const length = this.varint()
      const valueAt = this.at
      const end = this.skip(length)
      list.push([name, length < 0 ? null : this.bytes.subarray(valueAt, end)])
    }
    return list
  }

  private skip(length: number): number {
    if (length > 0) this.at += length
    if (this.at > this.recordEnd) throw broken('a length reaches beyond its end')
    return this.at
  }

  /** A zigzag varint of at most 64 bits as a number; the usual one and two byte forms go first. */
  private varint(): number {
    const bytes = this.bytes
    let byte = bytes[this.at++]!
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1)
    let value = byte & 0x7f
    byte = bytes[this.at++]!
    if (byte < 0x80) {
      value |= byte << 7
      return (value >>> 1) ^ -(value & 1)
    }
    return this.longVarint(value, byte)
  }

  private longVarint(low: number, second: number): number {
    let value = low + (second & 0x7f) * 128
    let byte = second
    for (let shift = 14; byte >= 0x80; shift += 7) {
      if (shift > 63 || this.at >= this.bytes.length) throw broken('a varint does not end')
      byte = this.bytes[this.at++]!
      value += (byte & 0x7f) * 2 ** shift
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
}
