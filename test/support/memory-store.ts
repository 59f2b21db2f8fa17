// A store without records: topics, configs and admin requests are tested over it. Its journals outlive `reopen`, as files would.
import type { LogConfig } from '../../src/broker/log-config.ts'
import type { PartitionLog } from '../../src/broker/storage/partition-log.ts'
import type { Journal, Store } from '../../src/broker/storage/store.ts'

export interface MemoryStore extends Store {
  /** `topic-partition` of the logs that are open */
  readonly open: ReadonlyMap<string, TestLog>
  /** the same journals, none of the logs */
  reopen(): MemoryStore
  journalSize(name: string): number
}

/** A log whose offsets a test moves. */
export interface TestLog extends PartitionLog {
  startOffset: number
  endOffset: number
  highWatermark: number
  config: () => LogConfig
}

function emptyLog(config: () => LogConfig): TestLog {
  return {
    config,
    startOffset: 0,
    endOffset: 0,
    highWatermark: 0,
    visibleBytes: 0,
    leaderEpoch: 0,
    isGone: false,
    size: 0,
    epochAt: () => 0,
    append: () => ({ error: 'UNKNOWN_SERVER_ERROR' }),
    read: () => [],
    placeOfTime: () => undefined,
    placeOfMaxTimestamp: () => undefined,
    endOfEpoch: () => undefined,
    activeProducers: () => [],
    deleteRecords(before) {
      this.startOffset = Math.max(this.startOffset, before)
      return this.startOffset
    },
    onMove: () => () => undefined,
  }
}

interface Kept {
  records: Buffer[]
  size: number
}

function journalOver(kept: Kept): Journal {
  return {
    replay: (each) => {
      kept.records.forEach(each)
      return true
    },
    append(record) {
      kept.records.push(Buffer.from(record))
      kept.size += record.length
      return undefined
    },
    rewrite(records) {
      kept.records = [...records]
      kept.size = 0
    },
    get size() {
      return kept.size
    },
  }
}

export function memoryStore(journals = new Map<string, Kept>()): MemoryStore {
  const open = new Map<string, TestLog>()
  const kept = (name: string): Kept => {
    const found = journals.get(name) ?? { records: [], size: 0 }
    journals.set(name, found)
    return found
  }
  return {
    open,
    recovery: undefined,
    journal: (name) => journalOver(kept(name)),
    openPartition(topic, partition, config) {
      const log = emptyLog(config)
      open.set(`${topic}-${partition}`, log)
      return log
    },
    dropTopic(topic) {
      for (const key of open.keys()) if (key.startsWith(`${topic}-`)) open.delete(key)
    },
    clean: () => undefined,
    close: () => Promise.resolve(),
    reopen: () => memoryStore(journals),
    journalSize: (name) => kept(name).records.reduce((sum, { length }) => sum + length, 0),
  }
}
