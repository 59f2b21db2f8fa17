// What is left of logs and journals after a clean stop, and after a crash.
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import {
  appended,
  batchOf,
  consume,
  defaultConfig,
  produceRequest,
  TestClock,
} from '../../../test/support/log-fixture.ts'
import type { LogConfig } from '../log-config.ts'
import { diskFiles } from './disk-files.ts'
import type { Files } from './files.ts'
import type { Cut } from './framed-file.ts'
import { memoryFiles } from './memory-files.ts'
import { openStore } from './open-store.ts'
import type { PartitionLog } from './partition-log.ts'
import type { Store } from './store.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evplat-store-'))
  folders.push(folder)
  return folder
}

interface Opened {
  readonly store: Store
  readonly log: PartitionLog
  readonly cuts: Cut[]
}

function open(files: Files, config: Partial<LogConfig> = {}): Opened {
  const cuts: Cut[] = []
  const store = openStore({ files, clock: new TestClock(), durability: 'process', onCut: (cut) => cuts.push(cut) })
  return { store, cuts, log: store.openPartition('id', 0, () => ({ ...defaultConfig, ...config })) }
}

/** The store of a process that died: nothing is closed, and the lock is left behind. */
function crash(root: string): Files {
  rmSync(join(root, 'lock'), { force: true })
  return diskFiles(root)
}

const small = { 'segment.bytes': 400, 'index.interval.bytes': 100 }

function fill(log: PartitionLog, count: number, from = 0): void {
  for (let n = from; n < from + count; n++)
    appended(log, batchOf([{ value: `${n}`, timestamp: 1_700_000_000_000 + n }], n % 5))
}

