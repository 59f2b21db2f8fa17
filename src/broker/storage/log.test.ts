import { describe, expect, test } from 'vitest'
import { batchesIn } from '../../protocol/records/batch.ts'
import {
  appended,
  batchOf,
  consume,
  defaultConfig,
  produceRequest,
  recordsIn,
  logClock,
} from '../../../test/support/log-fixture.ts'
import type { LogConfig } from '../log-config.ts'
import { memoryFiles } from './memory-files.ts'
import { openStore } from './open-store.ts'
import type { PartitionLog } from './partition-log.ts'
import type { Durability } from './store.ts'

const time = 1_700_000_000_000

function newLog(config: Partial<LogConfig> = {}, durability: Durability = 'memory'): PartitionLog {
  const store = openStore({ files: memoryFiles(), clock: logClock(), durability })
  return store.openPartition('id', 0, () => ({ ...defaultConfig, ...config }), 'orders')
}

describe('appending and reading', () => {
  test('records get offsets one after the other, whatever their codec', () => {
    const log = newLog()
    for (const codec of [0, 1, 2, 3, 4]) {
      const batch = batchOf([{ key: `a${codec}` }, { key: `b${codec}` }], codec)
      expect(appended(log, batch).baseOffset).toBe(codec * 2)
    }
    expect(log).toMatchObject({ startOffset: 0, endOffset: 10, highWatermark: 10 })
    expect(consume(log).map(({ offset, key }) => `${offset}${key}`)).toEqual(
      '0a0 1b0 2a1 3b1 4a2 5b2 6a3 7b3 8a4 9b4'.split(' '),
    )
  })

  test('an offset inside a batch is answered by the whole batch', () => {
    const log = newLog()
    for (let n = 0; n < 50; n++) appended(log, batchOf([{ value: `${n}` }, {}, {}, {}]))
    for (let offset = 0; offset < 200; offset++) {
      const [slice] = log.read(offset, 1, true)
      expect(batchesIn(slice!)[0]).toMatchObject({ baseOffset: offset - (offset % 4), count: 4 })
    }
  })

  test('a limit cuts between batches, and one batch comes at least where that is asked (KIP-74)', () => {
    const log = newLog()
    const size = batchOf([{ value: 'x'.repeat(500) }]).length
    for (let n = 0; n < 5; n++) appended(log, batchOf([{ value: 'x'.repeat(500) }]))
    const lengths = (maxBytes: number, atLeastOne: boolean): number[] =>
      log.read(1, maxBytes, atLeastOne).map(({ length }) => length)
    expect(lengths(10, true)).toEqual([size])
    expect(lengths(10, false)).toEqual([])
    expect(lengths(size * 2 + 100, true)).toEqual([size * 2])
    expect(lengths(1e6, false)).toEqual([size * 4])
    expect(log.read(5, 1e6, true)).toEqual([])
  })

  test('a read goes on in the next segment', () => {
    const log = newLog({ 'segment.bytes': 300 })
    for (let n = 0; n < 20; n++) appended(log, batchOf([{ value: `${n}` }]))
    const records = recordsIn(log.read(3, 1e6, true))
    expect(records.map(({ offset, value }) => `${offset}=${value}`)).toEqual(
      Array.from({ length: 17 }, (_, n) => `${n + 3}=${n + 3}`),
    )
  })

  test('the leader epoch of this run stands in every batch', () => {
    const log = newLog()
    appended(log, batchOf([{}]))
    expect(log.read(0, 1e6, true)[0]!.readInt32BE(12)).toBe(0)
    expect(log.endOfEpoch(0)).toEqual({ epoch: 0, endOffset: 1 })
    expect([log.epochAt(0), log.epochAt(1)]).toEqual([0, 0])
    expect(log.endOfEpoch(5)).toBeUndefined()
  })

  test('listeners hear of an append until they leave', () => {
    const log = newLog()
    let heard = 0
    const leave = log.onMove(() => heard++)
    appended(log, batchOf([{}]))
    leave()
    appended(log, batchOf([{}]))
    expect(heard).toBe(1)
  })
})

