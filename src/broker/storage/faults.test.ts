// One fault at a time: what is answered while it lasts, and what is left after it.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  appended,
  batchOf,
  consume,
  defaultConfig,
  produceRequest,
  logClock,
} from '../../../test/support/log-fixture.ts'
import { openLog, type OpenedLog } from '../../../test/support/opened-log.ts'
import { emptyDisk, type DecideFault, type Fault, faultyFiles } from './faulty-files.ts'
import type { Files } from './files.ts'
import { memoryFiles } from './memory-files.ts'
import { openStore } from './open-store.ts'
import type { Durability } from './store.ts'

const small = { 'segment.bytes': 600, 'index.interval.bytes': 100 }

const open = (files: Files, durability: Durability): OpenedLog => openLog(small, { files, durability })

const isLog = (path: string): boolean => path.endsWith('.log')
const refused = { error: 'KAFKA_STORAGE_ERROR' }

describe('while the device', () => {
  test.each([0, 10, 70])(
    'is full (ENOSPC) after a short write of %d bytes, nothing of a batch stays, and writing goes on when there is room',
    (bytes) => {
      let fault: Fault | undefined
      const decide: DecideFault = (operation, path) => (operation === 'append' && isLog(path) ? fault : undefined)
      const { log } = open(faultyFiles(emptyDisk(), decide), 'process')
      appended(log, batchOf([{ value: 'one' }]))
      fault = { error: 'ENOSPC', bytes }
      expect(log.append(batchOf([{}]), produceRequest)).toEqual(refused)
      expect(log.endOffset).toBe(1)
      fault = undefined
      expect(appended(log, batchOf([{ value: 'two' }])).baseOffset).toBe(1)
      expect(consume(log).map(({ value }) => value)).toEqual(['one', 'two'])
    },
  )

  test('can not even take back a short write, nothing more is written before a restart cuts off the torn tail', () => {
    let isBroken = false
    const decide: DecideFault = (operation, path) =>
      isBroken && isLog(path) && operation !== 'sync' ? { error: 'EIO', bytes: 20 } : undefined
    const files = faultyFiles(emptyDisk(), decide)
    const { log } = open(files, 'process')
    appended(log, batchOf([{}]))
    isBroken = true
    expect(log.append(batchOf([{}]), produceRequest)).toEqual(refused)
    isBroken = false
    expect(log.append(batchOf([{}]), produceRequest)).toEqual(refused)
    const again = open(faultyFiles(files.kill()), 'process')
    expect(again.log.endOffset).toBe(1)
    expect(again.cuts).toMatchObject([{ reason: 'a batch that is not whole' }])
  })

  test('is slow to sync, records are neither visible nor acknowledged', async () => {
    let release = (): void => undefined
    const until = new Promise<void>((done) => (release = done))
    const { log } = open(
      faultyFiles(emptyDisk(), (operation, path) => (operation === 'sync' && isLog(path) ? { until } : undefined)),
      'disk',
    )
    const { durable } = appended(log, batchOf([{}]))
    let isDurable = false
    void durable!.then(() => (isDurable = true))
    for (let n = 0; n < 10; n++) await new Promise((done) => setImmediate(done))
    expect({ isDurable, highWatermark: log.highWatermark }).toEqual({ isDurable: false, highWatermark: 0 })
    release()
    await durable
    expect(log.highWatermark).toBe(1)
  })

  test('fails to sync (EIO), producers are told, readers see nothing of it, and a restart finds out what is there', async () => {
    let isFailing = false
    const decide: DecideFault = (operation) => (isFailing && operation === 'sync' ? { error: 'EIO' } : undefined)
    const files = faultyFiles(emptyDisk(), decide)
    const { log } = open(files, 'disk')
    await appended(log, batchOf([{}])).durable
    isFailing = true
    await expect(appended(log, batchOf([{}])).durable).rejects.toMatchObject({ code: 'EIO' })
    isFailing = false
    expect(log.append(batchOf([{}]), produceRequest)).toEqual(refused)
    expect(log.highWatermark).toBe(1)
    expect(open(faultyFiles(files.losePower(() => 0)), 'disk').log.endOffset).toBe(1)
  })
})

test('the files of a dropped topic that the device does not let go are gone after the next start', () => {
  let isFull = false
  const files = faultyFiles(emptyDisk(), (operation) =>
    isFull && operation !== 'sync' ? { error: 'ENOSPC' } : undefined,
  )
  const clock = logClock()
  const store = openStore({ files, clock, durability: 'process' })
  appended(
    store.openPartition('id', 0, () => defaultConfig),
    batchOf([{}]),
  )
  isFull = true
  store.dropTopic('id')
  clock.advance(defaultConfig['file.delete.delay.ms'])
  expect(files.list('logs')).toEqual(['id-0'])
  const again = faultyFiles(files.kill())
  openStore({ files: again, clock, durability: 'process' }).dropTopic('id')
  clock.advance(0)
  expect(again.list('logs')).toEqual([])
})

