// The port to a container engine on a real one: every call, and what it answers where it can't be.
import { randomUUID } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import type { ContainerEvent, ContainerSpec, ContainerSummary, Engine } from '../../src/stack/docker/engine/engine.ts'
import { temporaryFolder } from '../support/evplat.ts'
import { labHost, missingLab, tinyEngine, tinyImage } from './lab/tiny-image.ts'
import { skipNote } from '../support/native-runtime.ts'
import { freePort } from '../support/free-port.ts'
import { serveTcp } from '../support/strangers.ts'
import { folderWith } from '../support/told.ts'
import { refusal } from '../support/refusal.ts'

const engine = missingLab === undefined ? await tinyEngine() : (undefined as unknown as Engine)
const never = new AbortController().signal

interface Project {
  readonly labels: Readonly<Record<string, string>>
  readonly network: string
  readonly spec: (server: string, more?: Partial<ContainerSpec>) => ContainerSpec
  /** creates a container that is gone when the test is over */
  readonly create: (server: string, more?: Partial<ContainerSpec>) => Promise<string>
}

/** A network of its own for a test, with everything on it removed at the end. */
async function inProject(work: (project: Project) => Promise<void>): Promise<void> {
  const name = `evt-${randomUUID().slice(0, 8)}`
  const labels = { 'com.docker.compose.project': name }
  const network = `${name}_default`
  const spec: Project['spec'] = (server, more) => ({
    name: `${name}-${server}-1`,
    image: tinyImage,
    hostname: server,
    environment: {},
    command: ['sleep', '300'],
    labels: { ...labels, 'com.docker.compose.service': server },
    ports: [],
    volumes: [],
    files: [],
    network,
    aliases: [server],
    stopSeconds: 1,
    ...more,
  })
  await engine.createNetwork({ name: network, labels })
  try {
    await work({ labels, network, spec, create: (server, more) => engine.create(spec(server, more)) })
  } finally {
    for (const { id } of await engine.containers(labels)) await engine.remove(id)
    for (const volume of await engine.volumes(labels)) await engine.removeVolume(volume.name)
    await engine.removeNetwork(network)
  }
}

async function stateOf(labels: Project['labels']): Promise<ContainerSummary> {
  return (await engine.containers(labels))[0]!
}

/** The container once it has ended. */
async function ended({ labels }: Project): Promise<ContainerSummary> {
  const found = await waitFor(
    async () => {
      const summary = await stateOf(labels)
      return summary.state === 'exited' ? summary : undefined
    },
    { timeoutMs: 30_000 },
  )
  expect(found).toBeDefined()
  return found!
}

async function allLines(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = []
  for await (const line of lines) all.push(line)
  return all
}

