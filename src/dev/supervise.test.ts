import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { type Ending, type Patience, type Supervised, pauseAfter, supervise, usualPatience } from './supervise.ts'

const folder = mkdtempSync(join(tmpdir(), 'evplat-dev-'))
const quick: Patience = { stopMs: 5000, firstPauseMs: 20, longestPauseMs: 50, steadyMs: 10_000 }
let running: Supervised | undefined
afterEach(async () => {
  await running?.stop()
  running = undefined
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function watch(script: string, patience = quick) {
  const seen = { lines: [] as string[], pids: [] as number[], ends: [] as Ending[] }
  running = supervise(
    { command: [process.execPath, '-e', script], folder, env: process.env },
    {
      line: (text) => seen.lines.push(text),
      started: (pid) => seen.pids.push(pid),
      ended: (ending) => seen.ends.push(ending),
    },
    patience,
  )
  return { seen, program: running }
}
const until = (check: () => unknown): Promise<unknown> => vi.waitUntil(check, { timeout: 20_000, interval: 20 })
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a program that is supervised', () => {
  test('tells the lines of both outputs, and is started again when it fails', async () => {
    const { seen } = watch('console.log("out"); console.error("err"); process.exitCode = 3')
    await until(() => seen.ends.length >= 3)
    expect(seen.ends[0]).toEqual({ code: 3, signal: null })
    expect(seen.lines.slice(0, 2).toSorted()).toEqual(['err', 'out'])
    expect(new Set(seen.pids).size).toBe(seen.pids.length)
  })

  test('is stopped in peace before it is started anew', async () => {
    const { seen, program } = watch(
      'process.on("SIGTERM", () => { console.log("bye"); process.exit(0) }); setInterval(() => {}, 1000); console.log("up")',
    )
    await until(() => seen.lines.includes('up'))
    program.restart()
    await until(() => seen.lines.filter((line) => line === 'up').length === 2)
    expect(seen.lines).toEqual(['up', 'bye', 'up'])
    expect(seen.ends).toEqual([])
    expect(isAlive(seen.pids[0]!)).toBe(false)
    await program.stop()
    expect(seen.lines).toEqual(['up', 'bye', 'up', 'bye'])
    expect(isAlive(seen.pids[1]!)).toBe(false)
  })

  test('is killed when it does not end in its time, with what it has started', async () => {
    const child = 'setInterval(() => {}, 1000); process.on("SIGTERM", () => {}); console.log(process.pid)'
    const { seen, program } = watch(
      `process.on("SIGTERM", () => {}); require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" })`,
      { ...quick, stopMs: 200 },
    )
    await until(() => seen.lines.length === 1)
    await program.stop()
    await until(() => !isAlive(seen.pids[0]!) && !isAlive(Number(seen.lines[0])))
    expect(seen.ends).toEqual([])
  })

  test('that cannot be started at all is told with the reason', async () => {
    const ends: Ending[] = []
    running = supervise(
      { command: [join(folder, 'nothing-here')], folder, env: {} },
      { line: () => undefined, started: () => expect.unreachable(), ended: (ending) => ends.push(ending) },
      quick,
    )
    await until(() => ends.length > 0)
    expect(ends[0]!.error?.message).toContain('ENOENT')
  })

  test('ends also while it waits for its next try', async () => {
    const { seen, program } = watch('process.exit(1)', { ...quick, firstPauseMs: 3_600_000, longestPauseMs: 3_600_000 })
    await until(() => seen.ends.length === 1)
    await program.stop()
    expect(seen.pids).toHaveLength(1)
  })
})

test('pauses grow up to their bound', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 100].map((failures) => pauseAfter(failures, usualPatience))
  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
})
