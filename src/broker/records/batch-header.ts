// Reads and rewrites single fields of a batch's header in place; offsets and times as plain numbers.
import { attribute, batchAt } from '../../protocol/records/batch.ts'
import { seal } from '../../protocol/records/seal.ts'

/** the largest number of a double that an int64 holds */
const mostInt64 = 2 ** 63 - 1024

/** An int64 that is far below 2^53 but for times that no client has, which are not exact. */
export function int64At(bytes: Buffer, at: number): number {
  return Math.min(bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4), mostInt64)
}

/** For a message or an index: what 64 bits do not hold is the nearest that they do. */
export function toInt64(value: number): bigint {
  if (value > mostInt64) return 2n ** 63n - 1n
  return value < -(2 ** 63) ? -(2n ** 63n) : BigInt(value)
}

export function putInt64(bytes: Buffer, at: number, value: number): void {
  bytes.writeInt32BE(Math.floor(value / 2 ** 32), at)
  bytes.writeUInt32BE(((value % 2 ** 32) + 2 ** 32) % 2 ** 32, at + 4)
}

/** The number of the codec that the records of a batch are compressed with; 0 for none. */
export function codecIn(batch: Buffer): number {
  return batch.readInt16BE(batchAt.attributes) & attribute.codec
}

/** Whether a batch has one of the attributes that are a single bit. */
export function has(batch: Buffer, flag: Exclude<keyof typeof attribute, 'codec'>): boolean {
  return (batch.readInt16BE(batchAt.attributes) & attribute[flag]) !== 0
}

/** Gives a batch its place in the log. Neither field is part of the checksum. */
export function place(batch: Buffer, baseOffset: number, leaderEpoch: number): void {
  putInt64(batch, batchAt.baseOffset, baseOffset)
  batch.writeInt32BE(leaderEpoch, batchAt.leaderEpoch)
}

/** Sets the kind and the largest of a batch's timestamps, with a new checksum where that changes anything. */
export function stampTime(batch: Buffer, isLogAppendTime: boolean, maxTimestamp: number): void {
  const before = batch.readInt16BE(batchAt.attributes)
  const attributes = isLogAppendTime ? before | attribute.logAppendTime : before & ~attribute.logAppendTime
  if (attributes === before && int64At(batch, batchAt.maxTimestamp) === maxTimestamp) return
  batch.writeInt16BE(attributes, batchAt.attributes)
  putInt64(batch, batchAt.maxTimestamp, maxTimestamp)
  seal(batch)
}
