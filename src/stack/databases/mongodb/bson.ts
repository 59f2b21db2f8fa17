// BSON (bsonspec.org 1.1), as far as commands and their answers need it.

export type BsonValue =
  | string
  /** whole and within 32 bits it is written as int32, else as double */
  | number
  /** int64; a timestamp is read as one */
  | bigint
  | boolean
  | null
  | Date
  /** binary; an ObjectId or a decimal is read as its bytes */
  | Uint8Array
  | readonly BsonValue[]
  | BsonDocument

export interface BsonDocument {
  readonly [name: string]: BsonValue
}

const cString = (text: string): Buffer => Buffer.from(`${text}\0`)

function number(write: 'writeInt32LE' | 'writeDoubleLE', value: number): Buffer {
  const bytes = Buffer.alloc(write === 'writeInt32LE' ? 4 : 8)
  bytes[write](value)
  return bytes
}

function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(value)
  return bytes
}

const int32 = (value: number): Buffer => number('writeInt32LE', value)
const isInt32 = (value: number): boolean => Number.isInteger(value) && value === (value | 0) && !Object.is(value, -0)

/** The type of a value and its bytes. */
function encodeValue(value: BsonValue): readonly [type: number, ...bytes: Uint8Array[]] {
  if (value === null) return [0x0a]
  switch (typeof value) {
    case 'string':
      return [0x02, int32(Buffer.byteLength(value) + 1), cString(value)]
    case 'number':
      return isInt32(value) ? [0x10, int32(value)] : [0x01, number('writeDoubleLE', value)]
    case 'bigint':
      return [0x12, long(value)]
    case 'boolean':
      return [0x08, Buffer.of(Number(value))]
    default:
      if (value instanceof Date) return [0x09, long(BigInt(value.getTime()))]
      if (value instanceof Uint8Array) return [0x05, int32(value.length), Buffer.of(0), value]
      return [Array.isArray(value) ? 0x04 : 0x03, encodeBson(value as BsonDocument)]
  }
}

/** The bytes of a document; an array is one whose names are 0, 1, and so on. */
export function encodeBson(document: BsonDocument): Buffer {
  const elements = Object.entries(document).flatMap(([name, value]) => {
    const [type, ...bytes] = encodeValue(value)
    return [Buffer.of(type), cString(name), ...bytes]
  })
  const length = elements.reduce((sum, bytes) => sum + bytes.length, 5)
  return Buffer.concat([int32(length), ...elements, Buffer.of(0)])
}

/** The document that begins at the start of the bytes. Throws for what is none. */
export function decodeBson(bytes: Buffer): BsonDocument {
  return new Reader(bytes).document()
}

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  #take(length: number): Buffer {
    const start = this.#at
    if (length < 0 || start + length > this.#bytes.length) throw new Error('what came is not BSON: it is cut off')
    this.#at += length
    return this.#bytes.subarray(start, this.#at)
  }

  readonly #int32 = (): number => this.#take(4).readInt32LE()
  readonly #int64 = (): bigint => this.#take(8).readBigInt64LE()

  #name(): string {
    const end = this.#bytes.indexOf(0, this.#at)
    const text = this.#take(end - this.#at).toString()
    this.#at++
    return text
  }

  #text(): string {
    return this.#take(this.#int32()).subarray(0, -1).toString()
  }

  document(): BsonDocument {
    this.#int32()
    const found: [string, BsonValue][] = []
    for (let type = this.#take(1)[0]!; type !== 0; type = this.#take(1)[0]!)
      found.push([this.#name(), this.#value(type)])
    return Object.fromEntries(found)
  }

  #binary(): Buffer {
    const length = this.#int32()
    this.#take(1)
    return this.#take(length)
  }

  #value(type: number): BsonValue {
    switch (type) {
      case 0x01:
        return this.#take(8).readDoubleLE()
      case 0x02:
        return this.#text()
      case 0x03:
        return this.document()
      case 0x04:
        return Object.values(this.document())
      case 0x05:
        return this.#binary()
      case 0x07:
        return this.#take(12)
      case 0x08:
        return this.#take(1)[0] === 1
      case 0x09:
        return new Date(Number(this.#int64()))
      case 0x0a:
        return null
      case 0x10:
        return this.#int32()
      case 0x11:
      case 0x12:
        return this.#int64()
      case 0x13:
        return this.#take(16)
      default:
        throw new Error(`what came is not BSON that is understood: type ${type}`)
    }
  }
}
