// The log of one partition: what is appended, in which order it becomes visible, and what is read.
import type { LogConfig } from '../log-config.ts'
import type { ActiveProducer, Producers, WrittenBatch } from '../producers/producers.ts'
import { place } from '../records/batch-header.ts'
import { type Valid, validate } from '../records/validate.ts'
import type { Step } from './compaction/compact.ts'
import { expectDeviceError } from './device-error.ts'
import type { Epochs } from './epochs.ts'
import { findLargestTime, findTime } from './find-time.ts'
import type { Host } from './host.ts'
import { Listeners } from './listeners.ts'
import { compaction } from './log-cleaning.ts'
import { LogKeeping } from './log-keeping.ts'
import { folderOf, type PartitionNote } from './partition-notes.ts'
import type { Appended, AppendRequest, PartitionLog, Place, Refused } from './partition-log.ts'
import type { Recovered } from './recover.ts'
import { dueSegments, producerExpirationMs } from './retention.ts'
import type { Segment } from './segment.ts'
import { type Incoming, SegmentList } from './segment-list.ts'

export interface LogOptions {
  readonly host: Host
  readonly note: PartitionNote
  /** as it stands in the server's words: `<name of the topic>-<partition>` */
  readonly title: string
  readonly config: () => LogConfig
  readonly recovered: Recovered
}

export class Log implements PartitionLog {
  readonly leaderEpoch: number
  startOffset: number
  endOffset: number
  highWatermark: number
  visibleBytes = 0
  isGone = false
  readonly segments: SegmentList
  readonly epochs: Epochs
  readonly producers: () => Producers
  readonly host: Host
  readonly folder: string
  private readonly title: string
  readonly config: () => LogConfig
  readonly keeping: LogKeeping
  private readonly listeners = new Listeners()
  private writtenBytes = 0
  private failure: unknown
  private lastDurable: Promise<void> | undefined
  private sealedDurable: Promise<void> | undefined

  constructor({ host, note, title, config, recovered }: LogOptions) {
    this.host = host
    this.title = title
    this.config = config
    this.folder = folderOf(note.topic, note.partition)
    this.leaderEpoch = host.book.starts - note.born
    this.startOffset = recovered.startOffset
    this.endOffset = recovered.endOffset
    this.highWatermark = recovered.endOffset
    this.segments = new SegmentList(host, this.folder, recovered.segments)
    this.epochs = recovered.epochs
    this.producers = recovered.producers
    this.epochs.assign(this.leaderEpoch, this.endOffset)
    this.keeping = new LogKeeping(host, note, () => this)
    this.keeping.correctProducers()
    // a crash came before they were safe: later ones must not be called so before they are
    for (const segment of recovered.segments.slice(0, -1)) if (segment.isDirty) this.seal(segment)
  }

  get size(): number {
    return this.segments.size
  }

  append(records: Buffer, { version }: AppendRequest): Appended | Refused {
    if (this.isGone) return { error: 'UNKNOWN_TOPIC_OR_PARTITION' }
    if (this.failure !== undefined) return { error: 'KAFKA_STORAGE_ERROR' }
    const config = this.config()
    const valid = validate(records, { config, now: this.host.clock.now(), topicPartition: this.title, version })
    if ('error' in valid) return valid
    const known = valid.producerId >= 0n ? this.producers().check(valid) : undefined
    if (typeof known === 'string') return { error: known }
    if (known) return this.answerAgain(known)
    if (valid.isTransactional) return { error: 'INVALID_TXN_STATE' } // there is no transaction that it could be part of
    const baseOffset = this.endOffset
    const segment = this.write(valid, config)
    if ('error' in segment) return segment
    if (valid.producerId >= 0n) this.producers().add(valid, baseOffset, this.endOffset - 1, valid.maxTimestamp)
    const appendTime = config['message.timestamp.type'] === 'LogAppendTime' ? valid.maxTimestamp : -1
    return { baseOffset, appendTime, isDuplicate: false, durable: this.settle(segment) }
  }

  read(from: number, maxBytes: number, atLeastOne: boolean): readonly Buffer[] {
    if (this.isGone) return []
    return this.segments.read({ from, to: this.highWatermark }, { maxBytes, atLeastOne })
  }

  placeOfTime(timestamp: number): Place | undefined {
    return findTime(this.segments.all(), timestamp, this.range())
  }

  placeOfMaxTimestamp(): Place | undefined {
    return findLargestTime(this.segments.all(), this.range())
  }

  epochAt(offset: number): number {
    return this.epochs.at(offset)
  }

  endOfEpoch(epoch: number): { readonly epoch: number; readonly endOffset: number } | undefined {
    return this.epochs.endOf(epoch, this.endOffset)
  }

  activeProducers(): readonly ActiveProducer[] {
    return this.producers().active()
  }

