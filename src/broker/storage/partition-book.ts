// What the store remembers of its partitions, all in one small file: to open a thousand of them costs one read. A clean stop
// writes everything down; after a crash only what is still true is used, and the logs themselves tell the rest.
import type { Files } from './files.ts'
import { type Cut, FramedFile } from './framed-file.ts'
import type { Epoch } from './epochs.ts'

/** A segment as a clean stop leaves it. */
export interface SegmentNote {
  readonly base: number
  readonly end: number
  readonly size: number
  readonly largest: readonly [timestamp: number, offset: number]
  readonly modified: number
}

/** What holds only if nothing was written since. */
export interface StopNote {
  readonly segments: readonly SegmentNote[]
  readonly epochs: readonly Epoch[]
  /** of the producers' state there is a file of this offset; -1: there are none */
  readonly producersAt: number
}

export interface PartitionNote {
  readonly topic: string
  readonly partition: number
  /** the start of the broker, counted from 1, at which it was made: its leader epoch counts the starts since */
  readonly born: number
  /** the first offset that can be read */
  readonly from: number
  /** segments that end at or before this offset are whole on the device, their indexes too */
  readonly safe: number
  /** compaction is through with what is before */
  readonly cleaned: number
  readonly stop?: StopNote
}

type Entry =
  | { readonly kind: 'partition'; readonly note: PartitionNote }
  | { readonly kind: 'start'; readonly count: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'drop'; readonly topic: string }

const encode = (entry: Entry): Buffer => Buffer.from(JSON.stringify(entry))

export function folderOf(topic: string, partition: number): string {
  return `logs/${topic}-${partition}`
}

const rewriteAt = 4 * 1024 * 1024

export class PartitionBook {
  private readonly framed: FramedFile
  private readonly notes = new Map<string, PartitionNote>()
  private rewritten = 0
  /** how often the broker was started on this data, this time included */
  starts = 0
  /** the last one ended by a clean stop: what the notes say of it can be trusted */
  wasStopped = false

  constructor(files: Files, onCut: (cut: Cut) => void) {
    this.framed = new FramedFile(files, 'partitions.journal')
    let wasDamaged = false
    this.framed.replay(
      (record) => this.take(JSON.parse(record.toString()) as Entry),
      (cut) => {
        wasDamaged = true
        onCut(cut)
      },
    )
    if (this.starts === 0 || wasDamaged) this.wasStopped = false
    this.starts++
    this.write({ kind: 'start', count: this.starts })
    // a stop that would still be believed after a power loss would hide what is written from now on
    this.framed.file.syncNow()
  }

  get(topic: string, partition: number): PartitionNote | undefined {
    return this.notes.get(folderOf(topic, partition))
  }

  all(): IterableIterator<PartitionNote> {
    return this.notes.values()
  }

  put(note: PartitionNote): void {
    this.write({ kind: 'partition', note })
    this.notes.set(folderOf(note.topic, note.partition), note)
    if (this.framed.file.size() - this.rewritten > rewriteAt) this.rewrite([...this.notes.values()], [])
  }

  drop(topic: string): void {
    this.write({ kind: 'drop', topic })
    this.forget(topic)
  }

  /** Makes what was put durable beyond a power loss. */
  sync(): void {
    this.framed.file.syncNow()
  }

  /** Writes down a clean stop, with everything that the next start would otherwise have to find out. */
  stop(notes: readonly PartitionNote[]): void {
    this.rewrite(notes, [{ kind: 'stop' }])
  }

  private rewrite(notes: readonly PartitionNote[], after: readonly Entry[]): void {
    const entries: Entry[] = [
      { kind: 'start', count: this.starts },
      ...notes.map((note) => ({ kind: 'partition' as const, note })),
      ...after,
    ]
    this.framed.rewrite(entries.map(encode))
    this.rewritten = this.framed.file.size()
  }

  private write(entry: Entry): void {
    this.framed.append(encode(entry))
  }

  private take(entry: Entry): void {
    this.wasStopped = entry.kind === 'stop'
    if (entry.kind === 'start') this.starts = entry.count
    else if (entry.kind === 'drop') this.forget(entry.topic)
    else if (entry.kind === 'partition') this.notes.set(folderOf(entry.note.topic, entry.note.partition), entry.note)
  }

  private forget(topic: string): void {
    for (const [folder, note] of this.notes) if (note.topic === topic) this.notes.delete(folder)
  }
}