describe('durability', () => {
  test('with `disk`, records become visible only when the device has them', async () => {
    const log = newLog({}, 'disk')
    let heard = 0
    log.onMove(() => heard++)
    const first = appended(log, batchOf([{}]))
    const second = appended(log, batchOf([{}, {}]))
    expect(log).toMatchObject({ endOffset: 3, highWatermark: 0 })
    expect(log.read(0, 1e6, true)).toEqual([])
    await Promise.all([first.durable, second.durable])
    expect(log).toMatchObject({ endOffset: 3, highWatermark: 3 })
    expect(heard).toBeGreaterThan(0)
  })

  test.each(['memory', 'process'] as const)('with `%s`, at once', (durability) => {
    const log = newLog({}, durability)
    expect(appended(log, batchOf([{}])).durable).toBeUndefined()
    expect(log.highWatermark).toBe(1)
  })
})

describe('offsets by time', () => {
  const times = [5, 3, 9, 9, 1, 20, 12, 30, 2, 25].map((n) => time + n)

  test.each([0, 1, 2, 3, 4])('the first record at or after a time, also inside batches of codec %d', (codec) => {
    const log = newLog({ 'index.interval.bytes': 0, 'segment.bytes': 400 })
    for (let n = 0; n < 10; n += 2)
      appended(log, batchOf([{ timestamp: times[n]! }, { timestamp: times[n + 1]! }], codec))
    for (let asked = time; asked <= time + 31; asked++) {
      const offset = times.findIndex((each) => each >= asked)
      const place = log.placeOfTime(asked)
      expect(place).toEqual(offset < 0 ? undefined : { offset, timestamp: times[offset], leaderEpoch: 0 })
    }
    expect(log.placeOfMaxTimestamp()).toEqual({ offset: 7, timestamp: time + 30, leaderEpoch: 0 })
  })

  test('what was deleted is not found any more', () => {
    const log = newLog()
    appended(log, batchOf(times.map((timestamp) => ({ timestamp }))))
    expect(log.deleteRecords(8)).toBe(8)
    expect(log.placeOfTime(time)).toMatchObject({ offset: 8 })
    expect(log.placeOfMaxTimestamp()).toMatchObject({ offset: 9, timestamp: time + 25 })
  })

  test('an empty log has none', () => {
    expect(newLog().placeOfTime(0)).toBeUndefined()
    expect(newLog().placeOfMaxTimestamp()).toBeUndefined()
  })
})

describe('deleting records', () => {
  test('moves the start, never beyond what is visible, and drops whole segments', () => {
    const log = newLog({ 'segment.bytes': 200 })
    for (let n = 0; n < 10; n++) appended(log, batchOf([{}, {}]))
    const before = log.size
    expect(log.deleteRecords(7)).toBe(7)
    expect(log.deleteRecords(3)).toBe(7)
    expect(log.size).toBeLessThan(before)
    expect(consume(log).map(({ offset }) => offset)).toEqual(Array.from({ length: 13 }, (_, n) => n + 7))
    expect(log.deleteRecords(1000)).toBe(20)
    expect(consume(log)).toEqual([])
    expect(appended(log, batchOf([{}])).baseOffset).toBe(20)
  })
})

test('a dropped topic refuses what comes late, and tells who waits', () => {
  const store = openStore({ files: memoryFiles(), clock: logClock(), durability: 'memory' })
  const log = store.openPartition('id', 0, () => defaultConfig)
  appended(log, batchOf([{}]))
  let heard = 0
  log.onMove(() => heard++)
  store.dropTopic('id')
  expect(heard).toBe(1)
  expect(log.append(batchOf([{}]), produceRequest)).toEqual({ error: 'UNKNOWN_TOPIC_OR_PARTITION' })
  expect(log.isGone).toBe(true)
  expect(log.read(0, 1e6, true)).toEqual([])
})

describe('journals', () => {
  test('give back what was appended, and what they were rewritten to', async () => {
    const files = memoryFiles()
    const store = openStore({ files, clock: logClock(), durability: 'process' })
    const journal = store.journal('topics')
    await journal.append(Buffer.from('a'))
    expect(journal.size).toBeGreaterThan(0)
    journal.rewrite([Buffer.from('b'), Buffer.alloc(0)])
    expect(journal.size).toBe(0)
    await journal.append(Buffer.from('c'))
    const replayed: string[] = []
    openStore({ files, clock: logClock(), durability: 'process' })
      .journal('topics')
      .replay((record) => replayed.push(record.toString()))
    expect(replayed).toEqual(['b', '', 'c'])
  })
})
