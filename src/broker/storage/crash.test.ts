// What is left of logs and journals after a crash.
import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/evplat.ts'
import { logClock } from '../../../test/support/log-fixture.ts'
import { crashedFiles, fill, keptIn, openLog, smallSegments, upTo, values } from '../../../test/support/opened-log.ts'
import { diskFiles } from './disk-files.ts'
import type { Files } from './files.ts'
import type { Cut } from './framed-file.ts'
import { openStore } from './open-store.ts'

describe('after a crash', () => {
  const fileOf = (root: string, which: number): string => {
    const names = readdirSync(join(root, 'logs/id-0')).filter((name) => name.endsWith('.log'))
    return join(root, 'logs/id-0', names.toSorted().at(which)!)
  }

  test('what was written is there, and offsets go on behind it', () => {
    const root = temporaryFolder()
    fill(openLog(smallSegments, keptIn(diskFiles(root))).log, 50)
    const { log, cuts } = openLog(smallSegments, keptIn(crashedFiles(root)))
    expect(log).toMatchObject({ startOffset: 0, endOffset: 50, leaderEpoch: 1 })
    expect(values(log)).toEqual(upTo(50))
    fill(log, 1, 50)
    expect(values(log)).toEqual(upTo(51))
    expect(cuts).toEqual([])
  })

  test('again and again, with clean stops in between, the leader epoch never goes back', async () => {
    const root = temporaryFolder()
    for (let n = 0; n < 9; n++) {
      const { log, store } = openLog(smallSegments, keptIn(crashedFiles(root)))
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
    const root = temporaryFolder()
    fill(openLog({}, keptIn(diskFiles(root))).log, 10)
    const whole = readFileSync(fileOf(root, -1))
    for (const rest of [whole.subarray(0, 5), whole.subarray(0, 40), Buffer.alloc(300)]) {
      appendFileSync(fileOf(root, -1), rest)
      const { log, cuts } = openLog({}, keptIn(crashedFiles(root)))
      expect(values(log)).toEqual(upTo(10))
      expect(cuts).toMatchObject([{ path: 'logs/id-0/00000000000000000000.log', from: whole.length }])
      expect(readFileSync(fileOf(root, -1))).toHaveLength(whole.length)
    }
  })

  test('a flipped bit cuts off what is behind it, and says so', () => {
    const root = temporaryFolder()
    fill(openLog({}, keptIn(diskFiles(root))).log, 10)
    const bytes = readFileSync(fileOf(root, -1))
    bytes[Math.floor(bytes.length / 2)]! ^= 4
    writeFileSync(fileOf(root, -1), bytes)
    const { log, cuts } = openLog({}, keptIn(crashedFiles(root)))
    expect(log.endOffset).toBeLessThan(10)
    expect(values(log)).toEqual(upTo(log.endOffset))
    expect(cuts).toMatchObject([{ to: bytes.length }])
    fill(log, 1, log.endOffset)
    expect(values(log)).toEqual(upTo(log.endOffset))
  })

  test('a segment that lost its end takes the segments behind it along', () => {
    const root = temporaryFolder()
    fill(openLog(smallSegments, keptIn(diskFiles(root))).log, 50)
    truncateSync(fileOf(root, 2), 20)
    const { log, cuts } = openLog(smallSegments, keptIn(crashedFiles(root)))
    expect(cuts.length).toBeGreaterThan(2)
    expect(values(log)).toEqual(upTo(log.endOffset))
    expect(log.endOffset).toBeLessThan(20)
  })

  test('sealed segments are not read again', async () => {
    const root = temporaryFolder()
    const first = openLog(smallSegments, keptIn(diskFiles(root)))
    fill(first.log, 50)
    await first.store.close()
    fill(openLog(smallSegments, keptIn(diskFiles(root))).log, 50, 50)
    const read = new Set<string>()
    const files = crashedFiles(root)
    const watched: Files = {
      ...files,
      file: (path) => {
        const file = files.file(path)
        const watching = (at: number, length: number): Buffer => (read.add(path), file.read(at, length))
        return Object.assign(Object.create(file) as typeof file, { read: watching })
      },
    }
    const { log } = openLog(smallSegments, keptIn(watched))
    expect(log.endOffset).toBe(100)
    expect(read).not.toContain('logs/id-0/00000000000000000000.log')
    expect(read).toContain(`logs/id-0/${basename(fileOf(root, -1))}`)
  })

  test('it is told how much was looked through and cut out; after a clean stop there is nothing to tell', async () => {
    const root = temporaryFolder()
    const first = openLog(smallSegments, keptIn(diskFiles(root)))
    expect(first.store.recovery).toBeUndefined()
    fill(first.log, 50)
    await first.store.close()
    const second = openLog(smallSegments, keptIn(diskFiles(root)))
    expect(second.store.recovery).toBeUndefined()
    fill(second.log, 1, 50)
    appendFileSync(fileOf(root, -1), Buffer.alloc(9))
    const { recovery } = openLog(smallSegments, keptIn(crashedFiles(root))).store
    expect(recovery).toEqual({ logs: 1, readBytes: expect.any(Number) as number, cutBytes: 9 })
    expect(recovery!.readBytes).toBeLessThanOrEqual(2 * smallSegments['segment.bytes'] + 9)
  })

  test('where the first file is lost before it was safe, the log begins with the next', () => {
    const root = temporaryFolder()
    fill(openLog(smallSegments, keptIn(diskFiles(root))).log, 50)
    rmSync(fileOf(root, 0))
    const base = Number(basename(fileOf(root, 0), '.log'))
    const { log } = openLog(smallSegments, keptIn(crashedFiles(root)))
    expect(log).toMatchObject({ startOffset: base, endOffset: 50 })
    expect(values(log)).toEqual(upTo(50).slice(base))
  })

  test('deleted records stay deleted', () => {
    const root = temporaryFolder()
    const { log } = openLog(smallSegments, keptIn(diskFiles(root)))
    fill(log, 50)
    log.deleteRecords(33)
    const again = openLog(smallSegments, keptIn(crashedFiles(root)))
    expect(again.log.startOffset).toBe(33)
    expect(values(again.log)).toEqual(upTo(50).slice(33))
  })

  test('journals keep what was written, without a torn tail, and step over damage', async () => {
    const root = temporaryFolder()
    const path = join(root, 'topics.journal')
    const replay = (files: Files, cuts: Cut[] = []): string[] => {
      const records: string[] = []
      const store = openStore({ files, clock: logClock(), durability: 'process', onCut: (cut) => cuts.push(cut) })
      store.journal('topics').replay((record) => records.push(record.toString()))
      return records
    }
    const journal = openLog({}, keptIn(diskFiles(root))).store.journal('topics')
    for (const record of ['one', 'two', 'three']) await journal.append(Buffer.from(record))
    appendFileSync(path, Buffer.from([0, 0, 0, 9, 1]))
    expect(replay(crashedFiles(root))).toEqual(['one', 'two', 'three'])
    const bytes = readFileSync(path)
    bytes[bytes.indexOf('two')]! ^= 1
    writeFileSync(path, bytes)
    const cuts: Cut[] = []
    expect(replay(crashedFiles(root), cuts)).toEqual(['one', 'three'])
    expect(cuts).toMatchObject([{ path: 'topics.journal' }])
  })
})
