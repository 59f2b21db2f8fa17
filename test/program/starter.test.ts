// What `evplat init` writes, as a new user goes on from there: npm install, types, tests, dev, the first request.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { evplat, plainEnv, script, startEvplat } from '../support/evplat.ts'
import { freePort } from '../support/free-port.ts'
import { npm, npmInstall } from '../support/npm.ts'

const root = mkdtempSync(join(tmpdir(), 'evplat-starter-'))
const shop = join(root, 'shop')

function evplatInRoot(...args: string[]): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(process.execPath, [script, ...args], { cwd: root, env: plainEnv(), encoding: 'utf8' })
}

beforeAll(async () => {
  const written = evplatInRoot('init', 'shop', '--yes', '--ports', 'auto')
  expect(written.status, written.stderr).toBe(0)
  const installed = await npmInstall(shop)
  expect(installed.code, installed.said).toBe(0)
}, 180_000)
afterAll(() => {
  evplatInRoot('down', '--volumes', '--yes', '-C', shop)
  rmSync(root, { recursive: true, force: true })
})

test('it verifies as it stands', async () => {
  expect(await evplat(['verify', '--offline'], { cwd: shop })).toEqual({
    code: 0,
    stdout: 'passed  platform\npassed  settings\npassed  types\n',
    stderr: '',
  })
})

test('editors find the schemas that its files name', () => {
  for (const file of ['platform.yaml', 'services/gateway/application.yaml', 'services/audit/application.yaml']) {
    const [, schema] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(join(shop, file), 'utf8'))!
    expect(JSON.parse(readFileSync(join(shop, file, '..', schema!), 'utf8'))).toHaveProperty('properties')
  }
})

test('its types are sound, and a field that is renamed in a schema is a type error', async () => {
  const types = await npm(shop, 'run', 'types', '--workspaces')
  expect(types.code, types.said).toBe(0)
  const schema = join(shop, 'schemas/order-placed.avsc')
  const before = readFileSync(schema, 'utf8')
  await writeFile(schema, before.replace('"orderId"', '"id"'))
  expect((await evplat(['types'], { cwd: shop })).code).toBe(0)
  const renamed = await npm(shop, 'run', 'types', '--workspace', 'services/audit')
  await writeFile(schema, before)
  expect((await evplat(['types'], { cwd: shop })).code).toBe(0)
  expect(renamed.code).not.toBe(0)
  expect(renamed.said).toMatch(/src\/service\.test\.ts\(\d+,\d+\): error TS\d+: Property 'id' is missing/)
}, 120_000)

test('its own tests pass', async () => {
  const tested = await npm(shop, 'test')
  expect(tested.code, tested.said).toBe(0)
  expect(tested.said).toMatch(/pass 2\n/)
  expect(tested.said).toMatch(/pass 3\n/)
}, 180_000)

test('a service, a listener and a topic more: what is written compiles and passes its tests', async () => {
  for (const words of [
    ['topic', 'payments.settled', '--value', 'json'],
    ['service', 'billing', '--consumes', 'orders.placed', '--produces', 'payments.settled', '--http'],
    ['listener', 'payments.settled', '--service', 'audit'],
  ]) {
    const written = await evplat(['new', ...words], { cwd: shop })
    expect(written.code, written.stderr).toBe(0)
  }
  const installed = await npmInstall(shop)
  expect(installed.code, installed.said).toBe(0)
  for (const name of ['billing', 'audit'])
    for (const script of ['types', 'test']) {
      const ran = await npm(shop, 'run', script, '--workspace', `services/${name}`)
      expect(ran.code, ran.said).toBe(0)
    }
}, 180_000)

test('the first request is an event that the listener logs and shows', async () => {
  const [gateway, audit] = [await freePort(), await freePort()]
  const file = join(shop, 'platform.yaml')
  const yaml = readFileSync(file, 'utf8')
  await writeFile(file, yaml.replace('port: 8080', `port: ${gateway}`).replace('port: 8082', `port: ${audit}`))
  const dev = startEvplat(['dev'], { cwd: shop })
  const produce = (body: string, path = ''): Promise<Response> =>
    fetch(`http://localhost:${gateway}/api/produce${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    })
  const isUp = (): Promise<true | undefined> =>
    Promise.all([gateway, audit].map((port) => fetch(`http://localhost:${port}/actuator/health`))).then(
      (answers) => answers.every(({ ok }) => ok) || undefined,
      () => undefined,
    )
  expect(await waitFor(isUp, { timeoutMs: 120_000, everyMs: 200 }), dev.stdout() + dev.stderr()).toBe(true)
  const accepted = await produce('{"key": "value"}')
  const sent = (await accepted.json()) as object
  expect([accepted.status, sent]).toEqual([
    202,
    {
      topic: 'events',
      partition: expect.any(Number) as unknown,
      offset: 0,
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
      id: expect.any(String) as unknown,
    },
  ])
  const refused = await produce('{"orderId": 7}', '/orders.placed')
  expect([refused.status, refused.headers.get('content-type')]).toEqual([
    400,
    expect.stringMatching(/^application\/problem\+json/),
  ])
  await dev.until((stdout) => /^audit +\| .*received.*"?key"?.*value/m.test(stdout), 60_000)
  const shown = (await (await fetch(`http://localhost:${audit}/api/consumed`)).json()) as unknown
  expect(shown).toEqual([{ ...sent, key: null, event: { key: 'value' } }])
  dev.kill('SIGINT')
  expect((await dev.ended).code).toBe(130)
}, 240_000)
