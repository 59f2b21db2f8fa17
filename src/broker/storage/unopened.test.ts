// Compressed batches are taken unopened: what follows where their insides are not what their headers say.
import { describe, expect, test } from 'vitest'
import { bombs, broken } from '../../../test/support/broken-batches.ts'
import { appended, batchOf, compacted, recordsIn, type TestRecord } from '../../../test/support/log-fixture.ts'
import { clean, openLog, type OpenedLog } from '../../../test/support/opened-log.ts'
import { batchAt, batchesIn, batchPrefix } from '../../protocol/records/batch.ts'
import type { PartitionLog } from './partition-log.ts'

const first = 1_700_000_000_000
const sound = (keys: string, n: number): TestRecord[] =>
  Array.from(keys, (key) => ({ key, value: `${n}`, timestamp: first + n }))
const settings = {
  'segment.ms': 400,
  'max.message.bytes': 2 ** 23,
  'min.cleanable.dirty.ratio': 0,
  'index.interval.bytes': 1,
}

/** Sound batches with broken ones behind them that have the same keys, and sound ones with others. */
function written(bad: Buffer): OpenedLog {
  const world = openLog(settings, { durability: 'process' })
  for (const n of [0, 1000]) {
    appended(world.log, batchOf(sound('abc', n), 1 + n / 1000))
    appended(world.log, Buffer.from(bad))
  }
  appended(world.log, batchOf(sound('d', 2000)))
  appended(world.log, batchOf(sound('e', 3000)))
  return world
}

/** All batches as their bytes, behind what the log changes in them. */
function batchesOf(log: PartitionLog): Buffer[] {
  return log.read(log.startOffset, 1e9, true).flatMap((slice) => {
    const batches: Buffer[] = []
    for (let at = 0; at < slice.length; at += batches.at(-1)!.length)
      batches.push(slice.subarray(at, at + slice.readInt32BE(at + batchAt.length) + batchPrefix))
    return batches
  })
}

const insides = (batch: Buffer): string => batch.subarray(batchAt.magic).toString('hex')
const isSame = (bad: Buffer) => (batch: Buffer) => insides(batch) === insides(bad)

/** What readers see of the sound batches. */
function soundRecords(log: PartitionLog, bad: Buffer): string[] {
  const others = batchesOf(log).filter((batch) => !isSame(bad)(batch))
  return recordsIn(others).map(({ offset, key, value }) => `${offset} ${key}=${value}`)
}

describe.each([...broken, ...bombs])('%s', (_, make) => {
  const bad = make()

  test('readers get the batch as it was written', () => {
    const { log } = written(bad)
    expect(batchesOf(log).filter(isSame(bad))).toHaveLength(2)
    expect(batchesIn(Buffer.concat(batchesOf(log))).map(({ count }) => count)).toContain(bad.readInt32BE(batchAt.count))
  })

  test('times lead into batches that have them, and past nothing that can be read', () => {
    const { log } = written(bad)
    const batches = batchesOf(log)
    const others = recordsIn(batches.filter((batch) => !isSame(bad)(batch)))
    for (const time of [1, 900, 1000, 1001, 1400, 1501, 2000, 2001].map((ms) => first + ms)) {
      const { offset } = log.placeOfTime(time)!
      const holder = batchesIn(Buffer.concat(batches)).find((batch) => batch.lastOffset >= offset)!
      expect(holder.maxTimestamp).toBeGreaterThanOrEqual(time)
      expect(offset).toBeLessThanOrEqual(others.find(({ timestamp }) => timestamp >= time)!.offset)
    }
    expect(log.placeOfTime(first + 1501)).toMatchObject({ offset: log.endOffset - 2, timestamp: first + 2000 })
    expect(log.placeOfMaxTimestamp()).toMatchObject({ offset: log.endOffset - 1, timestamp: first + 3000 })
  })

  test('compaction keeps it, and the last value of every key that can be read', async () => {
    const world = written(bad)
    const { log } = world
    const before = soundRecords(log, bad)
    world.holds.config = { ...world.holds.config, ...compacted }
    await clean(world)
    const after = soundRecords(log, bad)
    expect(batchesOf(log).filter(isSame(bad))).toHaveLength(2)
    expect(after.filter((record) => !before.includes(record))).toEqual([])
    expect(after.map((record) => record.slice(record.indexOf(' ') + 1))).toEqual([
      'a=1000',
      'b=1000',
      'c=1000',
      'd=2000',
      'e=3000',
    ])
  })

  test('a restart after a crash loses nothing', () => {
    const world = written(bad)
    const again = openLog(settings, { files: world.files, durability: 'process' })
    expect(again.log.endOffset).toBe(world.log.endOffset)
    expect(batchesOf(again.log).map(insides)).toEqual(batchesOf(world.log).map(insides))
    expect(appended(again.log, batchOf([{}])).baseOffset).toBe(world.log.endOffset)
  })
})
