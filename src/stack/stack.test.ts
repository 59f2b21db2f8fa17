import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/evplat.ts'
import { stackSettings } from '../../test/support/stack-settings.ts'
import type { Runtime, StackSettings } from '../platform/platform.ts'
import { settingsFor } from './desired/describe.ts'
import { findLocalEndpoints } from './endpoints.ts'
import { layoutOf, makeFolders } from './layout.ts'
import { mergeByTime, readLogs, serversWithLogs } from './logs.ts'
import { followLog, lastLines } from './processes/follow-log.ts'
import { type RuntimeChoice, type RuntimeName, choiceNote, chooseRuntime, rememberedRuntime } from './runtime.ts'
import {
  changedSettings,
  requireFitting,
  requireSameProject,
  requireSameRuntime,
  settingsAgainstData,
} from './settings-change.ts'
import { type StackRecord, createStackFile, readStackFile, withServer } from './stack-file.ts'
import { type ServerState, type ServerStatus, declaredStatus, notesOn, publishStatus } from './status.ts'

const record: StackRecord = {
  format: 1,
  runtime: 'native',
  kafka: { version: '3.9', coordination: 'kraft', brokers: 1 },
  ports: { brokers: [9092], registry: 8081, controllers: [7001] },
  clusterId: 'x',
  servers: [
    { name: 'kafka', endpoint: '127.0.0.1:9092', pid: 5, start: '7@boot' },
    { name: 'schema-registry', endpoint: 'http://127.0.0.1:8081' },
  ],
}

describe('the runtime', () => {
  test('is what is declared; where it may be any, what it was before, else containers where an engine answers', async () => {
    const withoutEngine = { DOCKER_HOST: 'unix:///nowhere/docker.sock' }
    const choose = (runtime: Runtime, remembered?: RuntimeName): Promise<RuntimeChoice> =>
      chooseRuntime(stackSettings({ runtime }), remembered, withoutEngine)
    expect(await choose('auto')).toEqual({ runtime: 'embedded', by: 'default' })
    expect(await choose('auto', 'native')).toEqual({ runtime: 'native', by: 'memory' })
    expect(await choose('native', 'embedded')).toEqual({ runtime: 'native', by: 'declaration' })
    expect(await choose('docker')).toEqual({ runtime: 'docker', by: 'declaration' })
  })

  test('is told once when it was chosen', () => {
    const told = (['declaration', 'memory', 'default'] as const).map((by) => choiceNote({ runtime: 'embedded', by }))
    expect(told).toEqual([
      undefined,
      undefined,
      'runtime auto is embedded here, and stays so until `evplat down --volumes`',
    ])
  })

  test('is remembered by the record, and by data that has lost its record', async () => {
    const layout = layoutOf(temporaryFolder())
    const remembered = (known?: StackRecord): Promise<RuntimeName | undefined> => rememberedRuntime(layout, known)
    expect(await remembered()).toBeUndefined()
    await makeFolders(layout)
    expect([await remembered(), await remembered(record)]).toEqual([undefined, 'native'])
    await mkdir(join(layout.root, 'data/kafka-1'))
    expect(await remembered()).toBe('native')
    await rename(join(layout.root, 'data/kafka-1'), join(layout.root, 'data/embedded'))
    expect(await remembered()).toBe('embedded')
    // a database keeps its data alike on both
    await rename(join(layout.root, 'data/embedded'), join(layout.root, 'data/postgres'))
    await mkdir(join(layout.root, 'data/mongodb'))
    expect(await remembered()).toBeUndefined()
  })

  test('of what is there is never passed over for another', () => {
    const settings = stackSettings()
    const require = (before: RuntimeName | undefined, runtime: RuntimeName): unknown[] =>
      hintOf(() => requireSameRuntime(before, { settings, runtime, isRunning: false }))
    expect([require(undefined, 'embedded'), require('native', 'native')]).toEqual([[], []])
    expect(require('native', 'embedded')).toEqual([
      'the stack has data that was written with other settings: runtime native -> embedded',
      'write `runtime: native` to go on with it; or delete it with its data by `evplat down --volumes`, then `evplat up`',
    ])
  })

  test('of containers stays that of the name that it was started with', () => {
    const before: StackRecord = { ...record, runtime: 'docker', project: 'shop' }
    const ask = (project: string): unknown[] => hintOf(() => requireSameProject(before, project, stackSettings()))
    expect(ask('shop')).toEqual([])
    expect(ask('store')).toEqual([
      'the stack has data that was written with other settings: name shop -> store',
      'write `name: shop` to go on with it; or delete it with its data by `evplat down --volumes`, then `evplat up`',
    ])
  })

  test('embedded says what it does otherwise than it is written', () => {
    const at = { file: 'platform.yaml', line: 1, column: 1 }
    const noted = (settings: StackSettings): string[] => notesOn('embedded', settings)
    expect(noted(stackSettings())).toEqual([])
    expect(noted(stackSettings({ places: { coordination: at } }))).toEqual([
      'the embedded runtime runs Kafka without ZooKeeper',
    ])
    expect(noted(stackSettings({ kafka: { version: '4.3', coordination: 'kraft', brokers: 3 } }))).toEqual([
      'the embedded runtime runs Kafka as version 3.9, not 4.3, as one broker, not 3',
    ])
  })

  test('native does all as it is written', () => {
    expect(notesOn('native', stackSettings({ services: ['postgres', 'kafka-ui'] }))).toEqual([])
  })
})

