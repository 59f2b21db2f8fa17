import { readFile, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/evplat.ts'
import { chunks, mapBounded } from './bounded.ts'
import { waitFor } from './deadline.ts'
import { didYouMean, nearest } from './did-you-mean.ts'
import { elapsed, formatDuration, parseDuration } from './duration.ts'
import { isInside, isReallyInside, writeAtomic } from './files.ts'
import { type Finding, type Severity, publishFinding, sortFindings } from './finding.ts'
import { formatSize, parseSize, roughSize } from './size.ts'

describe('durations', () => {
  test.each([
    ['7d', 604_800_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['500ms', 500],
    ['2w', 1_209_600_000],
    ['86400000', 86_400_000],
    ['-1', -1],
    ['0', 0],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms))

  test.each(['', '7', 'd', '7 d', '-7d', '1e3', '7days', '99999999999999999d'].filter((t) => t !== '7'))(
    '%s is none',
    (text) => expect(parseDuration(text)).toBeUndefined(),
  )

  test('what is formatted is parsed back', () =>
    fc.assert(fc.property(fc.integer({ min: -1, max: 10 ** 14 }), (ms) => parseDuration(formatDuration(ms)) === ms)))

  test('elapsed time is told in two digits', () => {
    expect([elapsed(340.4), elapsed(4240), elapsed(190_000)]).toEqual(['340 ms', '4.2 s', '3 min'])
  })
})

describe('sizes', () => {
  test.each([
    ['512MiB', 536_870_912],
    ['10kB', 10_000],
    ['1.5 GiB', 1_610_612_736],
    ['1048576', 1_048_576],
    ['-1', -1],
  ])('%s is %d bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes))

  test.each(['', '1 mib', '1TBs', '0.3B', '-5kB'])('%s is none', (text) => expect(parseSize(text)).toBeUndefined())

  test('what is formatted is parsed back', () =>
    fc.assert(fc.property(fc.integer({ min: -1, max: 2 ** 50 }), (bytes) => parseSize(formatSize(bytes)) === bytes)))
})

test('sizes for people are rounded up to a unit that shows two digits', () => {
  expect([0, 1, 12_345, 48_000_000, 10 * 2 ** 30].map(roughSize)).toEqual(['0KiB', '1KiB', '13KiB', '46MiB', '10GiB'])
})

describe('suggestions', () => {
  test('a swap, a missing and a wrong letter are guessed, a stranger is not', () => {
    const known = ['partitions', 'replication', 'config']
    expect(nearest('partitons', known)).toBe('partitions')
    expect(nearest('parittions', known)).toBe('partitions')
    expect(nearest('Config', known)).toBe('config')
    expect(nearest('schema', known)).toBeUndefined()
    expect(didYouMean('confg', known)).toBe('did you mean "config"?')
    expect(didYouMean('xyz', known)).toBe('')
  })
})

describe('bounded work', () => {
  test('keeps the order and the bound', async () => {
    let now = 0
    let most = 0
    const squares = await mapBounded([5, 1, 4, 2, 3], 2, async (n) => {
      most = Math.max(most, ++now)
      await new Promise((done) => setTimeout(done, n))
      now--
      return n * n
    })
    expect(squares).toEqual([25, 1, 16, 4, 9])
    expect(most).toBe(2)
  })

  test('a failure stops new work', async () => {
    const started: number[] = []
    const work = mapBounded([1, 2, 3, 4], 1, (n) => {
      started.push(n)
      return n === 2 ? Promise.reject(new Error('two')) : Promise.resolve(n)
    })
    await expect(work).rejects.toThrow('two')
    expect(started).toEqual([1, 2])
  })

  test('lists are cut into pieces', () => expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]))
})

describe('waiting', () => {
  test('ends with what was seen, or with nothing at the deadline', async () => {
    let looks = 0
    expect(
      await waitFor(() => Promise.resolve(++looks === 3 ? looks : undefined), { timeoutMs: 5000, everyMs: 1 }),
    ).toBe(3)
    expect(await waitFor(() => Promise.resolve(undefined), { timeoutMs: 5, everyMs: 1 })).toBeUndefined()
  })

  test('ends with the reason of the signal', async () => {
    const signal = AbortSignal.abort(new Error('stop'))
    await expect(waitFor(() => Promise.resolve(undefined), { timeoutMs: 5000, signal })).rejects.toThrow('stop')
    const controller = new AbortController()
    const waiting = waitFor(() => Promise.resolve(undefined), {
      timeoutMs: 60_000,
      everyMs: 60_000,
      signal: controller.signal,
    })
    setTimeout(() => controller.abort(new Error('stop in a pause')), 5)
    await expect(waiting).rejects.toThrow('stop in a pause')
  })
})

describe('files', () => {
  test('an atomic write leaves the file and nothing else', async () => {
    const folder = temporaryFolder()
    await writeAtomic(join(folder, 'deep/state.json'), 'one')
    await writeAtomic(join(folder, 'deep/state.json'), 'two')
    expect(await readFile(join(folder, 'deep/state.json'), 'utf8')).toBe('two')
    expect(await readdir(join(folder, 'deep'))).toEqual(['state.json'])
  })

  test('inside a folder is told by name and by real path', async () => {
    expect(isInside('/a/b', '/a/b/c')).toBe(true)
    expect(isInside('/a/b', '/a/b/../c')).toBe(false)
    expect(isInside('/a/b', '/a/b/..c')).toBe(true)
    const folder = temporaryFolder()
    const other = temporaryFolder()
    await writeFile(join(other, 'x'), '')
    await symlink(join(other, 'x'), join(folder, 'link'))
    expect(await isReallyInside(folder, join(folder, 'link'))).toBe(false)
  })
})

describe('findings', () => {
  const found = (severity: Severity, file: string, line: number): Finding => ({
    severity,
    code: 'yaml-syntax',
    message: `${severity} ${file}:${line}`,
    at: { file, line, column: 4, text: 'x' },
  })

  test('are told by place, and errors first within a place', () => {
    const sorted = sortFindings([
      found('info', 'a', 2),
      found('warning', 'a', 1),
      found('error', 'a', 2),
      found('error', 'B', 1),
    ])
    expect(sorted.map((f) => f.message)).toEqual(['warning a:1', 'error a:2', 'info a:2', 'error B:1'])
  })

  test('are published flat, without the source text', () => {
    expect(publishFinding({ ...found('error', 'a', 3), remedy: 'r' })).toEqual({
      severity: 'error',
      code: 'yaml-syntax',
      message: 'error a:3',
      file: 'a',
      line: 3,
      column: 4,
      remedy: 'r',
    })
  })
})
