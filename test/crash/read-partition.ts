// Reads a partition as a consumer does, and looks at what it finds.
import { fetch } from '../../src/protocol/messages/fetch.ts'
import { listOffsets } from '../../src/protocol/messages/list-offsets.ts'
import { batchesIn } from '../../src/protocol/records/batch.ts'
import type { Wire } from '../differential/wire.ts'
import { type ReadRecord, recordsIn } from '../support/log-fixture.ts'
import { ask } from './session.ts'

interface Named {
  readonly topic: string
  readonly partition: number
}

export const earliest = -2n
export const latest = -1n

/** The broker was killed meanwhile. */
export class Lost extends Error {}

export async function offsetOf(wire: Wire, { topic: name, partition }: Named, timestamp: bigint): Promise<number> {
  const topics = [{ name, partitions: [{ partitionIndex: partition, timestamp }] }]
  const answer = await ask(wire, [listOffsets, 5], { replicaId: -1, isolationLevel: 0, topics })
  const told = answer?.topics[0]?.partitions[0]
  if (!told) throw new Lost()
  if (told.errorCode !== 0) throw new Error(`ListOffsets of ${name}-${partition}: error ${told.errorCode}`)
  return Number(told.offset)
}

export interface Fetched {
  /** OFFSET_OUT_OF_RANGE: retention was faster */
  readonly isOutOfRange: boolean
  readonly records: readonly ReadRecord[]
  /** where to go on */
  readonly next: number
  readonly highWatermark: number
  readonly start: number
}

const outOfRange = 1

/** One fetch; it answers at once. */
export async function fetchFrom(wire: Wire, { topic, partition }: Named, from: number): Promise<Fetched> {
  const partitions = [{ partition, fetchOffset: BigInt(from), partitionMaxBytes: 256 * 1024 }]
  const answer = await ask(wire, [fetch, 11], { maxWaitMs: 0, minBytes: 0, topics: [{ topic, partitions }] })
  const told = answer?.responses[0]?.partitions[0]
  if (!told) throw new Lost()
  if (told.errorCode !== 0 && told.errorCode !== outOfRange)
    throw new Error(`Fetch of ${topic}-${partition} from ${from}: error ${told.errorCode}`)
  const batches = told.records ? batchesIn(told.records) : []
  return {
    isOutOfRange: told.errorCode === outOfRange,
    records: told.records ? recordsIn([told.records], from) : [],
    next: batches.length > 0 ? batches.at(-1)!.lastOffset + 1 : from,
    highWatermark: Number(told.highWatermark),
    start: Number(told.logStartOffset),
  }
}

export interface Part {
  readonly records: readonly ReadRecord[]
  /** where reading began: later than asked for where retention was faster */
  readonly from: number
  readonly to: number
}

/** All from an offset up to another, in pieces: behind what retention takes away meanwhile a new piece begins. */
export async function readAll(wire: Wire, named: Named, from: number, to: number): Promise<Part[]> {
  const parts: { records: ReadRecord[]; from: number; to: number }[] = [{ records: [], from, to: from }]
  for (let at = from; at < to;) {
    const part = parts.at(-1)!
    const fetched = await fetchFrom(wire, named, at)
    if (fetched.isOutOfRange) {
      at = await offsetOf(wire, named, earliest)
      parts.push({ records: [], from: at, to: at })
      continue
    }
    if (fetched.next === at) {
      part.to = to // compaction left nothing more
      break
    }
    part.records.push(...fetched.records.filter(({ offset }) => offset < to))
    at = part.to = Math.min(fetched.next, to)
    if (fetched.next > to) break
  }
  return parts
}