describe.skipIf(missingLab !== undefined)(`a container engine${skipNote(missingLab)}`, () => {
  test('says what and where it is', () => {
    expect(engine.title).toMatch(/^\w+ \d+\.\d+\S* at /)
    expect(engine.title.endsWith(` at ${labHost}`)).toBe(true)
  })

  test('makes, starts, lists, stops and removes a container', () =>
    inProject(async (project) => {
      const { create, labels } = project
      const host = await freePort()
      const id = await create('kafka', { ports: [{ host, container: 9092 }], environment: { A: 'b=c' } })
      expect(await stateOf(labels)).toMatchObject({
        id,
        server: 'kafka',
        state: 'created',
        image: tinyImage,
        ports: [],
      })
      expect(await engine.inspect(id)).toEqual({ exitCode: 0, wasOutOfMemory: false, error: '', restarts: 0 })
      await engine.start(id)
      await engine.start(id)
      expect(await stateOf(labels)).toMatchObject({ state: 'running', ports: [{ host, container: 9092 }] })
      expect((await engine.inspect(id))?.startedAt).toBeGreaterThan(Date.now() - 600_000)
      await engine.stop(id, 1)
      await engine.stop(id, 1)
      expect((await ended(project)).ports).toEqual([])
      // sleep, as the first process, takes no SIGTERM
      expect((await engine.inspect(id))?.exitCode).toBe(137)
      await engine.remove(id)
      await engine.remove(id)
      expect(await engine.containers(labels)).toEqual([])
    }))

  test('tells how a container does by its health check', () =>
    inProject(async ({ create, labels }) => {
      const healthCheck = { intervalSeconds: 1, timeoutSeconds: 5, retries: 1, startPeriodSeconds: 0 }
      const command = ['sh', '-c', 'sleep 3; : > /fine; sleep 300']
      const test = ['CMD', 'cat', '/fine']
      await engine.start(await create('kafka', { command, healthCheck: { ...healthCheck, retries: 30, test } }))
      const seen = new Set<string | undefined>()
      await waitFor(
        async () => {
          const { health } = await stateOf(labels)
          seen.add(health)
          return health === 'healthy' ? true : undefined
        },
        { timeoutMs: 60_000 },
      )
      expect([...seen]).toEqual(['starting', 'healthy'])
    }))

  test('mounts volumes and files, and keeps the volume when the container goes', () =>
    inProject(async ({ create, labels, network }) => {
      const volume = network.replace('_default', '_data')
      expect(await engine.createVolume({ name: volume, labels })).toEqual({ name: volume, labels })
      // the one that is there stays, and tells whose it is
      const another = { ...labels, 'com.docker.compose.volume': 'another' }
      expect(await engine.createVolume({ name: volume, labels: another })).toEqual({ name: volume, labels })
      expect(await engine.volumes(labels)).toEqual([{ name: volume, labels }])
      const secret = join(temporaryFolder(), 'secret')
      writeFileSync(secret, 'pass')
      const mounts = {
        volumes: [{ volume, target: '/data' }],
        files: [{ source: secret, target: '/run/secrets/postgres' }],
      }
      const run = async (script: string): Promise<string[]> => {
        const id = await create('kafka', { ...mounts, command: ['sh', '-c', script] })
        await engine.start(id)
        const lines = await allLines(engine.logs(id, { tail: 100, follow: true, signal: never }))
        await engine.remove(id)
        return lines.map((line) => line.slice(line.indexOf(' ') + 1))
      }
      expect(await run('cat /run/secrets/postgres > /data/copy; : > /run/secrets/postgres')).toEqual([
        expect.stringContaining('Read-only file system'),
      ])
      expect(await run('cat /data/copy; echo')).toEqual(['pass'])
      expect((await engine.volumes(labels)).length).toBe(1)
    }))

  test('containers of a network find each other by their other names', () =>
    inProject(async ({ create }) => {
      await engine.start(await create('kafka', { aliases: ['kafka', 'kafka-1'], hostname: 'box' }))
      const command = ['sh', '-c', 'getent hosts kafka && getent hosts kafka-1']
      const id = await create('client', { command })
      await engine.start(id)
      const lines = await allLines(engine.logs(id, { tail: 10, follow: true, signal: never }))
      expect(lines.map((line) => line.split(/\s+/).slice(2).join(' '))).toEqual(['kafka', 'kafka-1'])
    }))

  test('tells the log line by line: output and error, long lines, the last ones, and those to come', () =>
    inProject(async (project) => {
      const script = 'echo one; echo two >&2; seq -s , 1 20000; sleep 2; echo late; printf open'
      const id = await project.create('kafka', { command: ['sh', '-c', script] })
      await engine.start(id)
      const lines = await allLines(engine.logs(id, { tail: 100, follow: true, signal: never }))
      // Docker 20.10 may lose the last line of a log that is followed when it has no line end
      const texts = lines.map((line) => line.slice(line.indexOf(' ') + 1)).filter((text) => text !== 'open')
      expect(lines.every((line) => /^\d{4}-\d\d-\d\dT[\d:.]+Z /.test(line))).toBe(true)
      expect(texts.toSorted()).toEqual(
        ['one', 'two', Array.from({ length: 20_000 }, (_, i) => i + 1).join(','), 'late'].toSorted(),
      )
      await ended(project)
      const last = await allLines(engine.logs(id, { tail: 2, follow: false, signal: never }))
      expect(last.map((line) => line.slice(line.indexOf(' ') + 1))).toEqual(['late', 'open'])
    }))

  test('a log that is followed ends with the signal', () =>
    inProject(async ({ create }) => {
      const id = await create('kafka', { command: ['sh', '-c', 'echo one; sleep 300'] })
      await engine.start(id)
      const stop = new AbortController()
      const lines: string[] = []
      for await (const line of engine.logs(id, { tail: 100, follow: true, signal: stop.signal })) {
        lines.push(line)
        stop.abort(new Error('enough'))
      }
      expect(lines.length).toBe(1)
    }))

  test('tells what happens to the containers of a project, and of no other', () =>
    inProject(async (mine) =>
      inProject(async (other) => {
        const stop = new AbortController()
        const events = await engine.events(mine.labels, stop.signal)
        await engine.start(await other.create('kafka', { command: ['sh', '-c', 'exit 4'] }))
        const id = await mine.create('kafka', { command: ['sh', '-c', 'exit 3'] })
        await engine.start(id)
        const seen: ContainerEvent[] = []
        for await (const event of events) {
          seen.push(event)
          if (event.action === 'die') stop.abort()
        }
        expect(seen).toEqual([
          { id, action: 'start' },
          { id, action: 'die', exitCode: 3 },
        ])
      }),
    ))

  test('counts the memory of a container that runs, and of no other', () =>
    inProject(async ({ create }) => {
      const id = await create('kafka')
      expect(await engine.memory(id)).toBeUndefined()
      await engine.start(id)
      expect(await engine.memory(id)).toBeGreaterThan(1000)
      expect(await engine.memory(id)).toBeLessThan(100_000_000)
    }))

  test('builds an image from a folder, without what .dockerignore names, and without a network', () =>
    inProject(async ({ create }) => {
      const context = folderWith({
        'Dockerfile.own':
          'ARG BASE\nFROM $BASE\nCOPY . /app\nRUN cat /app/a > /app/c\nCMD ["sh", "-c", "cat /app/*"]\n',
        a: 'one\n',
        'left/out': 'never\n',
        '.dockerignore': 'left\nDockerfile.own\n',
      })
      const image = `evplat-test/built-${randomUUID().slice(0, 8)}:1`
      const steps: string[] = []
      const build = { image, context, dockerfile: 'Dockerfile.own', base: tinyImage, arguments: { BASE: tinyImage } }
      await engine.build(build, (step) => steps.push(step), never)
      expect(steps).toEqual([
        'Step 1/5 : ARG BASE',
        'Step 2/5 : FROM $BASE',
        'Step 3/5 : COPY . /app',
        'Step 4/5 : RUN cat /app/a > /app/c',
        'Step 5/5 : CMD ["sh", "-c", "cat /app/*"]',
      ])
      expect((await engine.images()).has(image)).toBe(true)
      const id = await create('kafka', { image, command: ['sh', '-c', 'cat /app/*; [ -e /app/left ] || echo none'] })
      await engine.start(id)
      const lines = await allLines(engine.logs(id, { tail: 10, follow: true, signal: never }))
      expect(lines.map((line) => line.slice(line.indexOf(' ') + 1))).toEqual(['one', 'one', 'none'])
    }))
})

