// From a start to offsets: which records of which partitions are read.
import { EvplatError } from '../core/errors.ts'
import type { Start } from './start.ts'

/** What a range needs to know of a topic; a real cluster stands behind it. */
export interface OffsetsPort {
  readonly partitionCount: number
  /** first and end offsets by partition number */
  starts(partitions: readonly number[]): Promise<ReadonlyMap<number, number>>
  ends(partitions: readonly number[]): Promise<ReadonlyMap<number, number>>
  /** the first record at or after a time by partition number; -1 where there is none */
  at(partitions: readonly number[], timestamp: number): Promise<ReadonlyMap<number, number>>
}

export interface RangeOptions {
  readonly start: Start
  /** all when empty */
  readonly partitions: readonly number[]
  /** stop where the end is now */
  readonly exit: boolean
}

export interface Range {
  readonly from: number
  readonly until?: number
}

/** The partitions that were asked for. Throws `usage` for one that the topic does not have. */
export function choosePartitions(asked: readonly number[], count: number): number[] {
  const wrong = asked.find((partition) => partition >= count)
  if (wrong !== undefined)
    throw new EvplatError('usage', `there is no partition ${wrong}: the topic has ${partitionsText(count)}`)
  return asked.length > 0 ? [...new Set(asked)] : Array.from({ length: count }, (_, i) => i)
}

/** `1 partition (0)`, `6 partitions (0 to 5)` */
export function partitionsText(count: number): string {
  return count === 1 ? '1 partition (0)' : `${count} partitions (0 to ${count - 1})`
}

/** Ranges by partition. Ends are pinned now, so that a busy topic ends all the same. */
export async function rangesOf(
  offsets: OffsetsPort,
  { start, partitions, exit }: RangeOptions,
): Promise<Map<number, Range>> {
  const chosen = choosePartitions(partitions, offsets.partitionCount)
  const ends =
    exit || start.kind === 'end' || start.kind === 'last' || start.kind === 'time'
      ? await offsets.ends(chosen)
      : undefined
  const froms = await firstOffsets(offsets, chosen, start, ends)
  return new Map(
    chosen.map((partition) => {
      const from = froms.get(partition) ?? 0
      return [partition, exit ? { from, until: ends!.get(partition) ?? 0 } : { from }] as const
    }),
  )
}

async function firstOffsets(
  offsets: OffsetsPort,
  chosen: readonly number[],
  start: Start,
  ends: ReadonlyMap<number, number> | undefined,
): Promise<ReadonlyMap<number, number>> {
  switch (start.kind) {
    case 'end':
      return ends!
    case 'start':
      return offsets.starts(chosen)
    case 'offset': {
      const starts = await offsets.starts(chosen)
      return new Map(chosen.map((partition) => [partition, Math.max(start.offset, starts.get(partition) ?? 0)]))
    }
    case 'last': {
      const starts = await offsets.starts(chosen)
      return new Map(chosen.map((p) => [p, Math.max(ends!.get(p)! - start.count, starts.get(p) ?? 0)]))
    }
    case 'time': {
      const found = await offsets.at(chosen, start.timestamp)
      return new Map(chosen.map((p) => [p, found.get(p)! < 0 ? ends!.get(p)! : found.get(p)!]))
    }
  }
}
