// What a new user does: init, dev, the request of the README, the log, the endpoint; then the tests that were generated.
import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { plainEnv } from '../support/evplat.ts'
import { type Running, answers, leftovers, newStarter, processesOf, removePlatforms } from '../support/platforms.ts'

afterAll(removePlatforms)

const posted = '{"key": "value"}'
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

interface Consumed {
  readonly topic: string
  readonly event: unknown
  readonly id: string
}

async function post(url: string, body: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(30_000) })
}

const hasStarted = (dev: Running, service: string): Promise<void> =>
  dev.printed(new RegExp(`${service} *\\| .*${service} has started`))

test('a new platform: an event goes in at one service and comes out at the other; its own tests pass', async () => {
  const shop = await newStarter()
  const dev = shop.start('dev')
  await Promise.all([hasStarted(dev, 'gateway'), hasStarted(dev, 'audit')])

  const answer = await post('http://localhost:8080/api/produce', posted)
  expect(answer.status).toBe(202)
  const sent = (await answer.json()) as Record<string, unknown>
  expect(sent).toEqual({
    topic: 'events',
    partition: expect.any(Number),
    offset: 0,
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    id: expect.stringMatching(/^[\da-f-]{36}$/),
  })
  await dev.printed(/audit *\| .*received.*"?key"?[:=]"?value/)
  const consumed = await waitFor(
    async () => {
      const all = (await (await fetch('http://localhost:8082/api/consumed')).json()) as Consumed[]
      return all.length > 0 ? all : undefined
    },
    { timeoutMs: 10_000 },
  )
  expect(consumed).toMatchObject([{ topic: 'events', event: { key: 'value' }, id: sent['id'] }])

  const refused = await post('http://localhost:8080/api/produce/orders.placed', '{"orderId": 7}')
  expect([refused.status, refused.headers.get('content-type')]).toEqual([
    400,
    expect.stringMatching(/^application\/problem\+json/),
  ])
  expect(await (await fetch('http://localhost:8082/actuator/health')).json()).toMatchObject({ status: 'UP' })

  // a field is renamed: the code that reads the old one no longer compiles
  const schema = join(shop.folder, 'schemas/order-placed.avsc')
  await writeFile(schema, (await readFile(schema, 'utf8')).replace('"orderId"', '"orderNumber"'))
  expect((await shop.run('types')).code).toBe(0)
  const checked = spawnSync(npm, ['run', 'types', '--workspaces', '--silent'], {
    cwd: shop.folder,
    encoding: 'utf8',
    env: plainEnv(),
  })
  expect(checked.stdout).toContain("'orderId' does not exist")
  await writeFile(schema, (await readFile(schema, 'utf8')).replace('"orderNumber"', '"orderId"'))

  dev.kill('SIGINT')
  expect(await dev.ended).toMatchObject({ code: 130 })
  expect(await answers(8080)).toBe(false)
  expect(processesOf(shop.folder)).toEqual([])
  expect(await leftovers(shop)).toEqual([])

  expect((await shop.run('types')).code).toBe(0)
  for (const script of ['types', 'test']) {
    const ran = spawnSync(npm, ['run', script, '--workspaces', '--silent'], {
      cwd: shop.folder,
      encoding: 'utf8',
      env: plainEnv(),
    })
    expect(ran.status, ran.stdout + ran.stderr).toBe(0)
  }
}, 300_000)
