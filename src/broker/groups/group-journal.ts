// Writes what has to survive a restart, tells when it is safe, and rewrites the journal when most of it is outdated.
import type { Journal } from '../storage/store.ts'
import { encodeRecord } from './journal-records.ts'

/** smaller journals are not worth a rewrite, in bytes */
const smallest = 1024 * 1024

export class GroupJournal {
  private readonly journal: Journal
  /** of each group the last record about itself that is durable */
  private readonly stored = new Map<string, Buffer>()
  /** groups that were stored, durably or not, and not removed since */
  private readonly known = new Set<string>()
  /** written, and not durable yet; in the order of the writes */
  private readonly underWay = new Set<Buffer>()
  private readonly snapshot: () => Iterable<Buffer>
  private rewriteAt = smallest

  /** `snapshot` gives records of all offsets that are kept now */
  constructor(journal: Journal, snapshot: () => Iterable<Buffer>) {
    this.journal = journal
    this.snapshot = snapshot
  }

  replay(each: (record: Buffer) => void): void {
    this.journal.replay(each)
  }

  /** Writes a record; `done` is called when it is durable, or with false when it could not be written. */
  write(record: Buffer, done: (isDurable: boolean) => void = () => undefined): void {
    let durable: Promise<void> | undefined
    try {
      durable = this.journal.append(record)
    } catch {
      return done(false) // the device refuses: the client is told, and the state is as before
    }
    if (!durable) {
      done(true)
      return this.compact()
    }
    this.underWay.add(record)
    const end = (isDurable: boolean): void => {
      this.underWay.delete(record)
      done(isDurable)
      this.compact()
    }
    durable.then(
      () => end(true),
      () => end(false),
    )
  }

  /** Writes what a group is now. */
  writeGroup(groupId: string, record: Buffer, done: (isDurable: boolean) => void = () => undefined): void {
    this.known.add(groupId)
    this.write(record, (isDurable) => {
      if (isDurable && this.known.has(groupId)) this.stored.set(groupId, record)
      done(isDurable)
    })
  }

  /** Writes that there is no such group any more; its offsets are removed by records of their own. */
  removeGroup(groupId: string): void {
    this.stored.delete(groupId)
    if (this.known.delete(groupId)) this.write(encodeRecord('groupRemoved', { groupId }))
  }

  /** Remembers a record of the replay; undefined when it says that the group is gone. */
  keepGroup(groupId: string, record: Buffer | undefined): void {
    if (!record) {
      this.known.delete(groupId)
      this.stored.delete(groupId)
      return
    }
    this.known.add(groupId)
    this.stored.set(groupId, record)
  }

  private compact(): void {
    if (this.journal.size < this.rewriteAt) return
    const records = [...this.stored.values(), ...this.snapshot(), ...this.underWay]
    try {
      this.journal.rewrite(records)
    } catch {
      // what is there stays whole, and the next rewrite is tried when it has doubled
      this.rewriteAt = 2 * this.journal.size
      return
    }
    this.rewriteAt = smallest + 2 * records.reduce((sum, { length }) => sum + length, 0)
  }
}
