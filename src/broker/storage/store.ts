// Everything that the broker keeps on a disk, or in memory: logs of partitions, and journals of what else it must remember.
import type { LogConfig } from '../log-config.ts'
import type { PartitionLog } from './partition-log.ts'

/**
 * When a write counts: `memory` keeps nothing beyond the process; `process` when the operating system has it (survives
 * `kill -9`); `disk` when the device has it (survives a power loss).
 */
export type Durability = 'memory' | 'process' | 'disk'

/** An append log of small records, replayed at the start. */
export interface Journal {
  /**
   * Calls `each` with every record, oldest first. Once, before the first append. False where something was cut out that could not be
   * what was written.
   */
  replay(each: (record: Buffer) => void): boolean
  /** Writes a record. The answer settles when it is durable; undefined when it is already. */
  append(record: Buffer): Promise<void> | undefined
  /** replaces everything by these records, in one step as a crash sees it */
  rewrite(records: Iterable<Buffer>): void
  /** bytes since the last rewrite, by which the owner decides when the next one pays */
  readonly size: number
}

/** What had to be looked through at the start because the process before ended without a clean stop. */
export interface Recovery {
  logs: number
  /** of segments that were not known to be whole; what was safe is not read again */
  readBytes: number
  /** of logs and journals, that were cut off or stepped over */
  cutBytes: number
}

export interface Store {
  /** undefined after a clean stop, and where there was nothing before */
  readonly recovery: Readonly<Recovery> | undefined
  journal(name: string): Journal
  /**
   * The log of a partition, created or found. `topic` is the topic's id: what is kept of a deleted topic can never be taken for
   * that of a new one of the same name, and names that differ only by case stay apart on every file system. `name` stands in
   * the server's words. `config` is asked again at each use, so that a change holds at once.
   */
  openPartition(topic: string, partition: number, config: () => LogConfig, name?: string): PartitionLog
  /** Forgets the logs of a topic by its id, at once for clients; its files go a little later. */
  dropTopic(topic: string): void
  /** Retention and compaction: what is due. Called now and then by the broker. */
  clean(): void
  /** Syncs, writes the marker of a clean stop, and releases the lock. Rejects with what the device says; the lock is released then, too. */
  close(): Promise<void>
}
