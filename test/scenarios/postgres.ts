// The life of a PostgreSQL in a stack, the same on every runtime that runs it as a process.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { expect } from 'vitest'
import { connectionUrls } from '../../src/stack/databases/connection-urls.ts'
import { layoutOf } from '../../src/stack/layout.ts'
import { findSecret } from '../../src/stack/secrets.ts'
import { type Platform, leftovers, newPlatform, writePlatform } from '../support/platforms.ts'
import { askSql } from '../support/postgres.ts'

export type ProcessRuntime = 'embedded' | 'native'

/** small, where Kafka itself does not matter */
const kafka = 'version: "3.9", coordination: kraft'
const services = 'orders: { database: postgres }, ship-it: { database: postgres }'

/** A platform with two services that have databases. */
export function newShop(runtime: ProcessRuntime): Promise<Platform> {
  return newPlatform({ runtime, kafka, services })
}

/** The URL of a service's database; of the superuser's for `postgres`. */
export async function urlOf(platform: Platform, service: string): Promise<string> {
  const layout = layoutOf(platform.folder)
  const endpoint = await platform.endpoint('postgres')
  if (service === 'postgres') return `postgres://postgres:${await findSecret(layout, service)}@${endpoint}/postgres`
  return (await connectionUrls(layout, service, { database: 'postgres', endpoint })).host
}

const dataOf = ({ folder }: Platform): string => join(folder, '.evplat/data/postgres')

async function stateOf(platform: Platform): Promise<unknown> {
  const { servers } = await platform.status()
  const { state, detail } = servers.find(({ name }) => name === 'postgres')!
  return detail === undefined ? state : [state, detail]
}

/** `up`: each service has a database of its own, and only that. */
export async function startsWithDatabases(platform: Platform): Promise<void> {
  const first = await platform.succeed('up')
  expect(first.stderr).toMatch(/^postgres is ready at 127\.0\.0\.1:\d+ /m)
  expect(await stateOf(platform)).toBe('ready')
  const orders = await urlOf(platform, 'orders')
  await askSql(orders, 'create table placed (id int primary key)')
  await askSql(orders, 'insert into placed values (1), (2)')
  expect(await askSql(await urlOf(platform, 'ship-it'), 'select current_user, current_database()')).toEqual([
    ['ship-it', 'ship-it'],
  ])
  // the password of one service opens nothing of another
  const others = (await urlOf(platform, 'ship-it')).replace(/ship-it$/, 'orders')
  await expect(askSql(others, 'select 1')).rejects.toThrow('permission denied for database "orders"')
  await expect(askSql(orders.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow('password authentication')
  expect(await isOpen('127.0.0.2', Number(new URL(orders).port))).toBe(false)
}

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 1000 })
    const end = (answer: boolean) => (): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false))
  })
}

/** `up` again: nothing happens; but for a service that is new. */
export async function isLeftAlone(platform: Platform): Promise<void> {
  const file = join(platform.folder, '.evplat/stack.json')
  const before = [await platform.record(), (await stat(file)).mtimeMs]
  expect((await platform.succeed('up')).stderr).toBe('')
  const runtime = (await platform.record()).runtime as ProcessRuntime
  const more = `${services}, billing: { database: postgres }`
  await writePlatform(platform.folder, { runtime, kafka, ports: 'auto', services: more })
  expect((await platform.succeed('up')).stderr).toBe('')
  expect([await platform.record(), (await stat(file)).mtimeMs]).toEqual(before)
  expect(await askSql(await urlOf(platform, 'billing'), 'select current_database()')).toEqual([['billing']])
}

const placed = async (platform: Platform): Promise<unknown> =>
  askSql(await urlOf(platform, 'orders'), 'select id from placed order by id')

