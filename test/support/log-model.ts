// A log beside a specification of a few lines: both do the same, and then they are compared.
import { expect } from 'vitest'
import type { LogConfig } from '../../src/broker/log-config.ts'
import {
  type Disk,
  emptyDisk,
  type Fault,
  type FaultyFiles,
  faultyFiles,
} from '../../src/broker/storage/faulty-files.ts'
import type { Cut } from '../../src/broker/storage/framed-file.ts'
import { openStore } from '../../src/broker/storage/open-store.ts'
import type { PartitionLog } from '../../src/broker/storage/partition-log.ts'
import type { Durability, Store } from '../../src/broker/storage/store.ts'
import { systemCode } from '../../src/core/errors.ts'
import { batchOf, consume, logClock, produceRequest, recordTime, type TestRecord } from './log-fixture.ts'
import type { Operation } from './log-operations.ts'

interface Written {
  readonly offset: number
  readonly key: string
  readonly value: string | null
  readonly timestamp: number
}

/** What may be asked of a log, in words. */
class Specification {
  records: Written[] = []
  start = 0
  get end(): number {
    return (this.records.at(-1)?.offset ?? this.base - 1) + 1
  }
  /** offsets go on here when no record is left */
  base = 0

  write(records: readonly TestRecord[]): void {
    for (const { key, value, timestamp } of records)
      this.records.push({
        offset: this.end,
        key: key ?? 'k',
        value: value === undefined ? 'v' : value,
        timestamp: timestamp!,
      })
  }

  cutTo(end: number): void {
    this.records = this.records.filter(({ offset }) => offset < end)
    this.base = end
  }

  visible(from: number, to: number): Written[] {
    return this.records.filter(({ offset }) => offset >= from && offset < to)
  }
}

/** One run of operations against a log and its specification. Fails the test where they differ. */
export class Run {
  private readonly spec = new Specification()
  private readonly clock = logClock()
  private readonly durability: Durability
  private readonly config: LogConfig
  private readonly cuts: Cut[] = []
  private readonly chance: (below: number) => number
  private fault: 'full' | 'refuse sync' | undefined
  private files!: FaultyFiles
  private store!: Store
  private log!: PartitionLog
  private sent: readonly { readonly sequence: number; readonly count: number; readonly offset: number }[] = []

  constructor(durability: Durability, config: LogConfig, seed: number) {
    this.durability = durability
    this.config = config
    let state = seed
    this.chance = (below) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    this.open(emptyDisk())
  }

  async play(operations: readonly Operation[]): Promise<void> {
    for (const each of operations) {
      await this.step(each)
      this.compare()
    }
    await this.step({ do: 'restart' })
    this.compare()
  }

  private open(disk: Disk): void {
    this.fault = undefined
    this.files = faultyFiles(disk, (kind, path) => this.decide(kind, path))
    const { clock, durability, cuts } = this
    this.store = openStore({ files: this.files, clock, durability, onCut: (cut) => cuts.push(cut) })
    this.log = this.store.openPartition('id', 0, () => this.config)
  }

  private decide(kind: string, path: string): Fault | undefined {
    if (this.fault === 'full' && kind === 'append' && path.includes('logs/'))
      return { error: 'ENOSPC', bytes: this.chance(60) }
    return this.fault === 'refuse sync' && kind === 'sync' && path.endsWith('.log') ? { error: 'EIO' } : undefined
  }

  private async step(operation: Operation): Promise<void> {
    switch (operation.do) {
      case 'append':
        return this.append(operation.records, operation.codec)
      case 'send':
        return this.send(operation.again, operation.count)
      case 'read':
        return this.read(operation.at, operation.maxBytes, operation.atLeastOne)
      case 'time':
        return this.findTime(recordTime + operation.ms)
      case 'delete': {
        const from = this.log.startOffset + (operation.at % (this.log.highWatermark - this.log.startOffset + 1))
        return this.deleteRecords(from)
      }
      case 'clean':
        return this.clean(operation.ms)
      case 'settle':
        return this.settle()
      case 'full':
      case 'refuse sync':
        this.fault = operation.do
        return
      case 'restart':
      case 'kill':
      case 'power':
        return this.restart(operation.do)
    }
  }

  private append(records: readonly TestRecord[], codec: number): void {
    const answer = this.log.append(batchOf(records, codec), produceRequest)
    if ('error' in answer) return expect(answer.error).toBe('KAFKA_STORAGE_ERROR')
    expect(answer.baseOffset).toBe(this.spec.end)
    this.spec.write(records)
  }

