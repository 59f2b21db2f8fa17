// One batch in a round of compaction: as it is, with fewer records, as a header without any, or not at all.
import { attribute, batchAt, batchPrefix } from '../../../protocol/records/batch.ts'
import { seal } from '../../../protocol/records/seal.ts'
import { has, int64At, putInt64 } from '../../records/batch-header.ts'
import { plainRecords } from '../../records/plain-records.ts'
import { keyOf, walkSound } from './sound-records.ts'
import { varintSize, writeVarint } from './varint.ts'

export interface Filtering {
  /** milliseconds since 1970 */
  readonly now: number
  /** how long a tombstone stays after the first round that met it, in ms (KIP-534) */
  readonly deleteRetentionMs: number
  /** whether no later record of the round has the key; of records without a key that is never so */
  readonly isLatest: (key: string, offset: number) => boolean
  /** whether the batch stays as an empty header if no record of it stays */
  readonly keepsHeader: (batch: Buffer) => boolean
}

interface KeptRecord {
  readonly timestampDelta: number
  readonly offsetDelta: number
  readonly restStart: number
  readonly end: number
}

interface Sifted {
  readonly kept: readonly KeptRecord[]
  readonly hasTombstone: boolean
}

function sift(batch: Buffer, body: Buffer, horizon: number | undefined, filtering: Filtering): Sifted | undefined {
  const baseOffset = int64At(batch, batchAt.baseOffset)
  const keepsTombstones = horizon === undefined || filtering.now < horizon
  const kept: KeptRecord[] = []
  let hasTombstone = false
  const isSound = walkSound(batch, body, (record) => {
    if (record.keyStart < 0 || !(record.hasValue || keepsTombstones)) return
    if (!filtering.isLatest(keyOf(body, record), baseOffset + record.offsetDelta)) return
    const { timestampDelta, offsetDelta, restStart, end } = record
    kept.push({ timestampDelta, offsetDelta, restStart, end })
    hasTombstone ||= !record.hasValue
  })
  return isSound ? { kept, hasTombstone } : undefined
}

/** What of a batch stays; an empty buffer for nothing. What can't be looked into stays as it is. */
export function filterBatch(batch: Buffer, filtering: Filtering): Buffer {
  const count = batch.readInt32BE(batchAt.count)
  const body = has(batch, 'control') ? undefined : plainRecords(batch)
  if (!body) return batch
  const hasHorizon = has(batch, 'deleteHorizon')
  const horizon = hasHorizon ? int64At(batch, batchAt.baseTimestamp) : undefined
  const sifted = sift(batch, body, horizon, filtering)
  if (!sifted) return batch
  if (sifted.kept.length === 0) return filtering.keepsHeader(batch) ? emptyBatch(batch) : Buffer.alloc(0)
  const setsHorizon = sifted.hasTombstone && !hasHorizon
  if (sifted.kept.length === count && !setsHorizon) return batch
  return rebuild(batch, body, sifted.kept, setsHorizon ? filtering.now + filtering.deleteRetentionMs : undefined)
}

/** The header alone: offsets and sequences of a producer are known by it. */
function emptyBatch(batch: Buffer): Buffer {
  const empty = Buffer.from(batch.subarray(0, batchAt.records))
  putInt64(empty, batchAt.baseTimestamp, -1)
  return finish(empty, 0, attribute.deleteHorizon)
}

/** Writes the records that stay, uncompressed, with the offsets and the times that they had. */
function rebuild(batch: Buffer, body: Buffer, kept: readonly KeptRecord[], newHorizon: number | undefined): Buffer {
  const base = int64At(batch, batchAt.baseTimestamp)
  const shift = newHorizon === undefined ? 0 : base - newHorizon
  const lengths = kept.map(
    ({ timestampDelta, offsetDelta, restStart, end }) =>
      1 + varintSize(timestampDelta + shift) + varintSize(offsetDelta) + end - restStart,
  )
  const size = lengths.reduce((sum, length) => sum + varintSize(length) + length, batchAt.records)
  const whole = Buffer.allocUnsafe(size)
  batch.copy(whole, 0, 0, batchAt.records)
  let at: number = batchAt.records
  let largest = -1
  for (const [n, { timestampDelta, offsetDelta, restStart, end }] of kept.entries()) {
    largest = Math.max(largest, base + timestampDelta)
    at = writeVarint(whole, at, lengths[n]!)
    whole[at++] = 0
    at = writeVarint(whole, at, timestampDelta + shift)
    at = writeVarint(whole, at, offsetDelta)
    at += body.copy(whole, at, restStart, end)
  }
  if (!has(batch, 'logAppendTime')) putInt64(whole, batchAt.maxTimestamp, largest)
  if (newHorizon === undefined) return finish(whole, kept.length, 0)
  putInt64(whole, batchAt.baseTimestamp, newHorizon)
  whole.writeInt16BE(whole.readInt16BE(batchAt.attributes) | attribute.deleteHorizon, batchAt.attributes)
  return finish(whole, kept.length, 0)
}

function finish(batch: Buffer, count: number, cleared: number): Buffer {
  const attributes = batch.readInt16BE(batchAt.attributes) & ~(attribute.codec | cleared)
  batch.writeInt16BE(attributes, batchAt.attributes)
  batch.writeInt32BE(batch.length - batchPrefix, batchAt.length)
  batch.writeInt32BE(count, batchAt.count)
  return seal(batch)
}
