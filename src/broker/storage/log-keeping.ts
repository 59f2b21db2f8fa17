// What must be on the device besides the batches: sealed segments with their indexes, and the notes of a log in the store's book.
import type { Epochs } from './epochs.ts'
import type { Host } from './host.ts'
import { folderOf, type PartitionNote, type SegmentNote, withoutStop } from './partition-book.ts'
import type { Segment } from './segment.ts'
import { storeSegment, useStoredRows } from './segment-files.ts'
import type { SegmentList } from './segment-list.ts'

export interface Kept {
  readonly segments: SegmentList
  readonly epochs: Epochs
  readonly startOffset: number
  readonly endOffset: number
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

  /** Writes down what changed, so that a crash does not lose it. With `disk` it is on the device on return. */
  put(change: Partial<PartitionNote>): void {
    if (!this.host.book.get(this.note.topic, this.note.partition)) return // dropped meanwhile
    this.note = { ...this.current(), ...change }
    this.host.book.put(this.note)
  }

  get cleaned(): number {
    return this.note.cleaned
  }

  /** The device failed: what was not safe by then has to be looked at again by a restart, whatever later syncs say. */
  distrust(): void {
    this.isSealable = false
  }

  /** Brings a segment that is not written to any more to the device, in the background and one after the other. */
  seal(segment: Segment): void {
    this.sealing = this.sealing.then(async () => {
      // what a failed sync lost nobody knows: a restart has to look at everything from there on
      if (this.isSealable)
        await this.store(segment).then(
          () => this.put({ safe: segment.end }),
          () => (this.isSealable = false),
        )
    })
  }

  /** Brings all to the device; answers what a clean stop writes down. Rejects with what the device says. */
  async stop(): Promise<PartitionNote> {
    await this.sealing
    if (!this.isSealable) return this.current()
    const { segments, endOffset } = this.log()
    for (const segment of segments.all()) if (segment.isDirty) await this.store(segment)
    const stop = { segments: segments.all().map(noteOf), producersAt: -1 }
    return { ...this.current(), safe: endOffset, stop }
  }

  private async store(segment: Segment): Promise<void> {
    const { files, sync } = this.host
    const folder = folderOf(this.note.topic, this.note.partition)
    await storeSegment(files, sync, folder, segment)
    useStoredRows(files, folder, segment)
  }

  private current(): PartitionNote {
    const { epochs, startOffset } = this.log()
    return withoutStop({ ...this.note, from: startOffset, epochs: epochs.all() })
  }
}