  deleteRecords(before: number): number {
    const start = Math.min(before, this.highWatermark)
    if (start <= this.startOffset) return this.startOffset
    this.moveStart(start)
    return start
  }

  onMove(listener: () => void): () => void {
    return this.listeners.add(listener)
  }

  /** Drops the first segments when they are too old or too much, and forgets producers that are long gone. */
  retain(): void {
    const { segments } = this
    const now = this.host.clock.now()
    if (segments.active?.isDirty === true) this.producers().expire(now - producerExpirationMs)
    const all = segments.all()
    const due = dueSegments(all, { config: this.config(), now, highWatermark: this.highWatermark })
    if (due > 0 && due === all.length) segments.begin(this.endOffset)
    const start = Math.max(this.startOffset, segments.all()[due]?.base ?? 0)
    const first = segments.all()[0]
    if (first && first !== segments.active && first.base < start && first.end <= start) this.moveStart(start)
  }

  compaction(): Generator<Step, void> | undefined {
    return this.isGone || this.failure !== undefined ? undefined : compaction(this)
  }

  /** Brings everything to the device; answers what a clean stop writes down. Rejects with what the device says. */
  stop(): Promise<PartitionNote> {
    return this.keeping.stop()
  }

  /** The log is gone: whoever waits for it is told. Answers after how many ms its files may go. */
  end(): number {
    this.isGone = true
    this.listeners.tell()
    return this.config()['file.delete.delay.ms']
  }

  /** As it was when it was written; with its largest timestamp whatever the topic's kind of time, as Kafka does. */
  private answerAgain({ firstOffset, lastOffset, timestamp }: WrittenBatch): Appended {
    const durable = lastOffset < this.highWatermark ? undefined : this.lastDurable
    return { baseOffset: firstOffset, appendTime: timestamp, isDuplicate: true, durable }
  }

  private range(): { readonly from: number; readonly to: number } {
    return { from: this.startOffset, to: this.highWatermark }
  }

  private moveStart(start: number): void {
    const { segments, keeping, host } = this
    const count = segments.all().findIndex((segment) => segment.end > start || segment === segments.active)
    const last = segments.all()[count - 1]
    keeping.put({ from: start, ...(last && keeping.keepProducers(last.end)) })
    if (host.durability === 'disk') host.book.sync()
    this.startOffset = start
    this.epochs.dropBefore(start)
    for (const { base } of segments.takeFirst(count)) keeping.remove(base)
    this.listeners.tell()
  }

  /** Puts the batch into its segment, or says that the device did not take it; then nothing of it stays. */
  private write({ batch, count, maxTimestamp }: Valid, config: LogConfig): Segment | Refused {
    const lastOffset = this.endOffset + count - 1
    const note = { size: batch.length, lastOffset, maxTimestamp }
    place(batch, this.endOffset, this.leaderEpoch)
    try {
      const segment = this.segmentFor(note, config)
      segment.write(batch)
      segment.note(note, config['index.interval.bytes'])
      segment.modified = this.host.clock.now()
      this.endOffset = lastOffset + 1
      this.writtenBytes += batch.length
      return segment
    } catch (thrown) {
      expectDeviceError(thrown)
      if (this.segments.active?.isTorn === true) this.fail(thrown)
      return { error: 'KAFKA_STORAGE_ERROR' }
    }
  }

  private segmentFor(incoming: Incoming, config: LogConfig): Segment {
    const { active } = this.segments
    if (active && !this.segments.isFull(incoming, config)) return active
    const segment = this.segments.begin(this.endOffset)
    if (active) this.seal(active)
    this.sealedDurable = this.lastDurable
    return segment
  }

  private seal(segment: Segment): void {
    if (this.host.durability !== 'memory') this.keeping.seal(segment)
  }

  /** Lets readers see what was written as soon as it is as safe as `durability` promises. */
  private settle(segment: Segment): Promise<void> | undefined {
    const { endOffset, writtenBytes } = this
    if (this.host.durability !== 'disk') {
      this.raise(endOffset, writtenBytes)
      return undefined
    }
    // what stands in the segments before has to be there first
    const synced = Promise.all([this.sealedDurable, this.host.sync.after(segment.file)])
    const durable = synced.then(
      () => this.raise(endOffset, writtenBytes),
      (thrown: unknown) => {
        this.fail(thrown)
        throw thrown
      },
    )
    durable.catch(() => undefined) // a producer that wants no acknowledgement does not wait for it
    this.lastDurable = durable
    return durable
  }

  private raise(end: number, bytes: number): void {
    if (end <= this.highWatermark) return
    this.highWatermark = end
    this.visibleBytes = bytes
    this.listeners.tell()
  }

  /** After a failed sync nobody knows what the device has: nothing more is written until a restart finds out. */
  private fail(thrown: unknown): void {
    this.failure ??= thrown
    this.keeping.distrust()
    this.listeners.tell()
  }
}
