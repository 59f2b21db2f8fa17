// What `status` and `verify` tell of services: real ones in this process, beside a stack that `evplat up` started.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { ownDriver } from '../../src/kafka/driver/own-driver.ts'
import { readSettings } from '../../src/service/config/read-settings.ts'
import { type ServiceDefinition, defineService } from '../../src/service/define-service.ts'
import type { Topic } from '../../src/service/definition.ts'
import { createLogs } from '../../src/service/logging/create-logs.ts'
import { type RunningService, startService } from '../../src/service/start/start-service.ts'
import type { ServiceStatus, StackStatus } from '../../src/stack/status.ts'
import { type Platform, newPlatform, removePlatforms } from '../support/platforms.ts'
import { writeValues } from '../support/records.ts'
import { freePort } from '../support/free-port.ts'
import { serveTcp } from '../support/strangers.ts'

afterEach(removePlatforms)

/** a look is a run of the program */
const patient = { timeout: 30_000, interval: 200 }

const topics = {
  orders: { key: { kind: 'string' }, value: { kind: 'string' }, produced: false, consumed: true } as Topic<
    string,
    string
  >,
}

async function declare({ folder }: Platform, services: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(services).map(([name, service]) => `  ${name}: ${service}\n`)
  const head = 'apiVersion: evplat/v1\nname: trial\nstack: { runtime: embedded, ports: auto }\n'
  const declared = 'topics:\n  orders: { partitions: 2, key: string, value: string }\n  payments: {}\n'
  await writeFile(join(folder, 'platform.yaml'), `${head}${declared}services:\n${lines.join('')}`)
}

/** A folder with a package.json is all that makes a service one of this machine's. */
async function writePackage({ folder }: Platform, name: string): Promise<void> {
  await mkdir(join(folder, 'services', name), { recursive: true })
  await writeFile(join(folder, 'services', name, 'package.json'), JSON.stringify({ name, private: true }))
}

async function newShop(services: Readonly<Record<string, string>>): Promise<Platform> {
  const shop = await newPlatform({ runtime: 'embedded' })
  await declare(shop, services)
  return shop
}

/** Starts a service as its program does, but for the process. */
async function start(
  shop: Platform,
  definition: ServiceDefinition<typeof topics, unknown>,
  port: number,
): Promise<RunningService> {
  const settings = { 'kafka.bootstrapServers': await shop.endpoint('kafka'), 'server.port': String(port) }
  const args = Object.entries(settings).map(([name, value]) => `--${name}=${value}`)
  const { service } = definition
  const read = await readSettings({ folder: shop.folder, env: {}, args, service, topics })
  const logs = createLogs({ service: service.name, ...read.settings.logging, colour: false, write: () => undefined })
  const info = { name: service.name, version: '', node: '' }
  const running = await startService(definition, undefined, { ...read, logs, info, driver: ownDriver })
  running.failed.catch(() => undefined)
  onTestFinished(async () => void (await running.stop({ signal: 'the end of the test' })))
  return running
}

const servicesOf = async (shop: Platform): Promise<readonly ServiceStatus[]> => (await shop.status()).services

interface Verdict {
  readonly findings: readonly { readonly severity: string; readonly message: string }[]
  readonly checks: readonly { readonly name: string; readonly passed: boolean }[]
}

/** The exit code of `verify`, whether its check of the services passed (undefined where there was none), and what it found. */
async function verify(shop: Platform, ...more: string[]): Promise<unknown[]> {
  const { code, stdout } = await shop.run('verify', '-o', 'json', ...more)
  const { findings, checks } = JSON.parse(stdout) as Verdict
  const passed = checks.find(({ name }) => name === 'services')?.passed
  return [code, passed, ...findings.map(({ severity, message }) => `${severity}: ${message}`)]
}

