// Compaction: which records stay, and that nothing else changes.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appended, batchOf, compacted, consume, produceRequest } from '../../../test/support/log-fixture.ts'
import { clean, offsets, openLog } from '../../../test/support/opened-log.ts'
import { batchAt, batchesIn } from '../../protocol/records/batch.ts'
import type { Files } from './files.ts'
import { memoryFiles } from './memory-files.ts'
import type { PartitionLog } from './partition-log.ts'

const start = 1_700_000_000_000
const texts = (log: PartitionLog): string[] => consume(log).map(({ offset, key, value }) => `${offset} ${key}=${value}`)

const eager = { ...compacted, 'segment.bytes': 300, 'min.cleanable.dirty.ratio': 0, 'index.interval.bytes': 100 }

describe('compaction', () => {
  test.each([0, 1, 2, 3, 4])('keeps the last value of each key at its offset, codec %d', async (codec) => {
    const opened = openLog({ ...eager, 'segment.bytes': 600 })
    const { log } = opened
    for (let n = 0; n < 40; n++)
      appended(log, batchOf([{ key: `${n % 3}`, value: `${n}` }, { key: 'x' }, { key: `once${n}` }], codec))
    const before = consume(log)
    const size = log.size
    await clean(opened)
    const after = consume(log)
    expect(log.size).toBeLessThan(size)
    expect(after.filter(({ key }) => key!.startsWith('once'))).toHaveLength(40)
    const isLast = new Map(before.map(({ key, offset }) => [key, offset]))
    for (const record of after) expect(before).toContainEqual(record)
    for (const record of before) if (isLast.get(record.key) === record.offset) expect(after).toContainEqual(record)
    // all but what the segment that is written to holds
    expect(after.filter(({ key }) => key === 'x').length).toBeLessThan(8)
    expect(log).toMatchObject({ startOffset: 0, endOffset: 120 })
  })

  test('waits until enough is new, and for the lag', async () => {
    const opened = openLog({ ...eager, 'min.cleanable.dirty.ratio': 0.5, 'min.compaction.lag.ms': 1000 })
    const { log, clock } = opened
    const write = (count: number): void => {
      for (let n = 0; n < count; n++) appended(log, batchOf([{ key: 'k', timestamp: clock.now() }]))
    }
    write(20)
    await clean(opened)
    expect(offsets(log)).toHaveLength(20)
    clock.advance(1001)
    await clean(opened)
    const left = offsets(log).length
    expect(left).toBeLessThan(10)
    write(4)
    clock.advance(1001)
    await clean(opened)
    expect(offsets(log)).toContain(19)
  })

  test('keeps a tombstone for delete.retention.ms after the first round that met it (KIP-534)', async () => {
    const opened = openLog({ ...eager, 'delete.retention.ms': 5000 })
    const { log, clock } = opened
    appended(log, batchOf([{ key: 'a' }]))
    appended(log, batchOf([{ key: 'b' }, { key: 'a', value: null }]))
    const fill = (from: number): void => {
      for (let n = from; n < from + 6; n++) appended(log, batchOf([{ key: `fill${n}`, value: 'x'.repeat(40) }]))
    }
    fill(0)
    await clean(opened)
    expect(texts(log).slice(0, 2)).toEqual(['1 b=v', '2 a=null'])
    expect(consume(log)[1]).toMatchObject({ timestamp: start })
    clock.advance(4999)
    fill(10)
    await clean(opened)
    expect(texts(log)[1]).toBe('2 a=null')
    clock.advance(1)
    fill(20)
    await clean(opened)
    expect(texts(log).slice(0, 2)).toEqual(['1 b=v', '3 fill0=' + 'x'.repeat(40)])
  })

  test('keeps the header of the last batch of a producer, so that it goes on after a restart', async () => {
    const first = openLog(eager, { durability: 'process' })
    const send = (log: PartitionLog, sequence: number): string => {
      const answer = log.append(batchOf([{ key: 'p' }], 0, { producerId: 5n, epoch: 0, sequence }), produceRequest)
      return 'error' in answer ? answer.error : `${answer.isDuplicate ? 'again ' : ''}${answer.baseOffset}`
    }
    for (let n = 0; n < 3; n++) expect(send(first.log, n)).toBe(`${n}`)
    for (let n = 0; n < 20; n++) appended(first.log, batchOf([{ key: 'p', value: `${n}` }]))
    await clean(first)
    const [batch] = batchesIn(first.log.read(0, 1, true)[0]!)
    expect(batch).toMatchObject({ baseOffset: 2, count: 0, producerId: 5n })
    for (const name of first.files.list('logs/id-0'))
      if (name.endsWith('.producers')) first.files.remove(`logs/id-0/${name}`)
    const second = openLog(eager, { files: first.files, durability: 'process' })
    expect(send(second.log, 2)).toBe('again 2')
    expect(send(second.log, 3)).toBe('23')
  })

  test('goes with retention where the topic has both', async () => {
    const both = { ...eager, 'cleanup.policy': { delete: true, compact: true }, 'retention.ms': 1000 }
    const opened = openLog(both)
    for (let n = 0; n < 30; n++) appended(opened.log, batchOf([{ key: `${n % 2}`, timestamp: start + n * 100 }]))
    opened.clock.advance(2900)
    await clean(opened)
    expect(opened.log.startOffset).toBeGreaterThan(12)
    expect(offsets(opened.log).length).toBeLessThan(10)
  })

  test('reads in the middle of it see all that is there', async () => {
    const opened = openLog({ ...eager, 'segment.bytes': 5000 })
    const { log, store, clock } = opened
    for (let n = 0; n < 300; n++) appended(log, batchOf([{ key: `${n % 7}`, value: `${n}`.padEnd(300) }]))
    const last = new Map(consume(log, 0, 1e6).map(({ key, value }) => [key, value]))
    store.clean()
    for (let n = 0; n < 100; n++) {
      clock.advance(0)
      await Promise.resolve()
      expect(new Map(consume(log, 0, 1e6).map(({ key, value }) => [key, value]))).toEqual(last)
    }
  })

  test('a device that is full leaves the log as it was', async () => {
    const files = memoryFiles()
    let isFull = false
    const limited: Files = {
      ...files,
      file: (path) => {
        const file = files.file(path)
        if (!isFull || !path.endsWith('.cleaned')) return file
        const refuse = (): never => {
          throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
        }
        return Object.assign(Object.create(file) as typeof file, { append: refuse })
      },
    }
    const opened = openLog(eager, { files: limited })
    for (let n = 0; n < 20; n++) appended(opened.log, batchOf([{ key: n % 2 ? 'k' : `${n}` }]))
    isFull = true
    await clean(opened)
    expect(offsets(opened.log)).toHaveLength(20)
    expect(files.list('logs/id-0').filter((name) => name.endsWith('.cleaned'))).toEqual([])
    isFull = false
    await clean(opened)
    expect(offsets(opened.log).length).toBeLessThan(15)
  })

  test('survives a crash, and small segments grow together', async () => {
    const first = openLog(eager, { durability: 'process' })
    for (let n = 0; n < 100; n++) {
      appended(first.log, batchOf([{ key: `${n % 5}`, value: `${n}` }]))
      if (n % 10 === 9) await clean(first)
    }
    await clean(first)
    const logs = first.files.list('logs/id-0').filter((name) => name.endsWith('.log'))
    expect(logs.length).toBeLessThan(10)
    const crashed = openLog(eager, { files: first.files, durability: 'process' })
    expect(texts(crashed.log)).toEqual(texts(first.log))
    expect(crashed.log.endOffset).toBe(100)
  })

  test('whatever is written, the last value of every key stays, and every record that stays is one that was written', async () => {
    const record = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', ''),
      value: fc.option(fc.string(), { nil: null }),
    })
    const batch = fc.record({ records: fc.array(record, { minLength: 1, maxLength: 5 }), codec: fc.nat(4) })
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 25 }), fc.nat(10_000), async (batches, passed) => {
        const opened = openLog({ ...eager, 'delete.retention.ms': 5000 })
        for (const [n, { records, codec }] of batches.entries()) {
          appended(opened.log, batchOf(records, codec))
          if (n % 7 !== 6) continue
          opened.clock.advance(passed)
          await clean(opened)
        }
        const written = batches
          .flatMap(({ records }) => records)
          .map((each, offset) => ({ ...each, offset, timestamp: start }))
        const left = consume(opened.log)
        for (const each of left) expect(written).toContainEqual(each)
        const last = new Map(written.map((each) => [each.key, each]))
        for (const each of last.values()) if (each.value !== null) expect(left).toContainEqual(each)
        const wholeBytes = opened.log.read(0, 1e9, true)
        for (const each of wholeBytes.flatMap(batchesIn))
          expect(each.count).toBeLessThanOrEqual(each.lastOffset - each.baseOffset + 1)
        expect(wholeBytes.every((slice) => slice.readInt8(batchAt.magic) === 2)).toBe(true)
      }),
      { numRuns: 60 },
    )
  }, 30_000)
})
