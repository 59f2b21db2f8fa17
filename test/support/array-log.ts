// A log in memory for the registry server, whose appends can be made to fail in every way that a real one can.
import type { LogRecord, SchemaLog } from '../../src/registry-server/schema-log.ts'

/** What becomes of one append: does the record get into the log, and does the writer hear of it? */
export type AppendFate = 'done' | 'lost' | 'done-but-rejected' | 'silent' | 'done-but-silent'

export interface ArrayLog extends SchemaLog {
  readonly records: LogRecord[]
  /** fates of the next appends; `done` when there are none left */
  readonly fates: AppendFate[]
  /** a log with the same records that works: what a new process finds */
  reopened(): ArrayLog
  /** only the newest record of each key, with its offset: what log compaction leaves, tombstones included */
  compacted(): ArrayLog
}

export function createArrayLog(records: LogRecord[] = []): ArrayLog {
  const fates: AppendFate[] = []
  const nextOffset = (): number => (records.at(-1)?.offset ?? -1) + 1
  return {
    records,
    fates,
    append: (key, value) => {
      const fate = fates.shift() ?? 'done'
      const offset = nextOffset()
      if (fate.startsWith('done')) records.push({ offset, key, value })
      if (fate === 'done') return Promise.resolve(offset)
      if (fate.endsWith('silent')) return new Promise(() => undefined)
      return Promise.reject(new Error('the log is not to be reached'))
    },
    read: (from, each) => {
      records.filter((record) => record.offset >= from).forEach(each)
      return Promise.resolve()
    },
    reopened: () => createArrayLog([...records]),
    compacted: () => {
      const newest = new Map(records.map((record) => [record.key?.toString(), record.offset]))
      return createArrayLog(records.filter((record) => newest.get(record.key?.toString()) === record.offset))
    },
  }
}