test('a service is told from its start to its end, with its group and what waits for it', async () => {
  const port = await freePort()
  const shop = await newShop({ billing: `{ port: ${port}, group: bills, consumes: [orders] }` })
  await writePackage(shop, 'billing')
  const billing = { name: 'billing', endpoint: `http://127.0.0.1:${port}`, group: 'bills' }
  expect(await servicesOf(shop)).toEqual([{ ...billing, state: 'stopped' }])

  const up = await shop.succeed('up', '-o', 'json')
  expect((JSON.parse(up.stdout) as StackStatus).services).toEqual(await servicesOf(shop))
  await shop.succeed('apply', '--yes')
  const away = { ...billing, state: 'stopped', members: 0 }
  expect(await servicesOf(shop)).toEqual([{ ...away, lag: 0 }])
  const warning = 'warning: service "billing" does not run'
  expect(await verify(shop)).toEqual([0, true, warning])
  expect(await verify(shop, '--strict')).toEqual([2, false, warning])

  const watched = shop.start('status', '--watch', '-o', 'json')
  const states = () =>
    watched
      .stdout()
      .trimEnd()
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as StackStatus).services[0]!.state]))
  await expect.poll(states, patient).toEqual(['stopped'])

  let release = (): void => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const definition = defineService({
    service: { name: 'billing', group: 'bills' },
    topics,
    listeners: { orders: () => released },
  })
  const running = await start(shop, definition, port)
  const ready = { ...billing, state: 'ready', members: 1 }
  await expect.poll(() => servicesOf(shop), patient).toEqual([{ ...ready, lag: 0 }])
  expect(await verify(shop)).toEqual([0, true])
  await expect.poll(() => states().at(-1), patient).toBe('ready')
  watched.kill('SIGINT')
  expect((await watched.ended).code).toBe(130)

  // records without any commit: how many of them the group wants, nobody can tell
  await writeValues(await shop.endpoint('kafka'), 'orders', ['one', 'two', 'three'])
  expect(await servicesOf(shop)).toEqual([ready])
  release()
  await expect.poll(() => servicesOf(shop), patient).toEqual([{ ...ready, lag: 0 }])

  expect((await running.stop({ signal: 'SIGTERM' })).code).toBe(0)
  await writeValues(await shop.endpoint('kafka'), 'orders', ['four', 'five'])
  expect((await servicesOf(shop))[0]).toMatchObject({ state: 'stopped', members: 0 })
  const text = (await shop.succeed('status')).stdout
  expect(text).toMatch(/^SERVICE {2}STATE {4}ENDPOINT +GROUP {2}MEMBERS {2}LAG {2}DETAIL$/m)
  expect(text).toMatch(/^billing {2}stopped {2}http:\/\/127\.0\.0\.1:\d+ +bills {2}0 /m)
  expect((await shop.succeed('status', '-o', 'table')).stdout).toMatch(
    /^\| SERVICE \| STATE {3}\| ENDPOINT +\| GROUP \|/m,
  )
}, 120_000)

test('one that is not ready, and one that leaves partitions unread, fail verify', async () => {
  const port = await freePort()
  const shop = await newShop({ billing: `{ port: ${port}, consumes: [orders, payments] }` })
  await shop.succeed('up')
  await shop.succeed('apply', '--yes')
  // it is not in this folder, and does not run
  expect(await verify(shop)).toEqual([0, undefined])
  let isSound = false
  const definition = defineService({
    service: { name: 'billing', group: 'billing' },
    topics,
    listeners: { orders: () => undefined },
    health: {
      ledger: () => {
        if (!isSound) throw new Error('the ledger is shut')
      },
    },
  })
  await start(shop, definition, port)
  await expect
    .poll(() => servicesOf(shop), patient)
    .toMatchObject([{ state: 'starting', members: 1, detail: 'it says that it is not ready' }])
  const unread = 'service "billing" does not read all that it consumes: no member of its group reads payments 0'
  await expect
    .poll(() => verify(shop), patient)
    .toEqual([2, false, 'error: service "billing" is not ready: it says that it is not ready', `error: ${unread}`])
  isSound = true
  await expect
    .poll(() => servicesOf(shop), patient)
    .toMatchObject([{ state: 'ready', detail: 'no member of its group reads payments 0' }])
  expect(await verify(shop)).toEqual([2, false, `error: ${unread}`])
  expect(await verify(shop, '--bootstrap', await shop.endpoint('kafka'), '--registry', 'http://127.0.0.1:1')).toEqual([
    0,
    undefined,
  ])
})

test('a service without a port is told by its group, and one whose port is taken by who has it', async () => {
  const port = await serveTcp((socket) => void socket.end('no HTTP\r\n'))
  const shop = await newShop({ gate: `{ port: ${port}, produces: [orders] }`, audit: '{ consumes: [orders] }' })
  await writePackage(shop, 'gate')
  await writePackage(shop, 'audit')
  await shop.succeed('up')
  await shop.succeed('apply', '--yes')
  const taken = `port ${port} is taken by process ${process.pid} (node)`
  const gate = { name: 'gate', endpoint: `http://127.0.0.1:${port}`, state: 'failed', detail: taken }
  const audit = { name: 'audit', endpoint: '', group: 'audit', lag: 0 }
  expect(await servicesOf(shop)).toEqual([gate, { ...audit, state: 'stopped', members: 0 }])
  const error = `error: service "gate" is not ready: ${taken}`
  expect(await verify(shop)).toEqual([2, false, error, 'warning: service "audit" does not run'])

  const consumer = ownDriver.consume(
    { bootstrap: [await shop.endpoint('kafka')] },
    { group: 'audit', topics: ['orders'], startFrom: 'earliest', sessionMs: 10_000, rebalanceMs: 10_000 },
    {
      assigned: () => undefined,
      records: () => undefined,
      revoked: () => Promise.resolve(),
      lost: () => undefined,
      trouble: () => undefined,
    },
  )
  onTestFinished(() => consumer.stop(10_000))
  await expect.poll(() => servicesOf(shop), patient).toEqual([gate, { ...audit, state: 'ready', members: 1 }])
  expect(await verify(shop)).toEqual([2, false, error])
})
