// One partition as long as one assignment of it lasts. What ends after that is of no account: its work holds this object and no newer one.
import type { InRecord } from '../../kafka/driver/port.ts'
import { wait } from '../clock.ts'
import { type Origin, firstOrigin, originOf } from './failure-headers.ts'
import { Batches, atMost } from './batches.ts'
import { Lanes, laneOf } from './lanes.ts'
import { Watermark } from './watermark.ts'
import type { Source } from './sources.ts'
import type { Hold, PartitionOwner } from './partition-owner.ts'

const bytesOf = (record: InRecord): number => (record.key?.length ?? 0) + (record.value?.length ?? 0)

export class PartitionWork {
  readonly topic: string
  readonly partition: number
  readonly source: Source
  readonly watermark = new Watermark()
  readonly holds = new Set<Hold>()
  /** offset -> since when, of the records whose handlers run */
  readonly inWork = new Map<number, number>()
  committed: number | undefined
  /** the offset of the first record that came */
  first: number | undefined
  /** when a record was handed over or handled */
  lastMove: number
  lastProgress: number
  isStalled = false
  /** another member gets it: nothing is begun in its place */
  isLeaving = false
  /** offset -> why, of the records that wait to be tried again where they are */
  readonly blockedBy = new Map<number, string>()
  retries = 0
  deadLetters = 0
  private readonly owner: PartitionOwner
  private readonly lanes: Lanes<InRecord>
  private readonly batches: Batches | undefined
  private waiting: InRecord[] = []
  private bytes = 0
  private begun = 0
  /** the highest offset that has run */
  private furthest = -1
  private awayCount = 0
  private readonly draining = new AbortController()
  private readonly aborting = new AbortController()
  /** aborts when nothing new is begun any more: waiting for another attempt ends */
  readonly drainSignal = this.draining.signal
  /** aborts when handlers have to end */
  readonly abortSignal = this.aborting.signal
  private isGone = false
  private whenIdle: (() => void)[] = []

  constructor(place: readonly [topic: string, partition: number], source: Source, owner: PartitionOwner) {
    ;[this.topic, this.partition] = place
    this.source = source
    this.owner = owner
    this.lastProgress = this.lastMove = owner.clock.now()
    const { by, max } = source.definition.concurrency ?? { by: 'partition', max: 1 }
    this.lanes = new Lanes(by === 'key' ? max : 1)
    const { batch } = source.definition
    this.batches = batch && new Batches(atMost(owner.limits, batch), owner.clock, () => this.go())
  }

  get outstanding(): number {
    return this.waiting.length + this.begun
  }

  /** Where the group stands. What is behind the last record and no record itself does not count once all records are committed. */
  standsAt(position: number | undefined): number | undefined {
    const { committable } = this.watermark
    if (this.outstanding === 0 && committable === this.committed) return position ?? this.committed
    return this.committed ?? this.first
  }

  get isPausedOnPurpose(): boolean {
    return this.holds.has('due') || this.holds.has('asked')
  }

  get isOver(): boolean {
    return this.isGone
  }

  take(records: readonly InRecord[]): void {
    for (const record of records) {
      this.waiting.push(record)
      this.bytes += bytesOf(record)
    }
    this.first ??= records[0]?.offset
    this.lastMove = this.owner.clock.now()
    this.go()
  }

  hold(why: Hold): void {
    this.holds.add(why)
    if (this.holds.size === 1) this.owner.setPaused(this, true)
  }

  release(why: Hold): void {
    if (!this.holds.delete(why)) return
    if (this.holds.size === 0 && !this.isGone) this.owner.setPaused(this, false)
    this.go()
  }

  /** Nothing begins until every record that found its registry away has tried again. */
  away(isAway: boolean): void {
    this.awayCount += isAway ? 1 : -1
    if (this.awayCount > 0) this.hold('away')
    else this.release('away')
  }

  /** Takes in no more records. Resolves when no handler runs. */
  async drain(): Promise<void> {
    this.draining.abort()
    this.waiting = []
    this.go()
    if (this.inWork.size > 0 && !this.isGone) await new Promise<void>((resolve) => this.whenIdle.push(resolve))
  }

  abort(): void {
    this.aborting.abort()
  }

