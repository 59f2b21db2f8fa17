// A log of a store for tests of what becomes of it: by the cleaner, by a restart, by a crash.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { LogConfig } from '../../src/broker/log-config.ts'
import { diskFiles } from '../../src/broker/storage/disk-files.ts'
import type { Files } from '../../src/broker/storage/files.ts'
import type { Cut } from '../../src/broker/storage/framed-file.ts'
import { memoryFiles } from '../../src/broker/storage/memory-files.ts'
import { openStore } from '../../src/broker/storage/open-store.ts'
import type { PartitionLog } from '../../src/broker/storage/partition-log.ts'
import type { Durability, Store } from '../../src/broker/storage/store.ts'
import { appended, batchOf, consume, defaultConfig, logClock, recordTime } from './log-fixture.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface OpenedLog {
  readonly store: Store
  readonly log: PartitionLog
  readonly clock: VirtualClock
  readonly files: Files
  /** what had to be cut out of the files */
  readonly cuts: readonly Cut[]
  /** what holds for the topic; it may be replaced */
  readonly holds: { config: LogConfig }
}

interface Where {
  readonly files?: Files
  readonly clock?: VirtualClock
  readonly durability?: Durability
}

/** Opens a store with one log; in memory where nothing else is said. */
export function openLog(
  config: Partial<LogConfig> = {},
  { files = memoryFiles(), clock = logClock(), durability = 'memory' }: Where = {},
): OpenedLog {
  const cuts: Cut[] = []
  const store = openStore({ files, clock, durability, onCut: (cut) => cuts.push(cut) })
  const holds = { config: { ...defaultConfig, ...config } }
  return { store, clock, files, cuts, holds, log: store.openPartition('id', 0, () => holds.config) }
}

/** Files that outlive the process: what is written counts when the operating system has it. */
export const keptIn = (files: Files): Where => ({ files, durability: 'process' })

/** The files of a process that died: nothing is closed, and the lock is left behind. */
export function crashedFiles(root: string): Files {
  rmSync(join(root, 'lock'), { force: true })
  return diskFiles(root)
}

/** Segments of a few batches, each with rows in its indexes. */
export const smallSegments = { 'segment.bytes': 400, 'index.interval.bytes': 100 }

/** Appends `count` batches of one record, whose values are their numbers, in all codecs. */
export function fill(log: PartitionLog, count: number, from = 0): void {
  for (let n = from; n < from + count; n++)
    appended(log, batchOf([{ value: `${n}`, timestamp: recordTime + n }], n % 5))
}

export const values = (log: PartitionLog): string[] => consume(log).map(({ value }) => value!)
/** What `fill` has written. */
export const upTo = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`)
export const offsets = (log: PartitionLog): number[] => consume(log).map(({ offset }) => offset)

/** Lets what is sealed reach the device. */
async function settle(): Promise<void> {
  for (let n = 0; n < 20; n++) await new Promise((done) => setImmediate(done))
}

/** Lets the cleaner come to its end: its steps are timers, and promises between them. */
export async function clean({ store, clock }: OpenedLog): Promise<void> {
  await settle()
  store.clean()
  for (let idle = 0; idle < 5; idle++) {
    if (clock.running > 0) idle = 0
    clock.advance(0)
    await new Promise((done) => setImmediate(done))
  }
}
