// The binary encoding of Avro (specification 1.12, "Binary Encoding"), read. Nothing is trusted: every length is compared with
// the bytes that are left before anything is made of it.
import { counted } from '../core/counted.ts'
import { isUtf8 } from 'node:buffer'
import { nestingLimit } from '../core/json.ts'
import { Misfit } from './value-error.ts'

/** How many values that take no bytes (null, an empty record) one message may hold: their number costs nothing to claim. */
const emptyLimit = 1_000_000

/** Text up to this many bytes is put together faster than the runtime is asked for it. */
const shortText = 8

const noBytes = Buffer.alloc(0)

export class BinaryIn {
  #bytes: Buffer = noBytes
  #at = 0
  #depth = 0
  #empty = 0

  /** Starts over with other bytes, behind the first `start` of them. */
  open(bytes: Buffer, start = 0): void {
    this.#bytes = bytes
    this.#at = start
    this.#depth = 0
    this.#empty = 0
  }

  /** Lets the bytes go; throws when some are left. */
  close(): void {
    const left = this.left
    this.#bytes = noBytes
    if (left > 0) throw new Misfit('the end of the data', `${left} more bytes`)
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  get at(): number {
    return this.#at
  }

  /** Each level of JSON that comes of the bytes is entered and left, so that recursion has an end. */
  enter(): void {
    if (++this.#depth > nestingLimit) throw new Misfit(`at most ${nestingLimit} levels`, 'deeper data')
  }

  leave(): void {
    this.#depth--
  }

  /** Counts values that took no bytes. */
  spend(values: number): void {
    this.#empty += values
    if (this.#empty > emptyLimit) throw new Misfit(`at most ${emptyLimit} values without bytes`, 'more of them')
  }

  boolean(): boolean {
    const byte = this.#bytes[this.#take(1)]!
    if (byte > 1) throw new Misfit('a boolean', `the byte ${byte}`)
    return byte === 1
  }

  int(): number {
    const value = this.long()
    if (typeof value === 'bigint' || value !== (value | 0)) throw new Misfit('an int of 32 bits', String(value))
    return value
  }

  /** A long: a number up to 2^53, a bigint beyond. */
  long(): number | bigint {
    const bytes = this.#bytes
    const first = bytes[this.#at]
    if (first === undefined) throw this.#truncated(1)
    if (first < 0x80) {
      this.#at++
      return (first >>> 1) ^ -(first & 1)
    }
    // 28 bits each fit into whole numbers that can be shifted
    const low = this.#group()
    if (low < 0x10000000) return (low >>> 1) ^ -(low & 1)
    return this.#longRest(low & 0xfffffff)
  }

  /** Up to four bytes of seven bits each; bit 28 is set when more follow. */
  #group(): number {
    const bytes = this.#bytes
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = bytes[this.#at]
      if (byte === undefined) throw this.#truncated(1)
      this.#at++
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    return value | 0x10000000
  }

  #longRest(low: number): number | bigint {
    const middle = this.#group()
    const last = this.#at
    const high = middle < 0x10000000 ? 0 : this.#group()
    if (high > 0xff || this.#at > last + 2) throw new Misfit('a long of 64 bits', 'a number with more')
    const bits = middle & 0xfffffff
    if (high === 0 && bits < 0x1000000) {
      const zigzag = bits * 0x10000000 + low
      return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
    }
    const zigzag = (BigInt(high) << 56n) | (BigInt(bits) << 28n) | BigInt(low)
    const value = (zigzag & 1n) === 0n ? zigzag >> 1n : -((zigzag + 1n) >> 1n)
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }

  float(): number {
    return this.#bytes.readFloatLE(this.#take(4))
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8))
  }

  /** A view of the next bytes, valid as long as the message. */
  fixed(size: number): Buffer {
    const start = this.#take(size)
    return this.#bytes.subarray(start, start + size)
  }

  bytes(): Buffer {
    return this.fixed(this.#length())
  }

  string(): string {
    const size = this.#length()
    const start = this.#take(size)
    const end = start + size
    const short = size <= shortText ? this.#ascii(start, end) : undefined
    if (short !== undefined) return short
    const text = this.#bytes.toString('utf8', start, end)
    if (text.includes('\ufffd') && !isUtf8(this.#bytes.subarray(start, end)))
      throw new Misfit('text in UTF-8', `${size} bytes that are none`)
    return text
  }

  /** Undefined where a byte is no ASCII. */
  #ascii(start: number, end: number): string | undefined {
    let text = ''
    for (let at = start; at < end; at++) {
      const byte = this.#bytes[at]!
      if (byte > 0x7f) return undefined
      text += String.fromCharCode(byte)
    }
    return text
  }

  skip(size: number): void {
    this.#take(size)
  }

  /** The index of a branch or a symbol, below `count`. */
  index(count: number, what: string): number {
    const value = this.long()
    if (typeof value === 'bigint' || value < 0 || value >= count) throw new Misfit(what, `number ${value} of ${count}`)
    return value
  }

  /**
   * The number of items in the next block of an array or map, 0 at the end. `width` is how many bytes an item takes at least.
   * Throws for more items than the bytes that are left can hold.
   */
  block(width: number): number {
    let count = this.long()
    if (count < 0) {
      count = -count
      this.#length()
    }
    if (width === 0) this.spend(Number(count))
    else if (Number(count) * width > this.left) throw new Misfit(`${count} items`, `${this.left} bytes`)
    return Number(count)
  }

  #length(): number {
    const size = this.long()
    if (typeof size === 'bigint' || size < 0) throw new Misfit('a number of bytes', String(size))
    if (size > this.left) throw this.#truncated(size)
    return size
  }

  #take(size: number): number {
    const start = this.#at
    if (size > this.left) throw this.#truncated(size)
    this.#at = start + size
    return start
  }

  #truncated(size: number): Misfit {
    const bytes = (count: number): string => counted(count, 'byte')
    return new Misfit(`${bytes(size)} at byte ${this.#at}`, this.left === 0 ? 'the end of the data' : bytes(this.left))
  }
}