/** `down` waits for no client, and the data is there after the next `up`. */
export async function keepsItsData(platform: Platform): Promise<void> {
  const endpoint = await platform.endpoint('postgres')
  const client = new pg.Client({ connectionString: await urlOf(platform, 'orders') })
  client.on('error', () => undefined)
  await client.connect()
  await client.query('begin; insert into placed values (3)')
  const down = await platform.succeed('down')
  expect([down.stdout, down.stderr]).toEqual([expect.stringMatching(/^stopped .*postgres/), ''])
  expect(await leftovers(platform)).toEqual([])
  expect(await stateOf(platform)).toBe('stopped')
  await platform.succeed('up')
  expect(await platform.endpoint('postgres')).toBe(endpoint)
  expect(await placed(platform)).toEqual([[1], [2]])
  await client.end().catch(() => undefined)
}

/** After a kill its file may name a pid that another process of the same user has by now. */
export async function survivesKill(platform: Platform): Promise<void> {
  process.kill(await platform.pidOf('postgres'), 'SIGKILL')
  await expect.poll(() => stateOf(platform), { timeout: 20_000 }).toEqual(['failed', 'exit code 137 (SIGKILL)'])
  const pidFile = join(dataOf(platform), 'postmaster.pid')
  const { uid, gid } = await stat(dataOf(platform))
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300_000)'], { uid, gid, stdio: 'ignore' })
  try {
    await once(other, 'spawn')
    const lines = (await readFile(pidFile, 'utf8')).split('\n')
    await writeFile(pidFile, [other.pid, ...lines.slice(1)].join('\n'))
    await platform.succeed('up', 'postgres')
    expect(await placed(platform)).toEqual([[1], [2]])
  } finally {
    other.kill()
  }
}

/** What the server refuses is told in its words, and `up` does it later. */
export async function tellsRefusals(platform: Platform): Promise<void> {
  const administrator = await urlOf(platform, 'postgres')
  const setReadOnly = async (value: 'on' | 'off'): Promise<void> => {
    await askSql(
      administrator,
      `begin read write; alter role postgres set default_transaction_read_only = ${value}; commit`,
    )
  }
  const runtime = (await platform.record()).runtime as ProcessRuntime
  await writePlatform(platform.folder, {
    runtime,
    kafka,
    ports: 'auto',
    services: `${services}, late: { database: postgres }`,
  })
  await setReadOnly('on')
  const end = await platform.run('up')
  expect([end.code, end.stderr]).toEqual([
    1,
    `error[database-refused]: postgres does not give the services their databases
  server: cannot execute CREATE ROLE in a read-only transaction
  try: see \`evplat logs postgres\`
`,
  ])
  await setReadOnly('off')
  await platform.succeed('up')
  expect(await askSql(await urlOf(platform, 'late'), 'select 1')).toEqual([[1]])
}

/** No password stands where people look. */
export async function keepsItsSecrets(platform: Platform): Promise<void> {
  const layout = layoutOf(platform.folder)
  const texts = [
    await readFile(layout.state, 'utf8'),
    await readFile(join(layout.root, 'logs/postgres.log'), 'utf8'),
    (await platform.succeed('status')).stdout,
    (await platform.succeed('status', '-o', 'json')).stdout,
  ]
  for (const name of ['postgres', 'postgres-orders', 'postgres-ship-it']) {
    const secret = (await findSecret(layout, name))!
    expect(secret).toMatch(/^[\w-]{32}$/)
    expect(texts.filter((text) => text.includes(secret))).toEqual([])
  }
}

/** Data without its password is not passed over; `down --volumes` deletes both. */
export async function goesWithItsSecrets(platform: Platform): Promise<void> {
  await platform.succeed('down')
  const layout = layoutOf(platform.folder)
  await rm(join(layout.root, 'secrets/postgres'))
  const end = await platform.run('up', 'postgres')
  expect([end.code, end.stderr]).toEqual([1, expect.stringContaining('error[stack-unreadable]: the password ')])
  expect((await platform.succeed('down', '--volumes', '--yes')).stdout).toMatch(/postgres \(\d+MiB\)/)
  for (const gone of ['data', 'secrets']) await expect(stat(join(layout.root, gone))).rejects.toThrow('ENOENT')
  expect(await leftovers(platform)).toEqual([])
}
