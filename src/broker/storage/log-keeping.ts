// What must be on the device besides the batches: sealed segments with their indexes, and the notes of a log in the store's book.
import type { Producers } from '../producers/producers.ts'
import type { Epochs } from './epochs.ts'
import { expectDeviceError, tolerate } from './device-error.ts'
import type { Host } from './host.ts'
import { folderOf, type PartitionNote, type SegmentNote, withoutStop } from './partition-notes.ts'
import { removeSegment } from './recover.ts'
import { writeProducers } from './producer-file.ts'
import type { Segment } from './segment.ts'
import { segmentPath, storeSegment, useStoredRows } from './segment-files.ts'
import type { SegmentList } from './segment-list.ts'

export interface Kept {
  readonly segments: SegmentList
  readonly epochs: Epochs
  readonly startOffset: number
  readonly endOffset: number
  producers(): Producers
}

const noteOf = ({ base, end, size, largest, modified }: Segment): SegmentNote => ({
  base,
  end,
  size,
  largest: [largest.timestamp, largest.offset],
  modified,
})

export class LogKeeping {
  private readonly host: Host
  private readonly log: () => Kept
  private note: PartitionNote
  private sealing: Promise<void> = Promise.resolve()
  private isSealable = true

  constructor(host: Host, note: PartitionNote, log: () => Kept) {
    this.host = host
    this.note = note
    this.log = log
  }

  /** Writes down what changed. Throws what the device says; then nothing is changed. */
  put(change: Partial<PartitionNote>): void {
    if (!this.host.book.get(this.note.topic, this.note.partition)) return // dropped meanwhile
    const before = this.note.producersAt
    const note = { ...this.current(), ...change }
    this.host.book.put(note)
    this.note = note
    if (before === note.producersAt) return
    // a power loss may take the note back: until it is on the device, the file before is still needed
    if (this.host.durability === 'disk') this.host.book.sync()
    this.removeProducers(before)
  }

  /** Segments that end there go. What they tell of producers has to be written down, where it is not yet. */
  keepProducers(before: number): Partial<PartitionNote> {
    return before > this.note.safe && this.host.durability !== 'memory' ? this.writtenProducers() : {}
  }

  /** What is written down of producers tells of records that a crash took: before others have their offsets, it is written anew. */
  correctProducers(): void {
    if (this.note.producersAt > this.log().endOffset) this.put({ producersAt: -1, ...this.writtenProducers() })
  }

  private writtenProducers(): Partial<PartitionNote> {
    const bytes = this.encodedProducers()
    if (!bytes) return {}
    const { endOffset } = this.log()
    const file = writeProducers(this.host.files, this.folder, endOffset, bytes)
    if (this.host.durability === 'disk') file.syncNow()
    return { producersAt: endOffset }
  }

  /** Whether it may be put into another file: it is not on its way to the device any more. */
  isSettled(segment: Segment): boolean {
    return this.host.durability === 'memory' || (!segment.isDirty && segment.end <= this.note.safe)
  }

  get cleaned(): number {
    return this.note.cleaned
  }

  /** The device failed: what was not safe by then has to be looked at again by a restart, whatever later syncs say. */
  distrust(): void {
    this.isSealable = false
  }

  /** Removes the files of a segment. What can't be removed is in nobody's way: a restart tries again. */
  remove(base: number): void {
    tolerate(() => removeSegment(this.host, this.folder, base))
  }

  /**
   * Brings a segment that is not written to any more to the device, with the producers as they are now: in the background, one
   * after the other, for all that is before one is safe then.
   */
  seal(segment: Segment): void {
    const producers = this.encodedProducers()
    const at = this.log().endOffset
    this.later(segment, async () => {
      const stored = await this.store(segment, producers, at)
      // those of a later offset know also of batches that are gone meanwhile
      const isOutdated = at < this.note.producersAt
      // a segment that only lost its indexes was safe before, and so were later ones
      this.put({ ...(isOutdated ? {} : stored), safe: Math.max(this.note.safe, segment.end) })
      if (isOutdated) this.removeProducers(at)
    })
  }

  /** Brings the indexes of a compacted segment to the device, in the background. */
  storeIndexes(segment: Segment): void {
    if (this.host.durability === 'memory') return
    this.later(segment, () => this.storeFiles(segment))
  }

  /** Brings all to the device; answers what a clean stop writes down. Rejects with what the device says. */
  async stop(): Promise<PartitionNote> {
    await this.sealing
    if (!this.isSealable) return this.current()
    const { segments, endOffset } = this.log()
    let stored: Partial<PartitionNote> = {}
    for (const segment of segments.all())
      if (segment.isDirty) stored = await this.store(segment, this.encodedProducers(), endOffset)
    return { ...this.current(), ...stored, safe: endOffset, stop: { segments: segments.all().map(noteOf) } }
  }

  /** The producers are those at the offset `at`. Answers where they are found. */
  private async store(segment: Segment, producers: Buffer | undefined, at: number): Promise<Partial<PartitionNote>> {
    await this.storeFiles(segment)
    if (!producers) return { producersAt: -1 }
    await this.host.sync.after(writeProducers(this.host.files, this.folder, at, producers))
    return { producersAt: at }
  }

  private async storeFiles(segment: Segment): Promise<void> {
    const { files, sync } = this.host
    await storeSegment(files, sync, this.folder, segment)
    useStoredRows(files, this.folder, segment)
  }

  /** A segment may be removed while it waits for its turn, or meanwhile: then there is nothing to bring to the device. */
  private later(segment: Segment, work: () => Promise<void>): void {
    const isThere = (): boolean => this.log().segments.all().includes(segment)
    this.sealing = this.sealing.then(async () => {
      if (!this.isSealable || !isThere()) return
      try {
        await work()
      } catch (thrown) {
        expectDeviceError(thrown)
        // what a failed sync lost nobody knows: a restart has to look at everything from there on
        if (isThere()) this.isSealable = false
      }
      if (!this.log().segments.has(segment.base)) this.remove(segment.base)
    })
  }

  private get folder(): string {
    return folderOf(this.note.topic, this.note.partition)
  }

  private encodedProducers(): Buffer | undefined {
    const producers = this.log().producers()
    return producers.count > 0 ? producers.encode() : undefined
  }

  /** Of an offset at which they are not written down any more. */
  private removeProducers(offset: number): void {
    if (offset >= 0 && offset !== this.note.producersAt)
      this.host.files.remove(segmentPath(this.folder, offset, 'producers'))
  }

  private current(): PartitionNote {
    const { epochs, startOffset } = this.log()
    return withoutStop({ ...this.note, from: startOffset, epochs: epochs.all() })
  }
}
