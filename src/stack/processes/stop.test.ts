import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/evplat.ts'
import { waitFor } from '../../core/deadline.ts'
import { exitFile, layoutOf, logFile, makeFolders } from '../layout.ts'
import { type ServerRecord, type StackFile, createStackFile, readStackFile } from '../stack-file.ts'
import { launch } from './keeper.ts'
import { lastLines } from './follow-log.ts'
import { type ProcessIdentity, isRunning, sendSignal } from './operating-system.ts'
import { readStatus } from './read-status.ts'
import { stopServers } from './stop.ts'

const started: ProcessIdentity[] = []
afterEach(async () => {
  for (const process of started.splice(0)) await sendSignal(process, 'SIGKILL')
})

const ready = 'console.log("2026-11-23T10:00:00.000Z INFO on"); setInterval(() => {}, 1000)'

/** A stack whose servers are small programs. */
async function startStack(programs: Readonly<Record<string, string>>) {
  const layout = layoutOf(temporaryFolder())
  await makeFolders(layout)
  const servers: ServerRecord[] = []
  for (const [name, code] of Object.entries(programs)) {
    const paths = { cwd: layout.root, log: logFile(name), exit: exitFile(name) }
    const program = { command: process.execPath, args: ['-e', code], env: process.env, ...paths }
    const identity = await launch(program, () => Promise.resolve())
    started.push(identity)
    servers.push({ name, endpoint: '127.0.0.1:1', ...identity })
    await waitFor(async () => ((await lastLines(join(layout.root, logFile(name)), 9)).length > 1 ? true : undefined), {
      timeoutMs: 20_000,
      everyMs: 10,
    })
  }
  const kafka = { version: '3.9', coordination: 'zookeeper', brokers: 1 } as const
  const ports = { brokers: [1], registry: 1, zookeeper: 1 }
  const file = await createStackFile(layout, { format: 1, runtime: 'native', kafka, ports, servers })
  return { layout, file }
}

function options(layout: Awaited<ReturnType<typeof startStack>>['layout'], said: string[] = []) {
  return { layout, say: (line: string) => void said.push(line), progress: (line: string) => void said.push(line) }
}

const processesIn = (file: StackFile): unknown[] => file.record().servers.map(({ pid, start }) => [pid, start])

test('what needs others ends first, and nothing of it stays in the record', async () => {
  const { layout, file } = await startStack({ zookeeper: ready, kafka: ready, 'schema-registry': ready })
  const said: string[] = []
  expect(await stopServers(file, () => true, options(layout, said))).toEqual(['schema-registry', 'kafka', 'zookeeper'])
  expect(said).toEqual(['stopping schema-registry', 'stopping kafka', 'stopping zookeeper'])
  expect(await Promise.all(started.map(isRunning))).toEqual([false, false, false])
  expect(processesIn(file)).toEqual([
    [undefined, undefined],
    [undefined, undefined],
    [undefined, undefined],
  ])
  expect((await readStatus(layout, (await readStackFile(layout))!)).map(({ state }) => state)).toEqual([
    'stopped',
    'stopped',
    'stopped',
  ])
})

test('a server that does not end is killed, and that is told', async () => {
  const { layout, file } = await startStack({ kafka: `process.on('SIGTERM', () => {}); ${ready}` })
  const said: string[] = []
  expect(await stopServers(file, () => true, { ...options(layout, said), patienceMs: 100 })).toEqual(['kafka'])
  expect(said[1]).toMatch(/^kafka \(process \d+\) did not end within 100 ms, killing it$/)
  expect(await isRunning(started[0]!)).toBe(false)
})

test('only what is chosen is stopped', async () => {
  const { layout, file } = await startStack({ zookeeper: ready, kafka: ready })
  expect(await stopServers(file, ({ name }) => name === 'kafka', options(layout))).toEqual(['kafka'])
  expect(await isRunning(started[0]!)).toBe(true)
})

test('a server that ended by itself is failed, with its exit code and the reason, until it is stopped', async () => {
  const { layout, file } = await startStack({
    kafka:
      'console.log("2026-11-23T10:00:00.000Z ERROR no room\\njava.io.IOException: disk full"); process.exitCode = 3',
    'schema-registry': ready,
  })
  await waitFor(async () => ((await isRunning(started[0]!)) ? undefined : true), { timeoutMs: 20_000 })
  await sendSignal(started[1]!, 'SIGKILL')
  const failed = async (): Promise<unknown[] | undefined> => {
    const status = await readStatus(layout, file.record())
    return status.every(({ detail }) => detail?.includes('exit code') === true)
      ? status.map(({ state, pid, detail }) => [state, pid, detail])
      : undefined
  }
  expect(await waitFor(failed, { timeoutMs: 20_000 })).toEqual([
    ['failed', undefined, 'exit code 3: java.io.IOException: disk full'],
    ['failed', undefined, 'exit code 137 (SIGKILL)'],
  ])
  expect(await stopServers(file, () => true, options(layout))).toEqual([])
})
