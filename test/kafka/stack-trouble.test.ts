// What can go wrong with a stack, and what is said then: taken ports, servers that die, interruptions, two at once.
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'
import {
  type Ended,
  type Platform,
  type Running,
  answers,
  leftovers,
  newPlatform,
  processesOf,
  removePlatforms,
  writePlatform,
} from '../support/platforms.ts'
import { readValues, writeValues } from '../support/records.ts'

const missing = missingForNative()
const skip = { skip: missing !== undefined }
const because = skipNote(missing)
afterEach(removePlatforms)

const kraft = 'version: "4.3"'

interface Told {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string; readonly details?: object }
}
/** The error on the last line of what was run with `-o json`. */
const errorOf = ({ stderr }: Ended): Told['error'] => (JSON.parse(stderr.trim().split('\n').at(-1)!) as Told).error

describe(`a port that is taken${because}`, skip, () => {
  test('is told with its holder, and nothing is started', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const platform = await newPlatform({ kafka: kraft, ports: `{ kafka: ${port}, registry: auto }` })
    const end = await platform.run('up', '-o', 'json')
    expect(end.code).toBe(1)
    expect(errorOf(end)).toMatchObject({
      code: 'port-taken',
      message: expect.stringMatching(new RegExp(`^port ${port} of kafka is taken by process ${process.pid} \\(`)),
      hint: expect.stringContaining('`stack.ports.kafka`'),
      details: { port, pid: process.pid },
    })
    expect(processesOf(platform.folder)).toEqual([])
    server.close()
    await once(server, 'close')
    await platform.succeed('up')
    expect(await platform.endpoint('kafka')).toBe(`127.0.0.1:${port}`)
    await platform.succeed('down')
    expect(await leftovers(platform)).toEqual([])
  })
})

describe(`a server that dies${because}`, skip, () => {
  test('at once: its exit code and its reason are told, by `up` and by `status`', async () => {
    const platform = await newPlatform({ kafka: 'version: "3.9"', env: { KAFKA_HEAP_OPTS: '-Xmx12q' } })
    const end = await platform.run('up', '-o', 'json')
    expect(end.code).toBe(1)
    expect(errorOf(end)).toMatchObject({
      code: 'server-failed',
      message: 'kafka ended with exit code 1 while it was started',
      hint: expect.stringContaining('logs kafka'),
      details: expect.objectContaining({ exitCode: 1 }) as object,
    })
    expect(end.stderr).toContain('Invalid maximum heap size: -Xmx12q')
    const { servers } = await platform.status()
    expect(servers.map(({ name, state }) => [name, state])).toEqual([
      ['kafka', 'failed'],
      ['schema-registry', 'stopped'],
      ['zookeeper', 'ready'],
    ])
    expect(servers[0]!.detail).toMatch(/^exit code 1: .*Invalid maximum heap size/)
    await platform.succeed('down')
    expect(await leftovers(platform)).toEqual([])
  })

  test('for a reason that stands deep in its log: it is found there', async () => {
    const platform = await newPlatform({ kafka: kraft })
    await platform.succeed('up')
    await platform.succeed('down')
    const meta = join(platform.folder, '.evplat/data/kafka-1/meta.properties')
    const text = await readFile(meta, 'utf8')
    await writeFile(meta, text.replace(/node\.id=1/, 'node.id=7'))
    const end = await platform.run('up')
    expect(end.code).toBe(1)
    const lines = end.stderr.split('\n')
    expect(lines.filter((line) => line.trim() !== '').length).toBeLessThan(10)
    expect(end.stderr).toContain("Stored node id 7 doesn't match previous node id 1")
    await writeFile(meta, text)
    await platform.succeed('up')
  })
})

describe(`interruptions${because}`, skip, () => {
  const firstProcess = (folder: string): Promise<unknown> =>
    waitFor(() => Promise.resolve(processesOf(folder).length > 0 ? true : undefined), {
      timeoutMs: 60_000,
      everyMs: 20,
    })

  test.each<[string, (platform: Platform, running: Running) => Promise<unknown>]>([
    ['while the first server starts', ({ folder }) => firstProcess(folder)],
    ['between two servers', (_, running) => running.said(/^zookeeper is ready/m)],
  ])('Ctrl-C %s stops what `up` had started, and the next one completes', async (_, moment) => {
    const platform = await newPlatform({ kafka: 'version: "3.9"' })
    const running = platform.start('up')
    await moment(platform, running)
    running.kill('SIGINT')
    const end = await running.ended
    expect(end.code).toBe(130)
    expect(end.stderr).toMatch(/^stopped what had been started: (kafka, )?zookeeper$/m)
    expect(end.stderr).toContain('error[interrupted]: stopped before the end')
    expect(await leftovers(platform)).toEqual([])
    await platform.succeed('up')
    await platform.succeed('down')
    expect(await leftovers(platform)).toEqual([])
  })

  test('an `up` that is killed leaves nothing that the next one does not know', async () => {
    const platform = await newPlatform({ kafka: kraft })
    const running = platform.start('up')
    await firstProcess(platform.folder)
    running.kill('SIGKILL')
    await running.ended
    await platform.succeed('up')
    const { servers } = await platform.record()
    const pids = processesOf(platform.folder)
      .filter(({ command }) => !command.includes('evplat-keeper'))
      .map(({ pid }) => pid)
    expect(servers.map(({ pid }) => pid).toSorted((a, b) => a! - b!)).toEqual(pids.toSorted((a, b) => a - b))
    await platform.succeed('down')
    expect(await leftovers(platform)).toEqual([])
  })
})

