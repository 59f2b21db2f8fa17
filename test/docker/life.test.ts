// A stack of containers through its life on a real engine: made, left alone, changed in parts, restarted, removed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { readTopicShapes } from '../../src/kafka/admin/topics.ts'
import { askSql } from '../support/postgres.ts'
import { needed } from '../support/found.ts'
import { skipNote } from '../support/native-runtime.ts'
import { answers, removePlatforms, writePlatform } from '../support/platforms.ts'
import { startRecordingEngine } from '../support/recording-engine.ts'
import { readValues, withCluster, writeValues } from '../support/records.ts'
import { labEngine } from './lab/lab-engine.ts'
import { type LabPlatform, labDocker, missingLab, newLabPlatform } from './lab-platform.ts'

const missing = missingLab()
afterEach(removePlatforms)

const kraft = 'version: "3.9", coordination: kraft'
const zookeeper = 'version: "3.9", coordination: zookeeper'

const sorted = (servers: readonly string[]): string[] => servers.toSorted()

/** The servers whose container is another one than before. */
function madeAnew(before: Record<string, string>, after: Record<string, string>): string[] {
  return sorted(Object.keys(after).filter((server) => after[server] !== before[server]))
}

/** Writes platform.yaml anew: what is left out is as it was by default. */
const change = (platform: LabPlatform, parts: Parameters<typeof writePlatform>[1]): Promise<void> =>
  writePlatform(platform.folder, { runtime: 'docker', project: platform.project, ...parts })

const states = async (platform: LabPlatform): Promise<Record<string, string>> =>
  Object.fromEntries((await platform.status()).servers.map(({ name, state }) => [name, state]))