describe('the stack file', () => {
  test('is read as it was written, and changes follow each other', async () => {
    const layout = layoutOf(temporaryFolder())
    expect(await readStackFile(layout)).toBeUndefined()
    const file = await createStackFile(layout, record)
    await Promise.all(
      [1, 2, 3, 4, 5].map((pid) =>
        file.update((now) => withServer(now, { name: 'kafka', endpoint: `127.0.0.1:${now.servers[0]!.pid}`, pid })),
      ),
    )
    expect(file.record().servers[0]).toEqual({ name: 'kafka', endpoint: '127.0.0.1:4', pid: 5 })
    expect(await readStackFile(layout)).toEqual(file.record())
  })

  test.each([
    ['', 'nothing'],
    ['{"format":1', 'a part of it'],
    ['null', 'null'],
    [JSON.stringify({ ...record, format: 2 }), 'another format'],
    [JSON.stringify({ ...record, servers: [{ name: 'kafka' }] }), 'a server without an endpoint'],
    [JSON.stringify({ ...record, servers: [{ name: 'k', endpoint: '', pid: '5' }] }), 'a pid that is text'],
    [JSON.stringify({ ...record, ports: { brokers: [70_000], registry: 1 } }), 'a port that cannot be'],
    [JSON.stringify({ ...record, kafka: { ...record.kafka, brokers: 2 } }), 'two brokers'],
  ])('that holds %s is refused', async (text) => {
    const layout = layoutOf(temporaryFolder())
    await makeFolders(layout)
    await writeFile(layout.state, text)
    await expect(readStackFile(layout)).rejects.toMatchObject({ code: 'stack-unreadable' })
  })

  test('lies in a folder that git ignores', async () => {
    const layout = layoutOf(temporaryFolder())
    await makeFolders(layout)
    await makeFolders(layout)
    expect(await readFile(join(layout.root, '.gitignore'), 'utf8')).toBe('*\n')
  })
})