  /** The assignment is over: nothing that ends now counts. */
  close(): void {
    this.isGone = true
    this.draining.abort()
    this.aborting.abort()
    this.waiting = []
    this.batches?.close()
    this.tellIdle()
  }

  private go(): void {
    if (this.abortSignal.aborted) return
    if (this.drainSignal.aborted) {
      this.closeGap()
      return
    }
    this.admit()
    while (!this.holds.has('away') && !this.holds.has('asked')) {
      const batch = this.batches?.next()
      if (batch) void this.runBatch(batch)
      const record = this.lanes.next()
      if (!record) break
      void this.run(record)
    }
    this.mindRoom()
  }

  /** While it drains: only what stands before a record that has run already, or that one would run again with the next member. */
  private closeGap(): void {
    for (let record = this.lanes.next(); record; record = this.lanes.next())
      if (record.offset < this.furthest) void this.run(record)
      else this.lanes.done(this.laneOf(record))
  }

  private admit(): void {
    const { clock, limits } = this.owner
    let taken = 0
    let notBefore = 0
    for (const record of this.waiting) {
      if (this.holds.has('due') || this.watermark.gap >= limits.gap) break
      const due = this.source.isRetry ? this.originOf(record).due : 0
      if (due > 0 && due > clock.epoch()) {
        notBefore = due
        break
      }
      taken += 1
      this.begun += 1
      this.watermark.begin(record.offset)
      if (this.batches) this.batches.add(record)
      else this.lanes.add(this.laneOf(record), record)
    }
    if (taken > 0) this.waiting.splice(0, taken)
    // may be over at once, and then comes back here: not before what was taken is no longer waiting
    if (notBefore > 0) void this.holdUntil(notBefore)
  }

  private async holdUntil(due: number): Promise<void> {
    const { clock } = this.owner
    this.hold('due')
    while (due > clock.epoch() && !this.drainSignal.aborted) await wait(clock, due - clock.epoch(), this.drainSignal)
    if (!this.drainSignal.aborted) this.release('due')
  }

  private mindRoom(): void {
    const { waitingRecords, waitingBytes } = this.owner.limits
    const isFull = this.outstanding >= waitingRecords || this.bytes >= waitingBytes
    const hasRoom = this.outstanding <= waitingRecords / 2 && this.bytes <= waitingBytes / 2
    if (isFull) this.hold('full')
    else if (hasRoom && this.holds.has('full')) this.release('full')
  }

  private async run(record: InRecord): Promise<void> {
    const { clock, work } = this.owner
    this.inWork.set(record.offset, clock.now())
    this.furthest = Math.max(this.furthest, record.offset)
    const isDone = await work(record, this.originOf(record), this)
    this.inWork.delete(record.offset)
    if (isDone) {
      this.lanes.done(this.laneOf(record))
      this.complete(record)
      this.go()
    }
    if (this.inWork.size === 0) this.tellIdle()
  }

  private async runBatch(records: readonly InRecord[]): Promise<void> {
    const now = this.owner.clock.now()
    for (const { offset } of records) this.inWork.set(offset, now)
    await this.owner.workBatch(records, this, (record) => {
      this.inWork.delete(record.offset)
      this.complete(record)
    })
    const isWhole = records.every(({ offset }) => !this.inWork.has(offset))
    for (const { offset } of records) this.inWork.delete(offset)
    if (isWhole) {
      this.batches?.done()
      this.go()
    }
    if (this.inWork.size === 0) this.tellIdle()
  }

  private complete(record: InRecord): void {
    if (this.isGone) return
    this.watermark.done(record.offset)
    this.begun -= 1
    this.bytes -= bytesOf(record)
    this.lastProgress = this.lastMove = this.owner.clock.now()
    this.owner.completed()
  }

  private tellIdle(): void {
    const waiting = this.whenIdle
    this.whenIdle = []
    for (const resolve of waiting) resolve()
  }

  originOf(record: InRecord): Origin {
    return this.source.isRetry ? originOf(record, this.source.definition.topic) : firstOrigin(record)
  }

  private laneOf(record: InRecord): string {
    return laneOf(this.source.definition.concurrency?.by ?? 'partition', record.key)
  }
}
