// A cursor over received bytes. Every read is checked against what is left, so that no length in a message can reach beyond it.
import { EvplatError } from '../core/errors.ts'

function broken(what: string): EvplatError {
  return new EvplatError('malformed-message', `a message of the Kafka protocol is broken: ${what}`)
}

const zeroUuid = Buffer.alloc(16)

export class Reader {
  private readonly buffer: Buffer
  position: number

  constructor(buffer: Buffer, position = 0) {
    this.buffer = buffer
    this.position = position
  }

  get left(): number {
    return this.buffer.length - this.position
  }

  /** Moves past `size` bytes and returns where they began. */
  private take(size: number): number {
    const at = this.position
    if (size < 0 || size > this.buffer.length - at)
      throw broken(`${size} bytes are announced and ${this.left} are left`)
    this.position = at + size
    return at
  }

  bool(): boolean {
    return this.int8() !== 0
  }
  int8(): number {
    return this.buffer.readInt8(this.take(1))
  }
  int16(): number {
    return this.buffer.readInt16BE(this.take(2))
  }
  int32(): number {
    return this.buffer.readInt32BE(this.take(4))
  }
  int64(): bigint {
    return this.buffer.readBigInt64BE(this.take(8))
  }

  /** An unsigned varint of at most 32 bits (KIP-482). */
  uvarint(): number {
    let value = 0
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.buffer[this.take(1)]!
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) {
        if (value > 0xffffffff) break
        return value
      }
    }
    throw broken('a varint is longer than 32 bits')
  }

  uuid(): string {
    const at = this.take(16)
    return this.buffer.toString('base64url', at, at + 16)
  }
  string(length: number): string {
    const at = this.take(length)
    return this.buffer.toString('utf8', at, at + length)
  }
  /** A view of the next bytes, not a copy. */
  bytes(length: number): Buffer {
    const at = this.take(length)
    return this.buffer.subarray(at, at + length)
  }

  /** The length of an array; every element has at least one byte, so more elements than bytes are refused. */
  count(length: number): number {
    if (length > this.left) throw broken(`${length} elements are announced and ${this.left} bytes are left`)
    return length
  }

  /** Skips the tagged fields that no definition knows. */
  skipTags(): void {
    for (let n = this.uvarint(); n > 0; n--) {
      this.uvarint()
      this.take(this.uvarint())
    }
  }
}

/** The uuid of sixteen zero bytes: "none". */
export const noUuid: string = zeroUuid.toString('base64url')
