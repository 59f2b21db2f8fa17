// One project, two tools: what docker-compose starts evplat finds, works with and stops, and the other way round.
import { existsSync } from 'node:fs'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { evplat } from '../support/evplat.ts'
import { needed } from '../support/found.ts'
import { skipNote } from '../support/native-runtime.ts'
import { removePlatforms, writePlatform } from '../support/platforms.ts'
import { askSql } from '../support/postgres.ts'
import { type Compose, composeFor } from './lab/compose.ts'
import { labEngine } from './lab/lab-engine.ts'
import { type LabPlatform, missingLab, newLabPlatform } from './lab-platform.ts'

const missing = missingLab()
const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
  await removePlatforms()
})

const stacks = {
  zookeeper: { kafka: 'version: "3.9", coordination: zookeeper' },
  kraft: {
    kafka: 'version: "3.9", coordination: kraft',
    more: 'registry: evplat',
    services: 'orders: { database: postgres }',
  },
} as const

interface Shop extends LabPlatform {
  readonly compose: Compose
  /** writes the compose file anew: with the ports that the stack has now */
  readonly writeCompose: () => Promise<unknown>
  /** ids of the containers when all servers are ready */
  readonly ready: () => Promise<Record<string, string>>
  readonly recordFile: string
}

/** A platform with the compose file of its stack; nothing is started. Its ports are free ones, and named in platform.yaml. */
async function newShop(stack: (typeof stacks)[keyof typeof stacks]): Promise<Shop> {
  const platform = await newLabPlatform(stack)
  const { folder, project } = platform
  const writeCompose = async (): Promise<string> => {
    const { stdout } = await platform.succeed('up', '--print-compose')
    await writeFile(join(folder, 'compose.yaml'), stdout)
    return stdout
  }
  await writePlatform(folder, { runtime: 'docker', project, ...stack, ports: portsIn(await writeCompose()) })
  const schema = { type: 'record', name: 'Order', fields: [{ name: 'id', type: 'int' }] }
  await writeFile(join(folder, 'order.avsc'), JSON.stringify(schema))
  await appendFile(
    join(folder, 'platform.yaml'),
    'topics: { orders: { key: string, value: { schema: order.avsc } }, notes: { value: string } }\n',
  )
  const compose = composeFor(needed(labEngine()), { folder, project })
  cleanUps.push(() => compose('down', '--volumes', '--timeout', '5'))
  const states = async (): Promise<string[]> => (await platform.status()).servers.map(({ state }) => state)
  return {
    ...platform,
    compose,
    writeCompose,
    recordFile: join(folder, '.evplat/stack.json'),
    ready: async () => {
      const containers = await platform.containers()
      await expect.poll(states, { timeout: 90_000, interval: 500 }).toEqual(Object.keys(containers).map(() => 'ready'))
      return platform.containers()
    },
  }
}

/** `stack.ports` of what a compose file publishes, but for ZooKeeper's, which is asked for nowhere. */
function portsIn(composeFile: string): string {
  const { services } = parse(composeFile) as { services: Record<string, { ports: string[] }> }
  const named = { kafka: 'kafka', registry: 'schema-registry', postgres: 'postgres' }
  const ports = Object.entries(named).flatMap(([name, server]) => {
    const published = services[server]?.ports[0]
    return published === undefined ? [] : [`${name}: ${published.split(':')[1]}`]
  })
  return `{ ${ports.join(', ')} }`
}

const order = '{"id":7}\n'

/** Runs a command that must succeed, with input. */
async function done({ folder }: Shop, command: string, input = ''): Promise<string> {
  const env = { DOCKER_HOST: needed(labEngine()).host }
  const { code, stdout, stderr } = await evplat(command.split(' '), { cwd: folder, env, input })
  if (code !== 0) throw new Error(`evplat ${command} ended with ${code}:\n${stdout}${stderr}`)
  return stdout
}

/** Everything that is done with a stack, from topics to the gate. */
async function work(shop: Shop): Promise<void> {
  expect(await done(shop, 'apply --yes')).toMatch(/^Applied: \d done\.$/m)
  expect(await done(shop, 'produce orders', order)).toBe('1 record written to orders\n')
  expect(await ids(shop)).toEqual([7])
  await done(shop, 'verify')
}

async function ids(shop: Shop): Promise<unknown[]> {
  const lines = (await done(shop, 'consume orders --exit -o json')).split('\n').slice(0, -1)
  return lines.map((line) => (JSON.parse(line) as { value: { id: unknown } }).value.id)
}

/** What docker-compose warns of: what another tool made would not be as it is wanted. */
const warnings = ({ stderr }: { readonly stderr: string }): string[] =>
  stderr.split('\n').filter((line) => line.startsWith('WARNING'))

