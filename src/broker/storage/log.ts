// The log of one partition: what is appended, in which order it becomes visible, and what is read.
import type { LogConfig } from '../log-config.ts'
import { place } from '../records/batch-header.ts'
import { type Valid, validate } from '../records/validate.ts'
import type { Epochs } from './epochs.ts'
import { findLargestTime, findTime } from './find-time.ts'
import type { Host } from './host.ts'
import { Listeners } from './listeners.ts'
import { folderOf } from './partition-book.ts'
import type { Appended, AppendRequest, PartitionLog, Place, Refused } from './partition-log.ts'
import type { Segment } from './segment.ts'
import type { SegmentList } from './segment-list.ts'

export interface LogParts {
  readonly host: Host
  readonly topic: string
  readonly partition: number
  /** as it stands in the server's words: `<name of the topic>-<partition>` */
  readonly title: string
  readonly config: () => LogConfig
  readonly segments: SegmentList
  readonly epochs: Epochs
  readonly leaderEpoch: number
  readonly startOffset: number
  readonly endOffset: number
}

export class Log implements PartitionLog {
  readonly parts: LogParts
  readonly folder: string
  readonly leaderEpoch: number
  startOffset: number
  endOffset: number
  highWatermark: number
  private readonly listeners = new Listeners()
  private lastDurable: Promise<void> | undefined
  private failure: unknown
  isGone = false

  constructor(parts: LogParts) {
    this.parts = parts
    this.folder = folderOf(parts.topic, parts.partition)
    this.leaderEpoch = parts.leaderEpoch
    this.startOffset = parts.startOffset
    this.endOffset = parts.endOffset
    this.highWatermark = parts.endOffset
    parts.epochs.assign(parts.leaderEpoch, parts.endOffset)
  }

  get size(): number {
    return this.parts.segments.size
  }

  append(records: Buffer, { version }: AppendRequest): Appended | Refused {
    if (this.isGone) return { error: 'UNKNOWN_TOPIC_OR_PARTITION' }
    if (this.failure !== undefined) return { error: 'KAFKA_STORAGE_ERROR' }
    const { host, config, title } = this.parts
    const valid = validate(records, { config: config(), now: host.clock.now(), topicPartition: title, version })
    if ('error' in valid) return valid
    if (valid.isTransactional) return { error: 'INVALID_TXN_STATE' } // there is no transaction that it could be part of
    const baseOffset = this.endOffset
    const segment = this.write(valid)
    if ('error' in segment) return segment
    const appendTime = config()['message.timestamp.type'] === 'LogAppendTime' ? valid.maxTimestamp : -1
    return { baseOffset, appendTime, isDuplicate: false, durable: this.settle(segment) }
  }

  read(from: number, maxBytes: number, atLeastOne: boolean): readonly Buffer[] {
    if (this.isGone) return []
    const slices: Buffer[] = []
    const segments = this.parts.segments.all()
    let left = maxBytes
    for (let n = this.parts.segments.indexOf(from); n < segments.length; n++) {
      const segment = segments[n]!
      const end = segment.positionOf(this.highWatermark)
      const position = segment.positionOf(from)
      if (position >= end) continue
      const slice = segment.read(position, end, { maxBytes: left, atLeastOne: atLeastOne && slices.length === 0 })
      if (slice.length > 0) slices.push(slice)
      if (position + slice.length < end) break
      left -= slice.length
    }
    return slices
  }

  placeOfTime(timestamp: number): Place | undefined {
    return findTime(this.parts.segments.all(), timestamp, this.range())
  }

  placeOfMaxTimestamp(): Place | undefined {
    return findLargestTime(this.parts.segments.all(), this.range())
  }

  epochAt(offset: number): number {
    return this.parts.epochs.at(offset)
  }

  endOfEpoch(epoch: number): { readonly epoch: number; readonly endOffset: number } | undefined {
    return this.parts.epochs.endOf(epoch, this.endOffset)
  }

  deleteRecords(before: number): number {
    const start = Math.min(before, this.highWatermark)
    if (start <= this.startOffset) return this.startOffset
    const { host, topic, partition } = this.parts
    const note = host.book.get(topic, partition)
    if (note) host.book.put({ ...note, from: start })
    if (host.durability === 'disk') host.book.sync()
    this.moveStart(start)
    return start
  }

  onMove(listener: () => void): () => void {
    return this.listeners.add(listener)
  }

  /** The log is gone: whoever waits for it is told. */
  end(): void {
    this.isGone = true
    this.listeners.tell()
  }

  private range(): { readonly from: number; readonly to: number } {
    return { from: this.startOffset, to: this.highWatermark }
  }

  private moveStart(start: number): void {
    const { segments, epochs, host } = this.parts
    this.startOffset = start
    epochs.dropBefore(start)
    const isBefore = (segment: Segment): boolean => segment.end <= start && segment !== segments.active
    const gone = segments.takeFirst(segments.all().findIndex((segment) => !isBefore(segment)))
    for (const segment of gone) host.files.remove(segment.file.path)
    this.listeners.tell()
  }

  /** Puts the batch into its segment, or says that the device did not take it; then nothing of it stays. */
  private write({ batch, count, maxTimestamp }: Valid): Segment | Refused {
    const { segments, config } = this.parts
    const lastOffset = this.endOffset + count - 1
    const note = { size: batch.length, lastOffset, maxTimestamp }
    place(batch, this.endOffset, this.leaderEpoch)
    try {
      const isNew = !segments.active || segments.isFull(note, config())
      const segment = isNew ? segments.begin(this.endOffset) : segments.active
      segment.file.append([batch])
      segment.note(note, config()['index.interval.bytes'])
      segment.modified = this.parts.host.clock.now()
      this.endOffset = lastOffset + 1
      return segment
    } catch {
      return { error: 'KAFKA_STORAGE_ERROR' }
    }
  }

  /** Lets readers see what was written as soon as it is as safe as `durability` promises. */
  private settle(segment: Segment): Promise<void> | undefined {
    const end = this.endOffset
    if (this.parts.host.durability !== 'disk') {
      this.raise(end)
      return undefined
    }
    const durable = this.parts.host.sync.after(segment.file).then(
      () => this.raise(end),
      (thrown: unknown) => {
        this.fail(thrown)
        throw thrown
      },
    )
    durable.catch(() => undefined) // a producer that wants no acknowledgement does not wait for it
    this.lastDurable = durable
    return durable
  }

  private raise(end: number): void {
    if (end <= this.highWatermark) return
    this.highWatermark = end
    this.listeners.tell()
  }

  /** After a failed sync nobody knows what the device has: nothing more is written until a restart finds out. */
  private fail(thrown: unknown): void {
    this.failure ??= thrown
    this.listeners.tell()
  }
}
