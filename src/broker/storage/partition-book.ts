// What the store remembers of its partitions, all in one small file: to open a thousand of them costs one read. A clean stop
// writes everything down; after a crash only what is still true is used, and the logs themselves tell the rest.
import { tolerate } from './device-error.ts'
import type { Files } from './files.ts'
import { type Cut, FramedFile } from './framed-file.ts'
import type { GroupSync } from './group-sync.ts'
import { folderOf, Notes, type PartitionNote, withoutStop } from './partition-notes.ts'

type Entry =
  | { readonly kind: 'partition'; readonly note: PartitionNote }
  | { readonly kind: 'start'; readonly count: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'drop'; readonly topic: string; readonly folders: readonly string[] }
  | { readonly kind: 'removed'; readonly topic: string }

const encode = (entry: Entry): Buffer => Buffer.from(JSON.stringify(entry))

const rewriteAt = 4 * 1024 * 1024

export class PartitionBook {
  private readonly framed: FramedFile
  private readonly notes = new Notes()
  /** topics that are gone whose folders may still be there */
  readonly dropped = new Map<string, readonly string[]>()
  private rewritten = 0
  /** how often the broker was started on this data, this time included */
  starts = 0
  /** the last one ended by a clean stop: what the notes say of it can be trusted */
  wasStopped = false

  constructor(files: Files, onCut: (cut: Cut) => void) {
    this.framed = new FramedFile(files, 'partitions.journal')
    let wasDamaged = false
    this.framed.replay(
      (record) => {
        const entry = JSON.parse(record.toString()) as Entry
        this.wasStopped = entry.kind === 'stop'
        this.take(entry)
      },
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
    return this.notes.get(topic, partition)
  }

  /** The folders of a topic's partitions. */
  foldersOf(topic: string): string[] {
    return this.notes.of(topic).map(({ partition }) => folderOf(topic, partition))
  }

  put(note: PartitionNote): void {
    this.write({ kind: 'partition', note })
    this.notes.set(note)
    // what was said of a partition before does not matter any more; a device that refuses is asked again at the next note
    if (this.framed.file.size() - this.rewritten > rewriteAt) tolerate(() => this.rewrite([]))
  }

  /** Forgets a topic, also where the device refuses to write that down. Its folders are remembered until they are `removed`. */
  drop(topic: string): void {
    const folders = this.foldersOf(topic)
    if (folders.length === 0) return
    const entry = { kind: 'drop', topic, folders } as const
    try {
      this.write(entry)
    } finally {
      this.take(entry)
    }
  }

  removed(topic: string): void {
    this.write({ kind: 'removed', topic })
    this.dropped.delete(topic)
  }

  /** Makes what was put durable beyond a power loss. */
  sync(): void {
    this.framed.file.syncNow()
  }

  /** The same in the background, together with what others want synced. */
  synced(sync: GroupSync): Promise<void> {
    return sync.after(this.framed.file)
  }

  /**
   * Writes down a clean stop, with everything that the next start would otherwise have to find out. Of the logs in `opened`
   * only what `stopped` says holds; the others are as the last start found them.
   */
  stop(opened: ReadonlySet<string>, stopped: readonly PartitionNote[]): void {
    for (const note of this.notes.all())
      if (opened.has(folderOf(note.topic, note.partition)) || !this.wasStopped) this.notes.set(withoutStop(note))
    for (const note of stopped) this.notes.set(note)
    this.rewrite([{ kind: 'stop' }])
  }

  private rewrite(after: readonly Entry[]): void {
    const entries: Entry[] = [
      { kind: 'start', count: this.starts },
      ...Array.from(this.notes.all(), (note) => ({ kind: 'partition' as const, note })),
      ...[...this.dropped].map(([topic, folders]) => ({ kind: 'drop' as const, topic, folders })),
      ...after,
    ]
    this.framed.rewrite(entries.map(encode))
    this.rewritten = this.framed.file.size()
  }

  private write(entry: Entry): void {
    this.framed.append(encode(entry))
  }

  private take(entry: Entry): void {
    if (entry.kind === 'start') this.starts = entry.count
    else if (entry.kind === 'partition') this.notes.set(entry.note)
    else if (entry.kind === 'removed') this.dropped.delete(entry.topic)
    else if (entry.kind === 'drop') {
      this.notes.drop(entry.topic)
      this.dropped.set(entry.topic, entry.folders)
    }
  }
}