const servers = (shop: Shop): Promise<string[]> => shop.containers().then((all) => Object.keys(all).toSorted())

describe.skipIf(missing !== undefined)(`docker-compose and evplat${skipNote(missing)}`, () => {
  test('what compose started is worked with and stopped, and nothing of it is written down', async () => {
    const shop = await newShop(stacks.zookeeper)
    expect(warnings(await shop.compose('up', '--detach'))).toEqual([])
    const containers = await shop.ready()
    await work(shop)
    expect(existsSync(shop.recordFile)).toBe(false)
    expect(await shop.containers()).toEqual(containers)

    expect((await shop.succeed('down')).stdout).toBe('stopped schema-registry, kafka, zookeeper\n')
    expect((await shop.compose('ps', '--quiet')).stdout).toBe('')
    const volumes = ['kafka-1-data', 'zookeeper-data', 'zookeeper-log'].map((name) => `${shop.project}_${name}`)
    expect(await shop.things()).toEqual({ containers: [], networks: [], volumes })

    // its volumes are there for either
    expect(warnings(await shop.compose('up', '--detach'))).toEqual([])
    await shop.ready()
    expect(await ids(shop)).toEqual([7])
    expect((await shop.succeed('down', '--volumes', '--yes')).stdout).toContain('deleted kafka-1-data')
    expect(await shop.things()).toEqual({ containers: [], networks: [], volumes: [] })
  })

  test('up finds what compose started as it is wanted, and gives services their databases', async () => {
    const shop = await newShop(stacks.kraft)
    expect(warnings(await shop.compose('up', '--detach'))).toEqual([])
    const containers = await shop.ready()
    expect((await shop.succeed('up')).stderr).toBe('')
    expect(await shop.containers()).toEqual(containers)
    await work(shop)
    const password = await readFile(join(shop.folder, '.evplat/secrets/postgres-orders'), 'utf8')
    const url = `postgres://orders:${password}@${await shop.endpoint('postgres')}/orders`
    expect(await askSql(url, 'select current_user')).toEqual([['orders']])

    expect(warnings(await shop.compose('stop', 'schema-registry'))).toEqual([])
    const { servers: now } = await shop.status()
    expect(now.find(({ name }) => name === 'schema-registry')?.state).toBe('stopped')
    expect((await shop.succeed('up')).stderr).toMatch(/^schema-registry is ready at .*\n$/)
    expect(await shop.containers()).toEqual(containers)
    expect((await shop.succeed('down')).stdout).toMatch(/^stopped schema-registry, kafka, postgres\n$/)
    expect((await shop.things()).containers).toEqual([])
  })

  test('what evplat started compose sees and stops, and up brings it back', async () => {
    const shop = await newShop(stacks.kraft)
    await shop.succeed('up')
    await shop.writeCompose()
    await work(shop)
    const seen = await shop.compose('ps')
    expect(warnings(seen)).toEqual([])
    for (const server of await servers(shop))
      expect(seen.stdout).toMatch(new RegExp(`^${shop.project}-${server}-1 .* Up`, 'm'))

    expect(warnings(await shop.compose('down'))).toEqual([])
    expect((await shop.things()).containers).toEqual([])
    expect((await shop.things()).networks).toEqual([])
    expect((await shop.status()).servers.map(({ name, state }) => [name, state])).toEqual([
      ['kafka', 'stopped'],
      ['schema-registry', 'stopped'],
      ['postgres', 'stopped'],
    ])
    await shop.succeed('up')
    expect(await ids(shop)).toEqual([7])
    expect(warnings(await shop.compose('down', '--volumes'))).toEqual([])
    expect(await shop.things()).toEqual({ containers: [], networks: [], volumes: [] })
  })

  test('compose takes over what evplat started, and evplat that again, with the data kept', async () => {
    const shop = await newShop(stacks.zookeeper)
    await shop.succeed('up')
    await shop.writeCompose()
    await work(shop)
    // compose tells a change by a hash of its own
    expect(warnings(await shop.compose('up', '--detach'))).toEqual([])
    const containers = await shop.ready()
    expect(Object.keys(containers).toSorted()).toEqual(['kafka', 'schema-registry', 'zookeeper'])
    expect(await ids(shop)).toEqual([7])
    expect((await shop.succeed('up')).stderr).toBe('')
    expect(await shop.containers()).toEqual(containers)
    expect((await shop.succeed('down')).stdout).toBe('stopped schema-registry, kafka, zookeeper\n')
    expect((await shop.things()).containers).toEqual([])
    await shop.succeed('up')
    expect(await ids(shop)).toEqual([7])
  })
})
