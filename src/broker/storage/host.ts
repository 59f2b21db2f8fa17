// What every log of a store shares.
import type { Clock } from '../clock.ts'
import type { Files } from './files.ts'
import type { Cut } from './framed-file.ts'
import type { GroupSync } from './group-sync.ts'
import type { PartitionBook } from './partition-book.ts'
import type { Durability, Recovery } from './store.ts'

export interface Host {
  readonly files: Files
  readonly clock: Clock
  readonly durability: Durability
  readonly sync: GroupSync
  readonly book: PartitionBook
  readonly onCut: (cut: Cut) => void
  /** counts what is looked through because there was no clean stop */
  readonly recovery: Recovery
}