describe('settings that changed', () => {
  const same = stackSettings({ kafka: { coordination: 'kraft' } })

  test('are told one by one', () => {
    expect(changedSettings(record, same)).toEqual([])
    expect(changedSettings(record, { ...same, ports: { ...same.ports, kafka: 'auto', registry: 'auto' } })).toEqual([])
    const other = stackSettings({
      kafka: { version: '4.3', coordination: 'zookeeper', brokers: 3 },
      ports: { kafka: 9192, registry: 8082 },
    })
    expect(changedSettings(record, other)).toEqual([
      'kafka.version 3.9 -> 4.3',
      'kafka.coordination kraft -> zookeeper',
      'kafka.brokers 1 -> 3',
      'ports.kafka 9092 -> 9192',
      'ports.registry 8081 -> 8082',
    ])
  })

  test('matter to data where Kafka could not go on with it', () => {
    expect(settingsAgainstData(record, stackSettings({ kafka: { coordination: 'kraft', version: '4.3' } }))).toEqual([])
    const newer = { ...record, kafka: { ...record.kafka, version: '4.3' } }
    expect(settingsAgainstData(newer, same)).toEqual(['kafka.version 4.3 -> 3.9'])
    expect(settingsAgainstData(record, stackSettings())).toEqual(['kafka.coordination kraft -> zookeeper'])
  })

  test('ask for `down`, and for new data where they must', () => {
    const ports = { ...same, ports: { ...same.ports, kafka: 9192 } }
    const running = hintOf(() => requireFitting(record, ports, true))
    expect(running).toEqual([
      'the stack runs with other settings: ports.kafka 9092 -> 9192',
      'stop it with `evplat down`, then `evplat up`',
    ])
    expect(requireFitting(record, ports, false)).toBeUndefined()
    const [message, hint] = hintOf(() => requireFitting(record, stackSettings(), false))
    expect(message).toBe(
      'the stack has data that was written with other settings: kafka.coordination kraft -> zookeeper',
    )
    expect(hint).toContain('`evplat down --volumes`')
  })
})

function hintOf(work: () => void): unknown[] {
  try {
    work()
  } catch (thrown) {
    const { message, parts } = thrown as { message: string; parts: { hint: string } }
    return [message, parts.hint]
  }
  return []
}

describe('endpoints of the stack', () => {
  test('come from the stack that was started, else from the ports', async () => {
    const folder = temporaryFolder()
    const settings = stackSettings({ runtime: 'native', kafka: { brokers: 3 } })
    expect(await findLocalEndpoints(folder, settings)).toEqual({
      bootstrap: ['127.0.0.1:9092', '127.0.0.1:9093', '127.0.0.1:9094'],
      registryUrl: 'http://127.0.0.1:8081',
      source: 'ports',
      notes: [],
    })
    await createStackFile(layoutOf(folder), {
      ...record,
      ports: { ...record.ports, brokers: [20_001], registry: 20_002 },
    })
    expect(await findLocalEndpoints(folder, settings)).toEqual({
      bootstrap: ['127.0.0.1:20001'],
      registryUrl: 'http://127.0.0.1:20002',
      source: 'stack',
      notes: [],
    })
  })

  test.each(['auto', 'embedded'] as const)(
    'are those of one broker where the runtime %s may have one',
    async (runtime) => {
      const settings = stackSettings({ runtime, kafka: { brokers: 3 } })
      const { bootstrap, notes } = await findLocalEndpoints(temporaryFolder(), settings)
      expect(bootstrap).toEqual(['127.0.0.1:9092'])
      // `auto` may be containers as well
      expect(notes).toEqual(runtime === 'auto' ? [] : ['the embedded runtime runs Kafka as one broker, not 3'])
    },
  )

  test('are those of the runtime that has the data', async () => {
    const folder = temporaryFolder()
    await mkdir(join(folder, '.evplat/data/kafka-1'), { recursive: true })
    const settings = stackSettings({ runtime: 'auto', kafka: { brokers: 3 } })
    expect((await findLocalEndpoints(folder, settings)).bootstrap).toHaveLength(3)
  })

  test('are not known before the first start when they may be any', async () => {
    const settings = stackSettings({ ports: { kafka: 'auto', registry: 8081 } })
    await expect(findLocalEndpoints(temporaryFolder(), settings)).rejects.toMatchObject({ code: 'stack-missing' })
  })
})