test('power loss with durability disk: takes nothing that was acknowledged, wherever it tears the rest', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 30 }),
      fc.nat(30),
      fc.infiniteStream(fc.nat(1000)),
      async (count, rest, chances) => {
        const files = faultyFiles(emptyDisk())
        const { log } = open(files, 'disk')
        for (let n = 0; n < count; n++) await appended(log, batchOf([{ value: `${n}` }], n % 3)).durable
        for (let n = count; n < count + rest; n++) appended(log, batchOf([{ value: `${n}` }], n % 3))
        const after = open(faultyFiles(files.losePower((below) => chances.next().value! % below)), 'disk').log
        expect(after.endOffset).toBeGreaterThanOrEqual(count)
        expect(consume(after).map(({ value }) => value)).toEqual(
          Array.from({ length: after.endOffset }, (_, n) => `${n}`),
        )
      },
    ),
    { numRuns: 40 },
  )
})

test('power loss with durability disk: what is known of producers outlives their segments, whatever note of it is lost', async () => {
  const files = faultyFiles(emptyDisk())
  const { log } = open(files, 'disk')
  const first = batchOf([{}], 0, { producerId: 7n, epoch: 0, sequence: 0 })
  const fill = async (): Promise<void> => {
    for (let n = 0; n < 20; n++) await appended(log, batchOf([{ value: `${n}` }])).durable
  }
  await appended(log, Buffer.from(first)).durable
  await fill()
  log.deleteRecords(log.highWatermark)
  await fill()
  for (let n = 0; n < 20; n++) await new Promise((done) => setImmediate(done))
  const after = open(faultyFiles(files.losePower(() => 0)), 'disk').log
  expect(after.append(Buffer.from(first), produceRequest)).toMatchObject({ isDuplicate: true, baseOffset: 0 })
})

test('bit flip: any of an unsealed segment leaves a log that opens, whole up to there, and is told', () => {
  const written = memoryFiles()
  const { log } = open(written, 'process')
  for (let n = 0; n < 20; n++) appended(log, batchOf([{ value: `${n}` }], n % 3))
  const names = written.list('logs/id-0').filter(isLog)
  const all = consume(log)
  fc.assert(
    fc.property(fc.nat(names.length - 1), fc.nat(599), fc.nat(7), (which, at, bit) => {
      const files = memoryFiles()
      for (const name of names) files.replace(`logs/id-0/${name}`, written.read(`logs/id-0/${name}`)!)
      const path = `logs/id-0/${names[which]}`
      const bytes = files.read(path)!
      const place = at % bytes.length
      bytes[place]! ^= 1 << bit
      files.replace(path, bytes)
      const after = open(files, 'process')
      const seen = consume(after.log, 0)
      expect(seen).toEqual(all.slice(0, seen.length))
      if (seen.length < all.length) expect(after.cuts.length).toBeGreaterThan(0)
      // the leader epoch is the one field of a batch that no checksum covers and nobody needs to read the records
      else expect(after.log.endOffset).toBe(all.length)
      expect(appended(after.log, batchOf([{}])).baseOffset).toBe(seen.length)
    }),
    { numRuns: 300 },
  )
})

describe('a journal', () => {
  const replay = (files: Files, durability: Durability = 'process'): string[] => {
    const records: string[] = []
    const store = openStore({ files, clock: logClock(), durability })
    store.journal('groups').replay((record) => records.push(record.toString()))
    return records
  }

  test.each([0, 3, 20])('keeps nothing of a short write of %d bytes (ENOSPC), and goes on', (bytes) => {
    let fault: Fault | undefined
    const files = faultyFiles(emptyDisk(), (operation, path) =>
      operation === 'append' && path === 'groups.journal' ? fault : undefined,
    )
    const journal = openStore({ files, clock: logClock(), durability: 'process' }).journal('groups')
    void journal.append(Buffer.from('one'))
    fault = { error: 'ENOSPC', bytes }
    expect(() => journal.append(Buffer.from('two, which is too long'))).toThrow('ENOSPC')
    fault = undefined
    void journal.append(Buffer.from('three'))
    expect(replay(faultyFiles(files.kill()))).toEqual(['one', 'three'])
  })

  test('says when a sync fails (EIO), and waits while it is slow', async () => {
    let fault: Fault | undefined
    const files = faultyFiles(emptyDisk(), (operation, path) =>
      operation === 'sync' && path === 'groups.journal' ? fault : undefined,
    )
    const journal = openStore({ files, clock: logClock(), durability: 'disk' }).journal('groups')
    fault = { error: 'EIO' }
    await expect(journal.append(Buffer.from('one'))).rejects.toMatchObject({ code: 'EIO' })
    let release = (): void => undefined
    fault = { until: new Promise<void>((done) => (release = done)) }
    let isDurable = false
    const durable = journal.append(Buffer.from('two'))!.then(() => (isDurable = true))
    for (let n = 0; n < 10; n++) await new Promise((done) => setImmediate(done))
    expect(isDurable).toBe(false)
    release()
    await durable
  })

  test('power loss with durability disk: keeps every record that was acknowledged, wherever the rest is torn', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.nat(20), fc.infiniteStream(fc.nat(1000)), async (count, rest, chances) => {
        const files = faultyFiles(emptyDisk())
        const journal = openStore({ files, clock: logClock(), durability: 'disk' }).journal('groups')
        for (let n = 0; n < count; n++) await journal.append(Buffer.from(`record ${n}`))
        for (let n = count; n < count + rest; n++) journal.append(Buffer.from(`record ${n}`))?.catch(() => undefined)
        const left = replay(faultyFiles(files.losePower((below) => chances.next().value! % below)), 'disk')
        expect(left.length).toBeGreaterThanOrEqual(count)
        expect(left).toEqual(Array.from(left, (_, n) => `record ${n}`))
      }),
      { numRuns: 60 },
    )
  })
})
