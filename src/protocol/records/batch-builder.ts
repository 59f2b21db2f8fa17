// Collects records into one batch of magic 2, written straight into its final place.
import { batchAt, batchPrefix } from './batch.ts'
import { seal } from './seal.ts'

export interface NewRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** a text is written as UTF-8 */
  readonly headers: readonly (readonly [name: string, value: Buffer | string | null])[]
  /** milliseconds since 1970 */
  readonly timestamp: number
}

/** Who produces, for the broker's duplicate check (KIP-98). */
export interface ProducerState {
  readonly producerId: bigint
  readonly epoch: number
  readonly sequence: number
}

function zigzag(n: number): number {
  return n >= 0 ? n * 2 : n * -2 - 1
}

function varintSize(n: number): number {
  let size = 1
  for (let rest = zigzag(n); rest > 0x7f; rest = Math.floor(rest / 128)) size++
  return size
}

function optionalSize(bytes: Buffer | string | null): number {
  if (bytes === null) return 1
  const length = Buffer.byteLength(bytes)
  return varintSize(length) + length
}

function headersSize(headers: NewRecord['headers']): number {
  let size = varintSize(headers.length)
  for (const [name, value] of headers) {
    const { length } = bytesOfName(name)
    size += varintSize(length) + length + optionalSize(value)
  }
  return size
}

const knownNames = new Map<string, Buffer>()

/** Records of a program have few names of headers, and the same ones again and again. */
function bytesOfName(name: string): Buffer {
  const known = knownNames.get(name)
  if (known) return known
  const bytes = Buffer.from(name)
  if (knownNames.size < 256) knownNames.set(name, bytes)
  return bytes
}

const notIdempotent: ProducerState = { producerId: -1n, epoch: -1, sequence: -1 }

export class BatchBuilder {
  private buffer: Buffer
  private at: number = batchAt.records
  private baseTimestamp = 0
  private maxTimestamp = 0
  count = 0

  constructor(capacity = 16 * 1024) {
    this.buffer = Buffer.allocUnsafe(capacity)
  }

  /** Size of the batch so far, in bytes. */
  get size(): number {
    return this.at
  }

  /** Adds a record at the end. */
  add(record: NewRecord): void {
    if (this.count === 0) this.baseTimestamp = this.maxTimestamp = record.timestamp
    this.maxTimestamp = Math.max(this.maxTimestamp, record.timestamp)
    const timestampDelta = record.timestamp - this.baseTimestamp
    const length =
      1 +
      varintSize(timestampDelta) +
      varintSize(this.count) +
      optionalSize(record.key) +
      optionalSize(record.value) +
      headersSize(record.headers)
    this.makeRoom(length + 5)
    this.varint(length)
    this.buffer[this.at++] = 0
    this.varint(timestampDelta)
    this.varint(this.count)
    this.optional(record.key)
    this.optional(record.value)
    this.varint(record.headers.length)
    for (const [name, value] of record.headers) {
      this.optional(bytesOfName(name))
      this.optional(value)
    }
    this.count++
  }

  /** Writes the header and returns the batch. The builder must not be used after. */
  finish(state: ProducerState = notIdempotent): Buffer {
    const batch = this.buffer.subarray(0, this.at)
    batch.writeBigInt64BE(0n, batchAt.baseOffset)
    batch.writeInt32BE(batch.length - batchPrefix, batchAt.length)
    batch.writeInt32BE(-1, batchAt.leaderEpoch)
    batch.writeInt8(2, batchAt.magic)
    batch.writeInt16BE(0, batchAt.attributes)
    batch.writeInt32BE(this.count - 1, batchAt.lastOffsetDelta)
    batch.writeBigInt64BE(BigInt(this.baseTimestamp), batchAt.baseTimestamp)
    batch.writeBigInt64BE(BigInt(this.maxTimestamp), batchAt.maxTimestamp)
    batch.writeBigInt64BE(state.producerId, batchAt.producerId)
    batch.writeInt16BE(state.epoch, batchAt.producerEpoch)
    batch.writeInt32BE(state.sequence, batchAt.baseSequence)
    batch.writeInt32BE(this.count, batchAt.count)
    return seal(batch)
  }

  private makeRoom(more: number): void {
    if (this.at + more <= this.buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + more))
    this.buffer.copy(grown, 0, 0, this.at)
    this.buffer = grown
  }

  private varint(n: number): void {
    let rest = zigzag(n)
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.buffer[this.at++] = (rest % 128) | 0x80
    this.buffer[this.at++] = rest
  }

  private optional(bytes: Buffer | string | null): void {
    if (bytes === null) return this.varint(-1)
    if (typeof bytes === 'string') return this.text(bytes)
    const { length } = bytes
    this.varint(length)
    // a call into the runtime costs more than a few bytes
    if (length < 24) for (let i = 0; i < length; i++) this.buffer[this.at + i] = bytes[i]!
    else this.buffer.set(bytes, this.at)
    this.at += length
  }

  private text(text: string): void {
    this.varint(Buffer.byteLength(text))
    this.at += this.buffer.write(text, this.at)
  }
}