describe('the published status', () => {
  const broker = (id: number, state: ServerState): ServerStatus => ({
    name: `kafka-${id}`,
    endpoint: `127.0.0.1:${9091 + id}`,
    state,
  })
  const registry: ServerStatus = { name: 'schema-registry', endpoint: 'http://127.0.0.1:8081', state: 'ready', pid: 9 }
  const zookeeper: ServerStatus = { name: 'zookeeper', endpoint: '127.0.0.1:2181', state: 'ready', pid: 8 }

  test('shows one broker as kafka', () => {
    const kafka: ServerStatus = { name: 'kafka', endpoint: '127.0.0.1:9092', state: 'ready', pid: 7 }
    expect(publishStatus('native', [zookeeper, kafka, registry])).toEqual({
      runtime: 'native',
      servers: [kafka, registry, zookeeper],
      services: [],
    })
  })

  test.each<[ServerState, ServerState, ServerState, ServerState, string | undefined]>([
    ['ready', 'ready', 'ready', 'ready', undefined],
    ['ready', 'failed', 'starting', 'failed', '1 of 3 brokers are ready'],
    ['ready', 'ready', 'starting', 'starting', '2 of 3 brokers are ready'],
    ['stopped', 'stopped', 'stopped', 'stopped', undefined],
    ['ready', 'stopped', 'ready', 'stopped', '2 of 3 brokers are ready'],
  ])('shows brokers that are %s, %s and %s as kafka that is %s', (a, b, c, state, detail) => {
    const brokers = [broker(1, a), broker(2, b), broker(3, c)]
    const { servers } = publishStatus('native', [...brokers, registry])
    expect(servers).toEqual([
      {
        name: 'kafka',
        endpoint: '127.0.0.1:9092,127.0.0.1:9093,127.0.0.1:9094',
        state,
        ...(detail !== undefined && { detail }),
      },
      ...brokers,
      registry,
    ])
  })

  test('of a stack that was never started shows what is declared', () => {
    const settings = stackSettings({ ports: { kafka: 9092, registry: 'auto' } })
    const stopped = [
      { name: 'kafka', endpoint: '127.0.0.1:9092', state: 'stopped' },
      { name: 'schema-registry', endpoint: '', state: 'stopped' },
    ]
    const [zookeeper, faults] = ['zookeeper', 'faults'].map((name) => ({ name, endpoint: '', state: 'stopped' }))
    expect(declaredStatus('native', settings).servers).toEqual([...stopped, zookeeper])
    expect(declaredStatus('embedded', settingsFor('embedded', settings)).servers).toEqual([...stopped, faults])
  })

  test('has the servers beside Kafka, where the page over the cluster needs docker', () => {
    const settings = stackSettings({ services: ['postgres', 'mongodb', 'kafka-ui'], ports: { mongodb: 'auto' } })
    const beside = (runtime: RuntimeName): string[][] =>
      declaredStatus(runtime, settings)
        .servers.filter(({ name }) => settings.services.some((service) => service === name))
        .map(({ name, endpoint, state }) => [name, endpoint, state])
    const databases = [
      ['postgres', '127.0.0.1:5432', 'stopped'],
      ['mongodb', '', 'stopped'],
    ]
    expect(beside('native')).toEqual([...databases, ['kafka-ui', '', 'failed']])
    expect(beside('docker')).toEqual([...databases, ['kafka-ui', 'http://127.0.0.1:8090', 'stopped']])
  })
})

