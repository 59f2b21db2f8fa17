// The store: logs of partitions and journals over one layer of files.
import type { Clock } from '../clock.ts'
import type { LogConfig } from '../log-config.ts'
import { Cleaner } from './cleaner.ts'
import { tolerate } from './device-error.ts'
import type { Files } from './files.ts'
import type { Cut } from './framed-file.ts'
import { GroupSync } from './group-sync.ts'
import type { Host } from './host.ts'
import { openJournal } from './journal.ts'
import { Log } from './log.ts'
import { PartitionBook } from './partition-book.ts'
import { folderOf, newNote } from './partition-notes.ts'
import { recallLog, recoverLog } from './recover.ts'
import type { Durability, Journal, Recovery, Store } from './store.ts'

export interface StoreOptions {
  readonly files: Files
  readonly clock: Clock
  readonly durability: Durability
  /** hears what had to be cut out of files after a crash, or because their bytes changed */
  readonly onCut?: (cut: Cut) => void
}

class OpenStore implements Store {
  private readonly host: Host
  private readonly unlock: () => void
  private readonly logs = new Map<string, Log>()
  private readonly cleaner: Cleaner
  private isClosed = false

  constructor(host: Host, unlock: () => void) {
    this.host = host
    this.unlock = unlock
    this.cleaner = new Cleaner(host.clock)
    for (const topic of host.book.dropped.keys()) this.removeLater(topic, 0)
  }

  get recovery(): Readonly<Recovery> | undefined {
    const { book, recovery } = this.host
    return book.wasStopped || book.starts === 1 ? undefined : recovery
  }

  journal(name: string): Journal {
    const { files, sync, durability, onCut } = this.host
    return openJournal(name, { files, sync: durability === 'disk' ? sync : undefined, onCut })
  }

  openPartition(topic: string, partition: number, config: () => LogConfig, name = topic): Log {
    const folder = folderOf(topic, partition)
    let log = this.logs.get(folder)
    if (!log) this.logs.set(folder, (log = this.open(topic, partition, config, `${name}-${partition}`)))
    return log
  }

  dropTopic(topic: string): void {
    const { book } = this.host
    const folders = book.foldersOf(topic)
    tolerate(() => book.drop(topic)) // what is not written down is dropped again by the next start
    let delay = 0
    for (const folder of folders) {
      delay = this.logs.get(folder)?.end() ?? delay
      this.logs.delete(folder)
    }
    if (folders.length > 0) this.removeLater(topic, delay)
  }

  clean(): void {
    // where the device refuses to write down what goes, it stays until the next time
    for (const log of this.logs.values()) tolerate(() => log.retain())
    this.cleaner.start(this.logs.values())
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    this.cleaner.stop()
    try {
      if (this.host.durability !== 'memory') await this.writeStop()
    } finally {
      this.host.files.close()
      this.unlock()
    }
  }

  private async writeStop(): Promise<void> {
    const { sync, book } = this.host
    const stopped = await Promise.allSettled([...this.logs.values()].map((log) => log.stop()))
    const notes = stopped.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    await sync.idle()
    book.stop(new Set(this.logs.keys()), notes)
  }

  private open(topic: string, partition: number, config: () => LogConfig, title: string): Log {
    const { host } = this
    const { book } = host
    const found = book.get(topic, partition)
    const old = found ?? newNote(topic, partition, book.starts)
    const recovered =
      book.wasStopped && old.stop
        ? recallLog(host, old, old.stop)
        : recoverLog(this.naming(title), { ...old, isFound: found !== undefined }, config()['index.interval.bytes'])
    // an epoch that was told to clients is never used again, even if the book lost the partition
    const born = Math.min(old.born, book.starts - recovered.epochs.latest - 1)
    const note = { ...old, born }
    if (!found || born !== old.born) book.put(note)
    return new Log({ host, note, title, config, recovered })
  }

  /** Says in each cut what it was cut from: folders have the ids of topics, people know their names. */
  private naming(title: string): Host {
    const { host } = this
    return { ...host, onCut: (cut) => host.onCut({ ...cut, partition: title }) }
  }

  /** Files of a topic that is gone: nobody can reach them. Those that the device does not let go are removed at the next start. */
  private removeLater(topic: string, delayMs: number): void {
    const { book, clock, files } = this.host
    clock.after(delayMs, () => {
      if (this.isClosed) return
      tolerate(() => {
        for (const folder of book.dropped.get(topic) ?? []) files.removeFolder(folder)
        book.removed(topic)
      })
    })
  }
}

/** Opens what the files hold. Throws `data-locked` when another process has it open. */
export function openStore({ files, clock, durability, onCut = () => undefined }: StoreOptions): Store {
  const unlock = files.lock()
  const recovery: Recovery = { logs: 0, readBytes: 0, cutBytes: 0 }
  const countCut = (cut: Cut): void => {
    recovery.cutBytes += cut.to - cut.from
    onCut(cut)
  }
  try {
    const book = new PartitionBook(files, countCut)
    return new OpenStore({ files, clock, durability, sync: new GroupSync(), book, onCut: countCut, recovery }, unlock)
  } catch (thrown) {
    unlock()
    throw thrown
  }
}
