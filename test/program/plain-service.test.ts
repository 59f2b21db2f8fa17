// The template `plain`: a service on kafkajs that needs nothing of evplat.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { type Platform, newPlatform, removePlatforms } from '../support/platforms.ts'

const placed = JSON.stringify({
  type: 'record',
  name: 'Placed',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'cents', type: 'long', default: 0 },
  ],
})
const yaml = `apiVersion: evplat/v1
name: trial
stack: { runtime: embedded, ports: auto }
topics: { orders.placed: { key: string, value: { schema: schemas/placed.avsc } } }
`

let shop: Platform
let folder: string

beforeAll(async () => {
  shop = await newPlatform({ runtime: 'embedded', name: 'plain-' })
  await mkdir(join(shop.folder, 'schemas'))
  await writeFile(join(shop.folder, 'schemas/placed.avsc'), placed)
  await writeFile(join(shop.folder, 'platform.yaml'), yaml)
  const both = ['--produces', 'orders.placed', '--consumes', 'orders.placed']
  await shop.succeed('new', 'service', 'courier', '--template', 'plain', ...both)
  folder = join(shop.folder, 'services/courier')
  await symlink(resolve('node_modules'), join(folder, 'node_modules'))
}, 60_000)
afterAll(removePlatforms)

const node = (...args: string[]): { status: number | null; said: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

test('it asks for packages that this repository tries it with, and for none of ours', () => {
  interface Manifest {
    readonly dependencies: Readonly<Record<string, string>>
    readonly devDependencies: Readonly<Record<string, string>>
  }
  const read = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8'))
  const { dependencies, devDependencies } = read(join(folder, 'package.json'))
  const own = read('package.json')
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
    expect({ ...own.dependencies, ...own.devDependencies }[name], name).toBe(version)
  expect(Object.keys({ ...dependencies, ...devDependencies }).filter((name) => name.includes('evplat'))).toEqual([])
})

test('its types are sound, and its tests pass without Kafka', () => {
  expect(node('node_modules/typescript/bin/tsc', '-p', 'jsconfig.json')).toEqual({ status: 0, said: '' })
  const { status, said } = node('--test', 'src/service.test.js')
  expect(status, said).toBe(0)
  expect(said).toMatch(/pass 4\n/)
})

test('it produces what is posted, refuses what does not go with the schema, listens, and ends in order', async () => {
  await shop.succeed('up')
  await shop.succeed('apply', '--yes')
  const service = spawn(process.execPath, ['src/main.js'], {
    cwd: folder,
    env: {
      ...process.env,
      KAFKA_BOOTSTRAP_SERVERS: await shop.endpoint('kafka'),
      SCHEMA_REGISTRY_URL: await shop.endpoint('schema-registry'),
      SERVER_PORT: '0',
    },
  })
  try {
    const lines = linesOf(service)
    const { address } = (await lines.first('started')) as { address: { port: number } }
    const post = (body: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${address.port}/api/produce`, {
        method: 'POST',
        body,
        headers: { 'event-key': 'order-1' },
      })
    const accepted = await post('{"id":"order-1"}')
    expect(accepted.status).toBe(202)
    const sent = (await accepted.json()) as { topic: string; partition: number; offset: number }
    expect(Object.keys(sent)).toEqual(['topic', 'partition', 'offset', 'timestamp', 'id'])
    expect(await lines.first('received')).toEqual({
      message: 'received',
      topic: 'orders.placed',
      partition: sent.partition,
      offset: String(sent.offset),
      event: { id: 'order-1', cents: 0 },
    })
    const refused = await post('{"id":7}')
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { status: 400, detail: 'it does not go with the schema at /id' },
    ])
    const shown = await shop.succeed('consume', 'orders.placed', '--exit', '-o', 'json')
    expect(JSON.parse(shown.stdout)).toMatchObject({ key: 'order-1', value: { id: 'order-1', cents: 0 } })
    service.kill('SIGTERM')
    expect((await once(service, 'close'))[0]).toBe(0)
  } finally {
    service.kill('SIGKILL')
  }
}, 120_000)

/** The lines of JSON that a service prints; `first` resolves with the first one of a message. */
function linesOf({ stdout, stderr }: ChildProcess): { first(message: string): Promise<unknown> } {
  let [printed, said] = ['', '']
  stdout!.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const parsed = (): { message: string }[] =>
    printed
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { message: string })
  return {
    first: async (message) => {
      const find = (): Promise<unknown> => Promise.resolve(parsed().find((line) => line.message === message))
      const found = await waitFor(find, { timeoutMs: 60_000, everyMs: 50 })
      if (found === undefined) throw new Error(`no "${message}":\n${printed}${said}`)
      return found
    },
  }
}
