// What is left of a log after a clean stop.
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/evplat.ts'
import { defaultConfig, logClock } from '../../../test/support/log-fixture.ts'
import { fill, keptIn, openLog, smallSegments, upTo, values } from '../../../test/support/opened-log.ts'
import { diskFiles } from './disk-files.ts'
import type { Files } from './files.ts'
import { memoryFiles } from './memory-files.ts'
import { openStore } from './open-store.ts'

describe.each([
  ['disk', () => diskFiles(temporaryFolder())],
  ['memory', memoryFiles],
])('after a clean stop, on %s', (_, newFiles) => {
  test('everything is there, and goes on', async () => {
    const files = newFiles()
    const first = openLog(smallSegments, keptIn(files))
    fill(first.log, 50)
    expect(first.log.deleteRecords(3)).toBe(3)
    await first.store.close()
    const second = openLog(smallSegments, keptIn(files))
    expect(second.log).toMatchObject({ startOffset: 3, endOffset: 50, highWatermark: 50, leaderEpoch: 1 })
    expect(values(second.log)).toEqual(upTo(50).slice(3))
    fill(second.log, 10, 50)
    expect(second.log.placeOfTime(1_700_000_000_055)).toMatchObject({ offset: 55, leaderEpoch: 1 })
    expect(second.log.placeOfTime(1_700_000_000_020)).toMatchObject({ offset: 20, leaderEpoch: 0 })
    expect(second.log.endOfEpoch(0)).toEqual({ epoch: 0, endOffset: 50 })
    await second.store.close()
    const third = openLog(smallSegments, keptIn(files))
    expect(third.log).toMatchObject({ startOffset: 3, endOffset: 60, leaderEpoch: 2 })
    expect(values(third.log)).toEqual(upTo(60).slice(3))
    expect(third.log.placeOfMaxTimestamp()).toMatchObject({ offset: 59 })
    expect([first, second, third].flatMap(({ cuts }) => cuts)).toEqual([])
  })

  test('no file of a log is opened before somebody reads or writes it', async () => {
    const files = newFiles()
    const first = openStore({ files, clock: logClock(), durability: 'process' })
    for (let n = 0; n < 20; n++)
      fill(
        first.openPartition('id', n, () => ({ ...defaultConfig, ...smallSegments })),
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
    const second = openStore({ files: watched, clock: logClock(), durability: 'process' })
    const logs = Array.from({ length: 20 }, (__, n) => second.openPartition('id', n, () => defaultConfig))
    expect(logs.map((log) => log.endOffset)).toEqual(Array.from({ length: 20 }, () => 10))
    expect(touched.filter((path) => path.startsWith('logs/'))).toEqual([])
    expect(values(logs[7]!)).toEqual(upTo(10))
  })

  test('a dropped topic is gone, its files too', async () => {
    const files = newFiles()
    const clock = logClock()
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