describe.skipIf(missingLab !== undefined)(`what a container engine refuses${skipNote(missingLab)}`, () => {
  test('a port that another program has', () =>
    inProject(async ({ create }) => {
      const host = await serveTcp(() => undefined)
      const id = await create('kafka', { ports: [{ host, container: 9092 }] })
      expect(await refusal(engine.start(id))).toMatchObject({
        code: 'port-taken',
        message: `port ${host} is taken by another program or container`,
        details: { port: host },
      })
    }))

  test('a port that another container has', () =>
    inProject(async ({ create }) => {
      const host = await freePort()
      await engine.start(await create('kafka', { ports: [{ host, container: 9092 }] }))
      const second = await create('postgres', { ports: [{ host, container: 5432 }] })
      expect(await refusal(engine.start(second))).toMatchObject({ code: 'port-taken', details: { port: host } })
    }))

  test('to remove a network that is in use', () =>
    inProject(async ({ create, network, labels }) => {
      await engine.start(await create('kafka'))
      await engine.createNetwork({ name: network, labels })
      expect(await refusal(engine.removeNetwork(network))).toMatchObject({
        code: 'engine-refused',
        said: expect.stringContaining('active endpoints') as string,
      })
    }))

  test('a name that another container has', () =>
    inProject(async ({ create, spec }) => {
      await create('kafka')
      expect(await refusal(create('kafka'))).toMatchObject({
        code: 'name-taken',
        message: `there is another container "${spec('kafka').name}"`,
      })
    }))

  test('an image that is not there', () =>
    inProject(async ({ create }) => {
      expect(await refusal(create('kafka', { image: 'nobody/nothing:1' }))).toMatchObject({
        code: 'image-missing',
        message: 'there is no image "nobody/nothing:1"',
      })
    }))

  test('a program that is for another machine', () =>
    inProject(async ({ create }) => {
      const context = folderWith({ Dockerfile: `FROM ${tinyImage}\nCOPY program /program\n`, program: 'not a program' })
      chmodSync(join(context, 'program'), 0o755)
      const image = 'evplat-test/unfit:1'
      await engine.build(
        { image, context, dockerfile: 'Dockerfile', base: tinyImage, arguments: {} },
        () => undefined,
        never,
      )
      const id = await create('kafka', { image, command: ['/program'] })
      const thrown = await refusal(engine.start(id)).catch(() => undefined)
      // engines tell it at the start, or in the log of a container that ends at once
      const lines = await allLines(engine.logs(id, { tail: 10, follow: true, signal: never }))
      expect(thrown?.code ?? lines.join('\n')).toMatch(/image-unfit|exec format error/)
    }))

  test('a build that fails, with what it printed', async () => {
    const context = folderWith({ Dockerfile: `FROM ${tinyImage}\nRUN echo before; exit 3\n` })
    const build = { image: 'evplat-test/failed:1', context, dockerfile: 'Dockerfile', base: tinyImage, arguments: {} }
    const thrown = await refusal(engine.build(build, () => undefined, never))
    expect(thrown.code).toBe('engine-refused')
    expect(thrown.said).toMatch(/before\n.*returned a non-zero code: 3/s)
  })

  test('a build of a folder that is not there', async () => {
    const build = {
      image: 'evplat-test/failed:1',
      context: '/nowhere',
      dockerfile: 'Dockerfile',
      base: tinyImage,
      arguments: {},
    }
    expect(await refusal(engine.build(build, () => undefined, never))).toMatchObject({ code: 'file-unusable' })
  })

  test('a pull that is called off', async () => {
    const reason = new Error('called off')
    const pulled = engine.pull('nobody/nothing:1', () => undefined, AbortSignal.abort(reason))
    await expect(pulled).rejects.toBe(reason)
  })
})