  private send(again: boolean, count: number): void {
    const last = this.sent.at(-1)
    const next = last ? last.sequence + last.count : 0
    const isAgain = again && last !== undefined
    const sequence = isAgain ? last.sequence : next
    const records = Array.from({ length: isAgain ? last.count : count }, () => ({ key: 'p', timestamp: recordTime }))
    const answer = this.log.append(batchOf(records, 0, { producerId: 1n, epoch: 0, sequence }), produceRequest)
    if ('error' in answer) return expect(answer.error).toBe('KAFKA_STORAGE_ERROR')
    const offset = isAgain ? last.offset : this.spec.end
    expect(answer).toMatchObject({ isDuplicate: isAgain, baseOffset: offset })
    if (isAgain) return
    this.sent = [...this.sent, { sequence, count, offset }]
    this.spec.write(records)
  }

  private read(at: number, maxBytes: number, atLeastOne: boolean): void {
    const { startOffset, highWatermark } = this.log
    const from = startOffset + (at % (highWatermark - startOffset + 1))
    const slices = this.log.read(from, maxBytes, atLeastOne)
    const bytes = slices.reduce((sum, { length }) => sum + length, 0)
    if (!atLeastOne) expect(bytes).toBeLessThanOrEqual(maxBytes)
    if (atLeastOne && !this.config['cleanup.policy'].compact) expect(bytes > 0).toBe(from < highWatermark)
  }

  private findTime(timestamp: number): void {
    if (this.config['cleanup.policy'].compact) return
    const visible = this.spec.visible(this.log.startOffset, this.log.highWatermark)
    const found = visible.find((each) => each.timestamp >= timestamp)
    expect(this.log.placeOfTime(timestamp)?.offset).toBe(found?.offset)
    const largest = Math.max(...visible.map((each) => each.timestamp))
    const first = visible.find((each) => each.timestamp === largest)
    expect(this.log.placeOfMaxTimestamp()?.offset).toBe(first?.offset)
  }

  private deleteRecords(before: number): void {
    try {
      expect(this.log.deleteRecords(before)).toBe(before)
      this.spec.start = before
    } catch (thrown) {
      if (this.fault !== 'full' || systemCode(thrown) !== 'ENOSPC') throw thrown
    }
  }

  private async clean(ms: number): Promise<void> {
    this.clock.advance(ms)
    const before = this.log.startOffset
    this.store.clean()
    await this.settle()
    expect(this.log.startOffset).toBeGreaterThanOrEqual(before)
    const dropped = this.spec.visible(before, this.log.startOffset)
    if (!this.config['cleanup.policy'].delete) expect(dropped).toEqual([])
    if (dropped.length > 0) this.spec.start = this.log.startOffset
  }

  private async settle(): Promise<void> {
    for (let idle = 0; idle < 3; idle++) {
      if (this.clock.running > 0) idle = 0
      this.clock.advance(0)
      await new Promise((done) => setImmediate(done))
    }
  }

  private async restart(how: 'restart' | 'kill' | 'power'): Promise<void> {
    const { highWatermark, endOffset, leaderEpoch } = this.log
    if (how === 'restart') {
      this.fault = this.fault === 'full' ? undefined : this.fault
      await this.store.close()
    }
    const isLosing = how === 'power' && this.durability === 'disk'
    this.open(isLosing ? this.files.losePower(this.chance) : this.files.kill())
    expect(this.log.endOffset).toBeLessThanOrEqual(endOffset)
    // what was acknowledged is there; without a power loss so is all that was written
    expect(this.log.endOffset).toBeGreaterThanOrEqual(isLosing ? highWatermark : endOffset)
    // after a power loss an epoch may come again in which nothing was written
    const wrote = this.log.epochAt(this.log.endOffset - 1)
    expect(this.log.leaderEpoch).toBeGreaterThan(isLosing ? Math.max(wrote, leaderEpoch - 1) : leaderEpoch)
    if (isLosing && this.log.startOffset > this.spec.start) {
      // the device may have later files and not the first, as long as nobody was told that it has
      expect(highWatermark).toBeLessThanOrEqual(this.spec.start)
      this.spec.start = this.log.startOffset
      this.sent = this.sent.filter(({ offset }) => offset >= this.spec.start)
    }
    this.spec.cutTo(this.log.endOffset)
    this.sent = this.sent.filter(({ offset }) => offset < this.log.endOffset)
  }

  /** What consumers see is what was written, all of it, or after compaction at least the last of each key. */
  private compare(): void {
    const { startOffset, highWatermark, endOffset } = this.log
    expect({ startOffset, endOffset }).toEqual({ startOffset: this.spec.start, endOffset: this.spec.end })
    const visible = this.spec.visible(startOffset, highWatermark)
    const seen = consume(this.log)
    if (!this.config['cleanup.policy'].compact) return expect(seen).toEqual(visible)
    const byOffset = new Map(visible.map((each) => [each.offset, each]))
    for (const each of seen) expect(each).toEqual(byOffset.get(each.offset))
    const last = new Map(visible.map((each) => [each.key, each]))
    const offsets = new Set(seen.map(({ offset }) => offset))
    for (const each of last.values()) if (each.value !== null) expect(offsets).toContain(each.offset)
  }
}
