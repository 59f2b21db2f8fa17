// The segments of one log in the order of their offsets; the last one is written to.
import type { LogConfig } from '../log-config.ts'
import type { Host } from './host.ts'
import type { Range } from './find-time.ts'
import { lastOf } from './last-of.ts'
import type { Limits, Segment } from './segment.ts'
import { segmentIn } from './segment-files.ts'

/** Kafka's limit of an index, by which a segment is full however small its batches are (segment.index.bytes). */
const mostIndexRows = (10 * 1024 * 1024) / 8
const largestRelativeOffset = 2 ** 31 - 1

export interface Incoming {
  readonly size: number
  readonly lastOffset: number
  readonly maxTimestamp: number
}

export class SegmentList {
  private readonly host: Host
  private readonly folder: string
  private list: Segment[]

  constructor(host: Host, folder: string, list: readonly Segment[]) {
    this.host = host
    this.folder = folder
    this.list = [...list]
  }

  all(): readonly Segment[] {
    return this.list
  }

  has(base: number): boolean {
    return this.list[this.indexOf(base)]?.base === base
  }

  get active(): Segment | undefined {
    return this.list.at(-1)
  }

  get size(): number {
    return this.list.reduce((sum, segment) => sum + segment.size, 0)
  }

  /** The place in the list of the segment that holds an offset; of the first when it is before all. */
  indexOf(offset: number): number {
    const { list } = this
    return Math.max(
      0,
      lastOf(list.length, (n) => list[n]!.base <= offset),
    )
  }

  /** Whole batches from the one that holds `from` on, of those that end before `to`. */
  read({ from, to }: Range, { maxBytes, atLeastOne }: Limits): Buffer[] {
    const slices: Buffer[] = []
    let left = maxBytes
    for (let n = this.indexOf(from); n < this.list.length; n++) {
      const segment = this.list[n]!
      const end = segment.positionOf(to)
      const position = segment.positionOf(from)
      if (position >= end) continue
      const slice = segment.read(position, end, { maxBytes: left, atLeastOne: atLeastOne && slices.length === 0 })
      if (slice.length > 0) slices.push(slice)
      if (position + slice.length < end) break
      left -= slice.length
    }
    return slices
  }

  /** Whether the batch has to go into a new segment (Kafka's LogSegment.shouldRoll). */
  isFull(incoming: Incoming, config: LogConfig): boolean {
    const active = this.active
    if (!active || active.size === 0) return false
    if (active.size + incoming.size > config['segment.bytes']) return true
    if (incoming.lastOffset - active.base > largestRelativeOffset) return true
    if (active.offsets.count >= mostIndexRows) return true
    return this.waited(active, incoming) > Math.min(config['segment.ms'], compactionLag(config))
  }

  /** Begins a new segment at this offset. */
  begin(base: number): Segment {
    const { files, clock } = this.host
    files.makeFolder(this.folder)
    const segment = segmentIn(files, this.folder, base, clock.now())
    this.list.push(segment)
    return segment
  }

  /** Takes the first segments out of the list. */
  takeFirst(count: number): Segment[] {
    return this.list.splice(0, count)
  }

  /** Puts one segment into the place of several that stand together. */
  replace(old: readonly Segment[], by: Segment): void {
    const at = this.list.indexOf(old[0]!)
    this.list.splice(at, old.length, by)
  }

  /** Time by the clock of the records, or of the machine where records have none. */
  private waited(active: Segment, { maxTimestamp }: Incoming): number {
    const first = active.firstTimestamp()
    if (first >= 0 && maxTimestamp >= 0) return maxTimestamp - first
    return this.host.clock.now() - active.created
  }
}

/** A compacted topic must not keep a record from the cleaner for longer than this. */
function compactionLag(config: LogConfig): number {
  return config['cleanup.policy'].compact ? config['max.compaction.lag.ms'] : Infinity
}
