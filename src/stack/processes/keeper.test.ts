import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kill } from 'node:process'
import { afterEach, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/evplat.ts'
import { waitFor } from '../../core/deadline.ts'
import { exitText, launch, readExitCode, startMark } from './keeper.ts'
import { type ProcessIdentity, identify, isRunning, sendSignal } from './operating-system.ts'

const started: ProcessIdentity[] = []
afterEach(async () => {
  for (const process of started.splice(0)) await sendSignal(process, 'SIGKILL')
})

async function start(code: string, record: (process: ProcessIdentity) => Promise<void> = () => Promise.resolve()) {
  const cwd = temporaryFolder()
  const launched = launch(
    { command: process.execPath, args: ['-e', code], cwd, env: process.env, log: 'log', exit: 'exit' },
    async (identity) => {
      started.push(identity)
      await record(identity)
    },
  )
  return { cwd, launched }
}

const exitCodeIn = (cwd: string): Promise<number | undefined> =>
  waitFor(() => readExitCode(join(cwd, 'exit')), { timeoutMs: 20_000, everyMs: 20 })

test('what a server writes and how it ends is kept', async () => {
  const { cwd, launched } = await start('console.log("out"); console.error("err"); process.exitCode = 7')
  await launched
  expect(await exitCodeIn(cwd)).toBe(7)
  const [mark, ...lines] = (await readFile(join(cwd, 'log'), 'utf8')).trim().split('\n')
  expect(mark).toContain(startMark)
  expect(lines).toEqual(['out', 'err'])
})

test('the pid that is recorded is that of the server, and a kill shows as its exit code', async () => {
  const { cwd, launched } = await start('console.log(process.pid); setInterval(() => {}, 1000)')
  const server = await launched
  await waitFor(async () => ((await readFile(join(cwd, 'log'), 'utf8')).split('\n').length > 2 ? true : undefined), {
    timeoutMs: 20_000,
  })
  expect((await readFile(join(cwd, 'log'), 'utf8')).split('\n')[1]).toBe(String(server.pid))
  expect(await readExitCode(join(cwd, 'exit'))).toBeUndefined()
  kill(server.pid, 'SIGKILL')
  expect(await exitCodeIn(cwd)).toBe(137)
  expect(await isRunning(server)).toBe(false)
})

test('a server that could not be recorded never runs', async () => {
  const { cwd, launched } = await start('console.log("ran")', () => Promise.reject(new Error('disk full')))
  await expect(launched).rejects.toThrow('disk full')
  expect(await exitCodeIn(cwd)).toBeDefined()
  expect(await readFile(join(cwd, 'log'), 'utf8')).not.toContain('ran')
  expect(await identify(started[0]!.pid)).toBeUndefined()
})

test('a command that is not there shows as exit code 127', async () => {
  const cwd = temporaryFolder()
  await launch({ command: './nowhere', args: [], cwd, env: {}, log: 'log', exit: 'exit' }, () => Promise.resolve())
  expect(await exitCodeIn(cwd)).toBe(127)
})

test('exit codes are told with their signals', () => {
  expect([exitText(1), exitText(137), exitText(143)]).toEqual([
    'exit code 1',
    'exit code 137 (SIGKILL)',
    'exit code 143 (SIGTERM)',
  ])
})
