// What every foreign client does on the embedded broker, as far as it can, and what it has to see. Programs in other languages
// (test/java, test/python, test/go) print the same report as one JSON object.

/** The parts of the exercise in their order. A program leaves out what its client lacks. */
export const features = {
  topics: 'creates, lists and describes topics',
  configs: 'reads and changes configs',
  partitions: 'adds partitions',
  records: 'keys, headers, tombstones',
  timestamps: 'times of its own',
  times: 'offsets by time',
  codecs: 'codecs',
  lag: 'commits offsets, reads them back, tells the lag',
  deleteRecords: 'deletes records',
  groups: 'three members of a group join and leave',
  groupAdmin: 'lists, describes and deletes groups',
  idempotence: 'idempotent where answers are lost',
  deleteTopics: 'deletes topics',
} as const

export type Feature = keyof typeof features
export type CodecName = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
export const codecNames: readonly CodecName[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

export type CodecCounts = Partial<Readonly<Record<CodecName, number>>>

export interface SeenRecord {
  readonly key: string | null
  readonly value: string | null
  /** in their order */
  readonly headers: readonly (readonly [name: string, value: string])[]
}

export interface Report {
  /** "fresh" is created with 3 partitions and retention.ms=3600000, and once more: then the error's code */
  readonly topics?: { readonly listed: boolean; readonly partitions: number; readonly again: number }
  /** retention.ms of "fresh" before and after it is set to 7200000 */
  readonly configs?: { readonly before: string; readonly after: string }
  /** how many "fresh" has when it was asked for 5 */
  readonly partitions?: number
  /** what is read of "things", where the records of `things` were written */
  readonly records?: readonly SeenRecord[]
  /** their times after the first one's, which is ten seconds ago: 1000 ms lie between two */
  readonly timestamps?: readonly number[]
  /** offsets of "things": the first, the one of the second record's time, the end */
  readonly times?: { readonly earliest: number; readonly second: number; readonly latest: number }
  /** of each codec: how many records of `codecValue` were written to "codec-NAME" and read again as they were */
  readonly codecs?: CodecCounts
  /** of group "reader" on "things", where 2 was committed */
  readonly lag?: { readonly committed: number; readonly lag: number }
  /** the first offset of "things" when all before 1 was deleted */
  readonly deleteRecords?: number
  /**
   * "work" has 6 partitions, and group "workers" three members that begin at the start: one, then three, then two. In each of these
   * three times 10 records are written to each partition; how many different ones the members have seen by then, and how the
   * partitions are parted, sorted.
   */
  readonly groups?: readonly { readonly parted: readonly number[]; readonly seen: number }[]
  /** "workers" when all are gone: is it listed, its state, and is it listed after it was deleted */
  readonly groupAdmin?: { readonly listed: boolean; readonly state: string; readonly listedAfter: boolean }
  /** how many records were acknowledged of 50 to "once", one after the other, where the broker hangs up instead of answering, twice */
  readonly idempotence?: number
  /** is "fresh" listed after it was deleted */
  readonly deleteTopics?: { readonly listedAfter: boolean }
}

/** The records that are written to "things". */
export const things: readonly SeenRecord[] = [
  {
    key: 'k1',
    value: 'v1',
    headers: [
      ['trace', 'a1'],
      ['source', 'test'],
    ],
  },
  { key: 'k2', value: null, headers: [] },
  { key: null, value: 'v3', headers: [] },
]

export const codecCount = 100
export const codecValue = (index: number): string => `${index}:${'evplat '.repeat(100)}`
export const onceCount = 50

/** What a client has to report that lacks nothing; of codecs those that it has. */
export function expected(codecs: readonly CodecName[]): Required<Report> {
  return {
    topics: { listed: true, partitions: 3, again: 36 },
    configs: { before: '3600000', after: '7200000' },
    partitions: 5,
    records: things,
    timestamps: [0, 1000, 2000],
    times: { earliest: 0, second: 1, latest: 3 },
    codecs: Object.fromEntries(codecs.map((codec) => [codec, codecCount])),
    lag: { committed: 2, lag: 1 },
    deleteRecords: 1,
    groups: [
      { parted: [6], seen: 60 },
      { parted: [2, 2, 2], seen: 120 },
      { parted: [3, 3], seen: 180 },
    ],
    groupAdmin: { listed: true, state: 'Empty', listedAfter: false },
    idempotence: onceCount,
    deleteTopics: { listedAfter: false },
  }
}

/** The report that a program printed as one line. */
export function parseReport(lines: readonly string[]): Report {
  return JSON.parse(lines.at(-1) ?? '{}') as Report
}