const values = (log: PartitionLog): string[] => consume(log).map(({ value }) => value!)
const upTo = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`)

describe.each([
  ['disk', () => diskFiles(newFolder())],
  ['memory', memoryFiles],
])('after a clean stop, on %s', (_, newFiles) => {
  test('everything is there, and goes on', async () => {
    const files = newFiles()
    const first = open(files, small)
    fill(first.log, 50)
    expect(first.log.deleteRecords(3)).toBe(3)
    await first.store.close()
    const second = open(files, small)
    expect(second.log).toMatchObject({ startOffset: 3, endOffset: 50, highWatermark: 50, leaderEpoch: 1 })
    expect(values(second.log)).toEqual(upTo(50).slice(3))
    fill(second.log, 10, 50)
    expect(second.log.placeOfTime(1_700_000_000_055)).toMatchObject({ offset: 55, leaderEpoch: 1 })
    expect(second.log.placeOfTime(1_700_000_000_020)).toMatchObject({ offset: 20, leaderEpoch: 0 })
    expect(second.log.endOfEpoch(0)).toEqual({ epoch: 0, endOffset: 50 })
    await second.store.close()
    const third = open(files, small)
    expect(third.log).toMatchObject({ startOffset: 3, endOffset: 60, leaderEpoch: 2 })
    expect(values(third.log)).toEqual(upTo(60).slice(3))
    expect(third.log.placeOfMaxTimestamp()).toMatchObject({ offset: 59 })
    expect([first, second, third].flatMap(({ cuts }) => cuts)).toEqual([])
  })

  test('no file of a log is opened before somebody reads or writes it', async () => {
    const files = newFiles()
    const first = openStore({ files, clock: new TestClock(), durability: 'process' })
    for (let n = 0; n < 20; n++)
      fill(
        first.openPartition('id', n, () => ({ ...defaultConfig, ...small })),
        10,
      )
    await first.close()
    const touched: string[] = []
    const watched: Files = {
      ...files,
      list: (folder) => (touched.push(folder), files.list(folder)),
      file: (path) => {
        const file = files.file(path)
        return Object.assign(Object.create(file) as typeof file, {
          size: () => (touched.push(path), file.size()),
          read: (at: number, length: number) => (touched.push(path), file.read(at, length)),
        })
      },
    }
    const second = openStore({ files: watched, clock: new TestClock(), durability: 'process' })
    const logs = Array.from({ length: 20 }, (__, n) => second.openPartition('id', n, () => defaultConfig))
    expect(logs.map((log) => log.endOffset)).toEqual(Array.from({ length: 20 }, () => 10))
    expect(touched.filter((path) => path.startsWith('logs/'))).toEqual([])
    expect(values(logs[7]!)).toEqual(upTo(10))
  })

  test('a dropped topic is gone, its files too', async () => {
    const files = newFiles()
    const clock = new TestClock()
    const first = openStore({ files, clock, durability: 'process' })
    fill(
      first.openPartition('id', 0, () => defaultConfig),
      5,
    )
    fill(
      first.openPartition('other', 0, () => defaultConfig),
      5,
    )
    first.dropTopic('id')
    expect(files.list('logs').toSorted()).toEqual(['id-0', 'other-0'])
    await first.close()
    const second = openStore({ files, clock, durability: 'process' })
    clock.advance(60_000)
    expect(files.list('logs')).toEqual(['other-0'])
    expect(second.openPartition('other', 0, () => defaultConfig).endOffset).toBe(5)
  })
})

describe('after a crash', () => {
  const fileOf = (root: string, which: number): string => {
    const names = readdirSync(join(root, 'logs/id-0')).filter((name) => name.endsWith('.log'))
    return join(root, 'logs/id-0', names.toSorted().at(which)!)
  }

  test('what was written is there, and offsets go on behind it', () => {
    const root = newFolder()
    fill(open(diskFiles(root), small).log, 50)
    const { log, cuts } = open(crash(root), small)
    expect(log).toMatchObject({ startOffset: 0, endOffset: 50, leaderEpoch: 1 })
    expect(values(log)).toEqual(upTo(50))
    fill(log, 1, 50)
    expect(values(log)).toEqual(upTo(51))
    expect(cuts).toEqual([])
  })

  test('again and again, with clean stops in between, the leader epoch never goes back', async () => {
    const root = newFolder()
    for (let n = 0; n < 9; n++) {
      const { log, store } = open(crash(root), small)
      expect(log.leaderEpoch).toBe(n)
      expect(log.endOffset).toBe(n * 7)
      expect(values(log)).toEqual(upTo(n * 7))
      fill(log, 7, n * 7)
      expect(log.epochAt(n * 7)).toBe(n)
      if (n > 0) expect(log.endOfEpoch(n - 1)).toEqual({ epoch: n - 1, endOffset: n * 7 })
      if (n % 3 === 1) await store.close()
    }
  })

  test('a torn tail is cut off and told', () => {
    const root = newFolder()
    fill(open(diskFiles(root)).log, 10)
    const whole = readFileSync(fileOf(root, -1))
    for (const rest of [whole.subarray(0, 5), whole.subarray(0, 40), Buffer.alloc(300)]) {
      appendFileSync(fileOf(root, -1), rest)
      const { log, cuts } = open(crash(root))
      expect(values(log)).toEqual(upTo(10))
      expect(cuts).toMatchObject([{ path: 'logs/id-0/00000000000000000000.log', from: whole.length }])
      expect(readFileSync(fileOf(root, -1))).toHaveLength(whole.length)
    }
  })

  test('a flipped bit cuts off what is behind it, and says so', () => {
    const root = newFolder()
    fill(open(diskFiles(root)).log, 10)
    const bytes = readFileSync(fileOf(root, -1))
    bytes[Math.floor(bytes.length / 2)]! ^= 4
    writeFileSync(fileOf(root, -1), bytes)
    const { log, cuts } = open(crash(root))
    expect(log.endOffset).toBeLessThan(10)
    expect(values(log)).toEqual(upTo(log.endOffset))
    expect(cuts).toMatchObject([{ to: bytes.length }])
    fill(log, 1, log.endOffset)
    expect(values(log)).toEqual(upTo(log.endOffset))
  })

  test('a segment that lost its end takes the segments behind it along', () => {
    const root = newFolder()
    fill(open(diskFiles(root), small).log, 50)
    truncateSync(fileOf(root, 2), 20)
    const { log, cuts } = open(crash(root), small)
    expect(cuts.length).toBeGreaterThan(2)
    expect(values(log)).toEqual(upTo(log.endOffset))
    expect(log.endOffset).toBeLessThan(20)
  })

  test('sealed segments are not read again', async () => {
    const root = newFolder()
    const first = open(diskFiles(root), small)
    fill(first.log, 50)
    await first.store.close()
    fill(open(diskFiles(root), small).log, 50, 50)
    const read = new Set<string>()
    const files = crash(root)
    const { log } = open(
      {
        ...files,
        file: (path) => {
          const file = files.file(path)
          const watching = (at: number, length: number): Buffer => (read.add(path), file.read(at, length))
          return Object.assign(Object.create(file) as typeof file, { read: watching })
        },
      },
      small,
    )
    expect(log.endOffset).toBe(100)
    expect(read).not.toContain('logs/id-0/00000000000000000000.log')
    expect(read).toContain(`logs/id-0/${basename(fileOf(root, -1))}`)
  })

  test('it is told how much was looked through and cut out; after a clean stop there is nothing to tell', async () => {
    const root = newFolder()
    const first = open(diskFiles(root), small)
    expect(first.store.recovery).toBeUndefined()
    fill(first.log, 50)
    await first.store.close()
    const second = open(diskFiles(root), small)
    expect(second.store.recovery).toBeUndefined()
    fill(second.log, 1, 50)
    const torn = fileOf(root, -1)
    appendFileSync(torn, Buffer.alloc(9))
    const { recovery } = open(crash(root), small).store
    expect(recovery).toEqual({ logs: 1, readBytes: expect.any(Number) as number, cutBytes: 9 })
    expect(recovery!.readBytes).toBeLessThanOrEqual(2 * small['segment.bytes'] + 9)
  })

  test('deleted records stay deleted', () => {
    const root = newFolder()
    const { log } = open(diskFiles(root), small)
    fill(log, 50)
    log.deleteRecords(33)
    const again = open(crash(root), small)
    expect(again.log.startOffset).toBe(33)
    expect(values(again.log)).toEqual(upTo(50).slice(33))
  })

  test('journals keep what was written, without a torn tail, and step over damage', async () => {
    const root = newFolder()
    const path = join(root, 'topics.journal')
    const replay = (files: Files, cuts: Cut[] = []): string[] => {
      const records: string[] = []
      const store = openStore({ files, clock: new TestClock(), durability: 'process', onCut: (cut) => cuts.push(cut) })
      store.journal('topics').replay((record) => records.push(record.toString()))
      return records
    }
    const journal = open(diskFiles(root)).store.journal('topics')
    for (const record of ['one', 'two', 'three']) await journal.append(Buffer.from(record))
    appendFileSync(path, Buffer.from([0, 0, 0, 9, 1]))
    expect(replay(crash(root))).toEqual(['one', 'two', 'three'])
    const bytes = readFileSync(path)
    bytes[bytes.indexOf('two')]! ^= 1
    writeFileSync(path, bytes)
    const cuts: Cut[] = []
    expect(replay(crash(root), cuts)).toEqual(['one', 'three'])
    expect(cuts).toMatchObject([{ path: 'topics.journal' }])
  })
})

describe('idempotent producers', () => {
  const send = (log: PartitionLog, sequence: number, epoch = 0): string => {
    const batch = batchOf([{}, {}], 0, { producerId: 9n, epoch, sequence })
    const answer = log.append(batch, produceRequest)
    return 'error' in answer ? answer.error : `${answer.isDuplicate ? 'again ' : ''}${answer.baseOffset}`
  }

  test.each(['clean stop', 'crash', 'crash that takes the file of the producers along'])(
    'are known after a %s',
    async (end) => {
      const root = newFolder()
      for (let round = 0; round < 4; round++) {
        const { log, store } = open(crash(root), small)
        const base = round * 20
        if (round > 0) {
          expect(send(log, base - 2)).toBe(`again ${base - 2}`)
          expect(send(log, base - 10)).toBe(`again ${base - 10}`)
          expect(send(log, base - 12)).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
          expect(send(log, base + 2)).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
        }
        for (let n = 0; n < 20; n += 2) expect(send(log, base + n)).toBe(`${base + n}`)
        if (end === 'clean stop' || round === 1) await store.close()
        else await new Promise((done) => setTimeout(done, 20))
        const names = readdirSync(join(root, 'logs/id-0')).filter((name) => name.endsWith('.producers'))
        if (end.includes('along')) for (const name of names) rmSync(join(root, 'logs/id-0', name))
      }
      const { log } = open(crash(root), small)
      expect(send(log, 0, 1)).toBe('80')
      expect(send(log, 80)).toBe('INVALID_PRODUCER_EPOCH')
    },
  )

  test('are forgotten with their topic', () => {
    const { store, log } = open(memoryFiles())
    expect(send(log, 0)).toBe('0')
    store.dropTopic('id')
    expect(
      send(
        store.openPartition('id2', 0, () => defaultConfig),
        40,
      ),
    ).toBe('0')
  })
})