describe(`settings that change${because}`, skip, () => {
  test('under a running stack are told, and taken after `down`', async () => {
    const platform = await newPlatform({ kafka: 'version: "3.9", coordination: kraft' })
    await platform.succeed('up')
    await writeValues(await platform.endpoint('kafka'), 'orders', ['one'])
    await writePlatform(platform.folder, { kafka: kraft, ports: 'auto' })
    const changed = await platform.run('up', '-o', 'json')
    expect([changed.code, errorOf(changed).code]).toEqual([1, 'stack-changed'])
    expect(errorOf(changed).message).toBe('the stack runs with other settings: kafka.version 3.9 -> 4.3')
    await platform.succeed('down')
    await platform.succeed('up')
    expect(await readValues(await platform.endpoint('kafka'), 'orders')).toEqual(['one'])
    await platform.succeed('down')
    await writePlatform(platform.folder, { kafka: 'version: "3.9"', ports: 'auto' })
    const unfit = await platform.run('up', '-o', 'json')
    expect(errorOf(unfit)).toMatchObject({ code: 'stack-changed', hint: expect.stringContaining('down --volumes') })
    expect(await leftovers(platform)).toEqual([])
  })

  test('a runtime that may be any stays the one that has the data', async () => {
    const platform = await newPlatform({ kafka: kraft })
    await platform.succeed('up')
    const kafka = await platform.endpoint('kafka')
    await writeValues(kafka, 'orders', ['one'])
    await writePlatform(platform.folder, { kafka: kraft, ports: 'auto', runtime: 'auto' })
    expect((await platform.succeed('up')).stderr).toBe('')
    await platform.succeed('down')
    expect((await platform.status()).runtime).toBe('native')
    await platform.succeed('up')
    expect(await readValues(kafka, 'orders')).toEqual(['one'])
    await platform.succeed('down')
    await writePlatform(platform.folder, { kafka: kraft, ports: 'auto', runtime: 'embedded' })
    expect(errorOf(await platform.run('up', '-o', 'json'))).toMatchObject({
      code: 'stack-changed',
      message: 'the stack has data that was written with other settings: runtime native -> embedded',
    })
    expect(await leftovers(platform)).toEqual([])
  })

  test('a broken platform.yaml does not stand in the way of `status`, `logs` and `down`', async () => {
    const platform = await newPlatform({ kafka: kraft })
    await platform.succeed('up')
    await writeFile(join(platform.folder, 'platform.yaml'), 'stack: [')
    expect((await platform.run('up')).code).toBe(1)
    expect((await platform.status()).servers.map(({ state }) => state)).toEqual(['ready', 'ready'])
    const logs = await platform.succeed('logs', 'schema-registry', '-n', '5')
    expect(logs.stdout).toMatch(
      /^\S+ --- evplat starts this server ---\n(?:\S+ INFO connects to .*\n)?\S+ INFO serves at http:/m,
    )
    const follower = platform.start('logs', '--follow', '-n', '1')
    await waitFor(() => Promise.resolve(follower.stdout().includes('schema-registry |') ? true : undefined), {
      timeoutMs: 20_000,
    })
    await platform.succeed('down')
    await waitFor(() => Promise.resolve(/^schema-registry \| \S+ INFO stops$/m.test(follower.stdout()) || undefined), {
      timeoutMs: 20_000,
    })
    follower.kill('SIGINT')
    const { code, stdout, stderr } = await follower.ended
    expect([code, stderr]).toEqual([130, ''])
    expect(stdout).toMatch(/^schema-registry \| \S+ INFO stops$/m)
    expect(stdout).toMatch(/^kafka {11}\| \S+ INFO .*shut ?down/im)
    expect(await leftovers(platform)).toEqual([])
  })
})

describe(`several at once${because}`, skip, () => {
  test('of two `up` one works, and the other reports the same stack', async () => {
    const platform = await newPlatform({ kafka: kraft })
    const first = platform.start('up', '-o', 'json')
    const second = platform.start('up', '-o', 'json')
    const [a, b] = [await first.ended, await second.ended]
    expect([a.code, b.code]).toEqual([0, 0])
    expect(a.stdout).toBe(b.stdout)
    const worked = [a, b].filter(({ stderr }) => stderr.includes('kafka is ready'))
    const waited = [a, b].filter(({ stderr }) => /another evplat \(process \d+\) is working on this stack/.test(stderr))
    expect([worked.length, waited.length]).toEqual([1, 1])
    await platform.succeed('down')
    expect(await leftovers(platform)).toEqual([])
  })

  test('two platforms fetch one Kafka together, and run side by side', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'evplat-cache-'))
    try {
      const env = { XDG_CACHE_HOME: cache }
      const [one, two] = [await newPlatform({ kafka: kraft, env }), await newPlatform({ kafka: kraft, env })]
      const ends = await Promise.all([one.succeed('up'), two.succeed('up')])
      expect(ends.filter(({ stderr }) => stderr.includes('with Maven, once')).length).toBe(1)
      expect(readdirSync(join(cache, 'evplat/kafka'))).toEqual(['4.3.1'])
      await writeValues(await one.endpoint('kafka'), 'orders', ['of one'])
      await writeValues(await two.endpoint('kafka'), 'orders', ['of two'])
      expect(await readValues(await one.endpoint('kafka'), 'orders')).toEqual(['of one'])
      expect(await readValues(await two.endpoint('kafka'), 'orders')).toEqual(['of two'])
      const port = (await two.record()).ports.brokers[0]!
      await one.succeed('down', '--volumes', '--yes')
      expect(await leftovers(one)).toEqual([])
      expect(await answers(port)).toBe(true)
      await two.succeed('down')
      expect(await leftovers(two)).toEqual([])
      expect(existsSync(join(two.folder, '.evplat/stack.json'))).toBe(true)
    } finally {
      await rm(cache, { recursive: true, force: true })
    }
  })
})
