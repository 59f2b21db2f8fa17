// The binary encoding of Avro (specification 1.12, "Binary Encoding"), written into one buffer that grows.
import { nestingLimit } from '../core/json.ts'
import { Misfit } from './value-error.ts'

/** Text up to this many characters is written faster here than by the runtime; its length takes one byte. */
const shortText = 24

export class BinaryOut {
  #bytes: Buffer = Buffer.allocUnsafe(1024)
  #at = 0
  #depth = 0

  /** Starts over. */
  open(): void {
    this.#at = 0
    this.#depth = 0
  }

  /** Each level of JSON is entered and left: what is too deep to be read again is not written. */
  enter(): void {
    if (++this.#depth > nestingLimit) throw new Misfit(`at most ${nestingLimit} levels`, 'a deeper value')
  }

  leave(): void {
    this.#depth--
  }

  /** What was written since, as bytes of its own. */
  take(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#at)
    this.#bytes.copy(bytes, 0, 0, this.#at)
    return bytes
  }

  boolean(value: boolean): void {
    this.#room(1)
    this.#bytes[this.#at++] = value ? 1 : 0
  }

  /** A whole number, zigzagged, in groups of seven bits; a bigint must be within 64 bits. */
  long(value: number | bigint): void {
    this.#room(10)
    if (typeof value === 'bigint') return this.#bigLong(value)
    if (value >= -0x40000000 && value < 0x40000000) return this.#group((value << 1) ^ (value >> 31))
    let zigzag = value < 0 ? -2 * value - 1 : 2 * value
    if (zigzag > Number.MAX_SAFE_INTEGER) return this.#bigLong(BigInt(value))
    while (zigzag >= 0x80) {
      this.#bytes[this.#at++] = (zigzag % 0x80) | 0x80
      zigzag = Math.floor(zigzag / 0x80)
    }
    this.#bytes[this.#at++] = zigzag
  }

  #group(zigzag: number): void {
    let rest = zigzag
    while (rest > 0x7f) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#bytes[this.#at++] = rest
  }

  #bigLong(value: bigint): void {
    let zigzag = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
    while (zigzag > 0x7fn) {
      this.#bytes[this.#at++] = Number(zigzag & 0x7fn) | 0x80
      zigzag >>= 7n
    }
    this.#bytes[this.#at++] = Number(zigzag)
  }

  float(value: number): void {
    this.#room(4)
    this.#at = this.#bytes.writeFloatLE(value, this.#at)
  }

  double(value: number): void {
    this.#room(8)
    this.#at = this.#bytes.writeDoubleLE(value, this.#at)
  }

  /** Bytes as they are. */
  fixed(value: Buffer): void {
    this.#room(value.length)
    this.#at += value.copy(this.#bytes, this.#at)
  }

  bytes(value: Buffer): void {
    this.long(value.length)
    this.fixed(value)
  }

  string(value: string): void {
    if (value.length <= shortText && this.#ascii(value)) return
    const size = Buffer.byteLength(value)
    this.long(size)
    this.#room(size)
    this.#at += this.#bytes.write(value, this.#at)
  }

  /** Writes a short text that is all ASCII; false, with nothing written, for any other. */
  #ascii(value: string): boolean {
    this.#room(1 + shortText)
    const bytes = this.#bytes
    const start = this.#at
    bytes[start] = value.length << 1
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at)
      if (code > 0x7f) return false
      bytes[start + 1 + at] = code
    }
    this.#at = start + 1 + value.length
    return true
  }

  #room(size: number): void {
    if (this.#at + size <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + size))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }
}