describe('logs', () => {
  test('the last lines are found in files of any size', async () => {
    const path = join(temporaryFolder(), 'log')
    expect(await lastLines(path, 5)).toEqual([])
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ maxLength: 60 }).map((line) => line.replaceAll('\n', ' ')),
          { maxLength: 40 },
        ),
        fc.nat({ max: 45 }),
        fc.boolean(),
        async (lines, count, endsWhole) => {
          await writeFile(path, lines.join('\n') + (endsWhole && lines.length > 0 ? '\n' : ''))
          const whole = lines.length > 0 && (endsWhole || lines.at(-1) !== '') ? lines : lines.slice(0, -1)
          expect(await lastLines(path, count)).toEqual(count === 0 ? [] : whole.slice(-count))
        },
      ),
      { numRuns: 60 },
    )
    await writeFile(path, Array.from({ length: 30_000 }, (_, i) => `line ${i}\n`).join(''))
    expect(await lastLines(path, 2)).toEqual(['line 29998', 'line 29999'])
    expect((await lastLines(path, 29_999))[0]).toBe('line 1')
  })

  test('new lines are followed across parts of lines, a roll-over and a cut', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'kafka.log')
    await writeFile(path, 'old\npart')
    const log = await followLog(path)
    expect(await lastLines(path, 9, log.start)).toEqual(['old'])
    expect(await log.next()).toEqual([])
    await appendFile(path, ' of a line\nnext\n')
    expect(await log.next()).toEqual(['part of a line', 'next'])
    await appendFile(path, 'before\n')
    await rename(path, `${path}.1`)
    await writeFile(path, 'after\n')
    expect(await log.next()).toEqual(['before', 'after'])
    await rename(path, `${path}.2`)
    expect(await log.next()).toEqual([])
    await writeFile(path, 'again\n')
    expect(await log.next()).toEqual(['again'])
    await writeFile(path, 'cut\n')
    expect(await log.next()).toEqual(['cut'])
    await log.close()
  })

  test('a file that comes later is followed from its start', async () => {
    const path = join(temporaryFolder(), 'kafka.log')
    const log = await followLog(path)
    expect(await log.next()).toEqual([])
    await writeFile(path, 'first\n')
    expect(await log.next()).toEqual(['first'])
    await log.close()
  })

  test('several servers are told in the order of time, and a stack trace stays where it belongs', async () => {
    const folder = temporaryFolder()
    const logs = join(layoutOf(folder).root, 'logs')
    await mkdir(logs, { recursive: true })
    await writeFile(
      join(logs, 'kafka.log'),
      '2026-11-23T10:00:01.000Z ERROR a\n\tat x\n2026-11-23T10:00:03.000Z INFO c\n',
    )
    await writeFile(join(logs, 'zookeeper.log'), '2026-11-23T11:00:02.000+01:00 INFO b\n')
    await writeFile(join(logs, 'kafka.log.1'), 'older\n')
    expect(await serversWithLogs(folder, undefined)).toEqual(['kafka', 'zookeeper'])
    const lines = await readLogs(folder, ['kafka', 'zookeeper'], 100)
    expect(lines.map(({ server, line }) => `${server} ${line.replace(/^.*(INFO|ERROR) /, '')}`)).toEqual([
      'kafka a',
      'kafka \tat x',
      'zookeeper b',
      'kafka c',
    ])
  })

  test('merging keeps the order of each server, whatever its times say', () =>
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat({ max: 59 }), { maxLength: 8 }), { maxLength: 4 }), (servers) => {
        const logs = servers.map((seconds, s) =>
          seconds.map((second, i) => ({
            server: String(s),
            line: `2026-11-23T10:00:${String(second).padStart(2, '0')}Z ${i}`,
          })),
        )
        const merged = mergeByTime(logs)
        for (const [s, lines] of logs.entries())
          expect(merged.filter(({ server }) => server === String(s))).toEqual(lines)
        expect(merged).toHaveLength(logs.flat().length)
      }),
    ))

  test('a server that is not there, or a stack that never was, is told', async () => {
    const folder = temporaryFolder()
    await expect(serversWithLogs(folder, undefined)).rejects.toMatchObject({ code: 'stack-missing' })
    const logs = join(layoutOf(folder).root, 'logs')
    await mkdir(logs, { recursive: true })
    await writeFile(join(logs, 'kafka.log'), '')
    await expect(serversWithLogs(folder, 'kafak')).rejects.toMatchObject({
      code: 'usage',
      parts: { hint: 'did you mean "kafka"?' },
    })
  })
})
