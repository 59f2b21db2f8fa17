// `evplat new tracing` in a platform as `init` writes it: what it adds compiles, and its spans reach a collector.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { plainEnv, script, startEvplat } from '../support/evplat.ts'
import { freePort } from '../support/free-port.ts'
import { npm, npmInstall } from '../support/npm.ts'
import { type OtlpReceiver, otlpReceiver } from '../support/otlp-receiver.ts'

const root = mkdtempSync(join(tmpdir(), 'evplat-tracing-'))
const shop = join(root, 'shop')
let collector: OtlpReceiver

function evplatIn(cwd: string, args: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(process.execPath, [script, ...args], { cwd, env: plainEnv(), encoding: 'utf8' })
}

beforeAll(async () => {
  collector = await otlpReceiver()
  for (const [cwd, ...words] of [
    [root, 'init', 'shop', '--yes', '--ports', 'auto'],
    [shop, 'new', 'tracing', 'gateway'],
    [shop, 'new', 'tracing', 'audit'],
  ]) {
    const ran = evplatIn(cwd!, words)
    expect(ran.status, ran.stderr).toBe(0)
  }
  const installed = await npmInstall(shop)
  expect(installed.code, installed.said).toBe(0)
}, 180_000)
afterAll(async () => {
  evplatIn(shop, ['down', '--volumes', '--yes'])
  await collector.close()
  rmSync(root, { recursive: true, force: true })
})

test('what is written compiles, and the tests of the services pass with it', async () => {
  for (const args of [['run', 'types', '--workspaces'], ['test']]) {
    const ran = await npm(shop, ...args)
    expect(ran.code, ran.said).toBe(0)
  }
}, 180_000)

test('a request, what it sends and the listener of it are spans of one trace', async () => {
  const [gateway, audit] = [await freePort(), await freePort()]
  const file = join(shop, 'platform.yaml')
  const yaml = readFileSync(file, 'utf8')
  writeFileSync(file, yaml.replace('port: 8080', `port: ${gateway}`).replace('port: 8082', `port: ${audit}`))
  const dev = startEvplat(['dev'], { cwd: shop, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
  const post = (): Promise<true | undefined> =>
    fetch(`http://localhost:${gateway}/api/produce`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"key": "value"}',
    }).then(
      ({ status }) => status === 202 || undefined,
      () => undefined,
    )
  expect(await waitFor(post, { timeoutMs: 120_000, everyMs: 500 }), dev.stdout() + dev.stderr()).toBe(true)
  await dev.until((stdout) => /^audit +\| .*received/m.test(stdout), 60_000)
  // the last spans are sent when the services end, far before the SDK would
  dev.kill('SIGINT')
  expect((await dev.ended).code).toBe(130)
  const named = (name: string): object | undefined => collector.spans().findLast((span) => span.name === name)
  const request = collector.spans().findLast(({ name }) => name === 'POST /api/produce')!
  const { traceId } = request
  const send = collector.spans().find((span) => span.name === 'send events' && span.traceId === traceId)!
  expect(request).toMatchObject({ service: 'gateway', name: 'POST /api/produce' })
  expect(send).toMatchObject({ service: 'gateway', parentSpanId: request.spanId })
  expect(named('process events')).toMatchObject({ service: 'audit', traceId, parentSpanId: send.spanId })
}, 240_000)

test('a service ends in order where nobody takes its spans', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` }
  const dev = startEvplat(['dev', 'audit'], { cwd: shop, env })
  await dev.until((stdout) => stdout.includes('partitions assigned'), 120_000)
  const [, url] = /has started {2}url=(\S+)/.exec(dev.stdout())!
  expect((await fetch(`${url}/api/consumed`)).status).toBe(200)
  dev.kill('SIGINT')
  const { stdout } = await dev.ended
  expect(stdout).toMatch(/^audit +\| .* WARN +app +the last spans were not sent/m)
  expect(stdout).not.toContain('a step of the shutdown did not end well')
}, 240_000)