describe.skipIf(missing !== undefined)(`a stack of containers${skipNote(missing)}`, () => {
  test('goes up, stays as it is, goes down with its data kept, and comes back with it', async () => {
    const platform = await newLabPlatform({ kafka: zookeeper })
    const { project } = platform
    const servers = ['kafka', 'schema-registry', 'zookeeper']
    const first = await platform.succeed('up')
    for (const name of servers) expect(first.stderr).toMatch(new RegExp(`^${name} is ready at .*\\d m?s\\)$`, 'm'))
    expect(await states(platform)).toEqual({ kafka: 'ready', 'schema-registry': 'ready', zookeeper: 'ready' })
    const endpoint = await platform.endpoint('kafka')
    await writeValues(endpoint, 'orders', ['one', 'two'])

    const [containers, record] = [await platform.containers(), await platform.record()]
    const again = await platform.succeed('up', '-o', 'json')
    expect(again.stderr).toBe('')
    expect(await platform.containers()).toEqual(containers)
    expect(await platform.record()).toEqual(record)
    const volumes = ['kafka-1-data', 'zookeeper-data', 'zookeeper-log'].map((name) => `${project}_${name}`)
    expect(await platform.things()).toEqual({
      containers: servers.map((name) => `${project}-${name}-1`),
      networks: [`${project}_default`],
      volumes,
    })

    expect((await platform.succeed('down')).stdout).toBe('stopped schema-registry, kafka, zookeeper\n')
    expect(await platform.things()).toEqual({ containers: [], networks: [], volumes })
    for (const { endpoint: at } of record.servers) expect(await answers(Number(at.split(':').at(-1)))).toBe(false)
    expect(await states(platform)).toEqual({ kafka: 'stopped', 'schema-registry': 'stopped', zookeeper: 'stopped' })
    expect((await platform.succeed('down')).stdout).toBe('nothing was running\n')

    await platform.succeed('up')
    expect(await platform.endpoint('kafka')).toBe(endpoint)
    expect(await readValues(endpoint, 'orders')).toEqual(['one', 'two'])

    const refused = await platform.run('down', '--volumes')
    expect([refused.code, refused.stderr]).toEqual([64, expect.stringContaining('--yes')])
    expect(await states(platform)).toMatchObject({ kafka: 'ready' })
    const end = await platform.succeed('down', '--volumes', '--yes')
    expect(end.stdout).toMatch(
      new RegExp(
        `^stopped schema-registry, kafka, zookeeper\\ndeleted kafka-1-data, zookeeper-data, zookeeper-log in volumes of the project "${project}" at Docker `,
      ),
    )
    expect(await platform.things()).toEqual({ containers: [], networks: [], volumes: [] })
    await expect(platform.record()).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('tells both addresses of each server, its image, its health, since when it runs and its memory', async () => {
    const platform = await newLabPlatform({ kafka: kraft })
    const began = Date.now()
    await platform.succeed('up')
    const known = {
      state: 'ready',
      health: 'healthy',
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      memoryBytes: expect.any(Number),
      restarts: 0,
    }
    await expect
      .poll(() => platform.status(), { timeout: 30_000, interval: 500 })
      .toEqual({
        runtime: 'docker',
        services: [],
        servers: [
          {
            ...known,
            name: 'kafka',
            endpoint: await platform.endpoint('kafka'),
            inside: 'kafka:29092',
            image: 'confluentinc/cp-kafka:7.9.1',
          },
          {
            ...known,
            name: 'schema-registry',
            endpoint: await platform.endpoint('schema-registry'),
            inside: 'http://schema-registry:8081',
            image: 'confluentinc/cp-schema-registry:7.9.1',
          },
        ],
      })
    for (const { startedAt, memoryBytes } of (await platform.status()).servers) {
      expect(Date.parse(startedAt!)).toBeGreaterThan(began)
      expect(memoryBytes).toBeGreaterThan(1024 * 1024)
    }
  })

  test('makes anew what has changed, and nothing else; its data stays', async () => {
    const platform = await newLabPlatform({ kafka: kraft })
    await platform.succeed('up')
    const endpoint = await platform.endpoint('kafka')
    await writeValues(endpoint, 'orders', ['one'])
    const before = await platform.containers()

    // the registry on another port
    const registry = (await platform.record()).ports.registry
    const other = registry + 1
    await change(platform, { kafka: kraft, ports: `{ kafka: ${endpoint.split(':')[1]}, registry: ${other} }` })
    await platform.succeed('up')
    const moved = await platform.containers()
    expect(madeAnew(before, moved)).toEqual(['schema-registry'])
    expect(await platform.endpoint('schema-registry')).toBe(`http://127.0.0.1:${other}`)

    // Kafka of another image, which the engine has under two names
    await labDocker()(['tag', 'confluentinc/cp-kafka:7.9.1', `${platform.project}/kafka:1`])
    const more = `images: { kafka: "${platform.project}/kafka:1" }`
    await change(platform, { kafka: kraft, ports: 'auto', more })
    await platform.succeed('up')
    expect(madeAnew(moved, await platform.containers())).toEqual(['kafka'])
    expect(await platform.endpoint('kafka')).toBe(endpoint)
    expect(await readValues(endpoint, 'orders')).toEqual(['one'])
    await labDocker()(['image', 'rm', '--force', `${platform.project}/kafka:1`])
  })

  test('goes up in parts, and one server is restarted', async () => {
    const platform = await newLabPlatform({ kafka: kraft })
    await platform.succeed('up', 'kafka')
    expect(Object.keys(await platform.containers())).toEqual(['kafka'])
    expect(await states(platform)).toEqual({ kafka: 'ready', 'schema-registry': 'stopped' })
    await platform.succeed('up', 'schema-registry')
    const [before, started] = [await platform.containers(), (await platform.status()).servers]
    expect(Object.keys(before).toSorted()).toEqual(['kafka', 'schema-registry'])

    const restarted = await platform.succeed('restart', 'schema-registry')
    expect(restarted.stderr).toMatch(/^schema-registry is ready at \S+ \(.*\d m?s\)$/m)
    expect(await platform.containers()).toEqual(before)
    const since = (await platform.status()).servers.map(({ startedAt }) => Date.parse(startedAt!))
    expect(since[0]).toBe(Date.parse(started[0]!.startedAt!))
    expect(since[1]).toBeGreaterThan(Date.parse(started[1]!.startedAt!))

    await labDocker()(['stop', `${platform.project}-kafka-1`])
    const endpoint = await platform.endpoint('kafka')
    await platform.succeed('up')
    expect(await platform.endpoint('kafka')).toBe(endpoint)
    expect(await platform.containers()).toEqual(before)

    const unknown = await platform.run('up', 'kafk')
    expect([unknown.code, unknown.stderr]).toEqual([64, expect.stringContaining('did you mean "kafka"')])
  })

  test('an orphan is told, and removed when that is asked for', async () => {
    const platform = await newLabPlatform({ kafka: kraft, more: 'services: { kafka-ui: {} }' })
    await platform.succeed('up')
    expect(await states(platform)).toMatchObject({ 'kafka-ui': 'ready' })
    await change(platform, { kafka: kraft })
    expect((await platform.succeed('up')).stderr).toMatch(
      /^not in platform\.yaml any more: kafka-ui; `.*evplat up --remove-orphans` removes their containers\n$/,
    )
    expect(Object.keys(await platform.containers())).toContain('kafka-ui')
    expect((await platform.succeed('up', '--remove-orphans')).stderr).toBe('removed kafka-ui\n')
    expect(sorted(Object.keys(await platform.containers()))).toEqual(['kafka', 'schema-registry'])
    expect((await platform.succeed('up')).stderr).toBe('')
  })

  test('its logs are told together by time, or of one server, and followed', async () => {
    const platform = await newLabPlatform({ kafka: kraft })
    await platform.succeed('up')
    const lines = (await platform.succeed('logs')).stdout.split('\n').slice(0, -1)
    const names = new Set(lines.map((line) => /^(\S+) +\| /.exec(line)?.[1]))
    expect(sorted([...names].map(String))).toEqual(['kafka', 'schema-registry'])
    const own = (await platform.succeed('logs', 'kafka', '-n', '5')).stdout.split('\n').slice(0, -1)
    expect(own).toHaveLength(5)
    expect(own.filter((line) => line.startsWith('kafka '))).toEqual([])

    const following = platform.start('logs', '--follow', '-n', '1')
    await writeValues(await platform.endpoint('kafka'), 'followed', ['one'])
    await expect.poll(() => following.stdout(), { timeout: 30_000 }).toMatch(/^kafka {11}\| .*followed-0/m)
    following.kill('SIGINT')
    expect((await following.ended).code).toBe(130)
  })

  test.each([
    ['KRaft', kraft],
    ['ZooKeeper', zookeeper],
  ])('one broker becomes three with %s, and its data stays; fewer are refused', async (_, kafka) => {
    const platform = await newLabPlatform({ kafka })
    await platform.succeed('up')
    await writeValues(await platform.endpoint('kafka'), 'orders', ['one', 'two'])
    await change(platform, { kafka: `${kafka}, brokers: 3` })
    const { stderr } = await platform.succeed('up')
    expect(stderr).toMatch(/^\d topics still at replication 1: .*\borders\b/m)
    expect(stderr).not.toContain('not in platform.yaml any more')
    const all = (await platform.status()).servers
    expect(all.map(({ name, state }) => [name, state]).slice(0, 4)).toEqual(
      ['kafka', 'kafka-1', 'kafka-2', 'kafka-3'].map((name) => [name, 'ready']),
    )
    const bootstrap = all[0]!.endpoint
    expect(await readValues(bootstrap, 'orders')).toEqual(['one', 'two'])
    await writeValues(bootstrap, 'copied', ['three'], 3)
    expect(await readValues(bootstrap, 'copied')).toEqual(['three'])
    expect((await platform.succeed('up')).stderr).toBe('')

    await change(platform, { kafka })
    const fewer = await platform.run('up')
    expect([fewer.code, fewer.stderr]).toEqual([1, expect.stringContaining('kafka.brokers 3 -> 1')])
    await change(platform, { kafka: `${kafka}, brokers: 3` })
    await platform.succeed('down')
    await platform.succeed('up')
    expect(await readValues(bootstrap, 'orders')).toEqual(['one', 'two'])
  })

  test('PostgreSQL takes queries from this machine and from a container beside it', async () => {
    const services = 'orders: { database: postgres }'
    const platform = await newLabPlatform({ kafka: kraft, services })
    await platform.succeed('up', 'postgres')
    const file = join(platform.folder, '.evplat/secrets/postgres-orders')
    const url = `postgres://orders:${readFileSync(file, 'utf8')}@${await platform.endpoint('postgres')}/orders`
    await askSql(url, 'create table seen (by text)')
    await askSql(url, "insert into seen values ('the machine')")
    const query = "insert into seen values ('a container'); select by from seen"
    const told = await labDocker()([
      'run',
      '--rm',
      '--network',
      `${platform.project}_default`,
      '--volume',
      `${file}:/password:ro`,
      '--entrypoint',
      'sh',
      'postgres:17',
      '-c',
      'PGPASSWORD=$(cat /password) psql -h postgres -U orders --quiet --tuples-only --no-align -c "$0" orders',
      query,
    ])
    expect(told).toBe('the machine\na container\n')
    expect(await states(platform)).toMatchObject({ postgres: 'ready', kafka: 'stopped' })
  })

  test('up brings a deletion to its end that was killed', async () => {
    let [deletions, kill] = [0, (): void => undefined]
    const engine = await startRecordingEngine(needed(labEngine()).socket, (request) => {
      if (request.startsWith('DELETE /volumes/') && ++deletions === 2) kill()
    })
    onTestFinished(() => engine.close())
    const platform = await newLabPlatform({ kafka: zookeeper, env: { DOCKER_HOST: engine.host } })
    await platform.succeed('up')
    await writeValues(await platform.endpoint('kafka'), 'orders', ['one'])
    const down = platform.start('down', '--volumes', '--yes')
    kill = () => down.kill('SIGKILL')
    expect((await down.ended).code).toBe(null)
    expect((await platform.things()).volumes).not.toEqual([])

    expect((await platform.succeed('up')).stderr).toMatch(
      /^deleted what a `down --volumes` that was killed had left of the data\n/,
    )
    // the topic is gone, not only its records
    const bootstrap = await platform.endpoint('kafka')
    expect([...(await withCluster(bootstrap, (cluster) => readTopicShapes(cluster, ['orders']))).keys()]).toEqual([])
    await writeValues(bootstrap, 'orders', ['two'])
    await platform.succeed('down')
    await platform.succeed('up')
    expect(await readValues(bootstrap, 'orders')).toEqual(['two'])
  })
})
