// The store: logs of partitions and journals over one layer of files.
import type { Clock } from '../clock.ts'
import { Epochs } from './epochs.ts'
import type { Files } from './files.ts'
import type { Cut } from './framed-file.ts'
import { GroupSync } from './group-sync.ts'
import type { Host } from './host.ts'
import { openJournal } from './journal.ts'
import { Log } from './log.ts'
import { folderOf, PartitionBook } from './partition-book.ts'
import { SegmentList } from './segment-list.ts'
import type { Durability, Store } from './store.ts'

export interface StoreOptions {
  readonly files: Files
  readonly clock: Clock
  readonly durability: Durability
  /** hears what had to be cut out of files after a crash, or because their bytes changed */
  readonly onCut?: (cut: Cut) => void
}

/** Opens what the files hold. Throws `data-locked` when another process has it open. */
export function openStore({ files, clock, durability, onCut = () => undefined }: StoreOptions): Store {
  const unlock = files.lock()
  const sync = new GroupSync()
  const book = new PartitionBook(files, onCut)
  const host: Host = { files, clock, durability, sync, book, onCut }
  const logs = new Map<string, Log>()
  return {
    journal: (name) => openJournal(name, { files, sync: durability === 'disk' ? sync : undefined, onCut }),
    openPartition(topic, partition, config, name = topic) {
      const folder = folderOf(topic, partition)
      const found = logs.get(folder)
      if (found) return found
      if (!book.get(topic, partition)) book.put({ topic, partition, born: book.starts, from: 0, safe: 0, cleaned: 0 })
      const note = book.get(topic, partition)!
      const log = new Log({
        host,
        topic,
        partition,
        title: `${name}-${partition}`,
        config,
        segments: new SegmentList(host, folder, []),
        epochs: new Epochs(),
        leaderEpoch: book.starts - note.born,
        startOffset: note.from,
        endOffset: note.from,
      })
      logs.set(folder, log)
      return log
    },
    dropTopic(topic) {
      book.drop(topic)
      for (const [folder, log] of logs) {
        if (log.parts.topic !== topic) continue
        logs.delete(folder)
        log.end()
        files.remove(folder)
      }
    },
    clean: () => undefined,
    async close() {
      await sync.idle()
      files.close()
      unlock()
    },
  }
}
