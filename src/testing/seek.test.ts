// A seek of a whole service: by its actuator, and by a test of its author.
import { tmpdir } from 'node:os'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { defineService } from '../service/define-service.ts'
import type { Topic } from '../service/definition.ts'
import { startService } from './start-service.ts'

const json = { kind: 'json' } as const
const orders: Topic<unknown, { readonly n: number }> = { key: json, value: json, produced: false, consumed: true }

async function started(port: Readonly<Record<string, string>> = {}) {
  const seen: number[] = []
  const definition = defineService({
    service: { name: 'audit', group: 'audit' },
    topics: { orders },
    listeners: { orders: { handle: ({ n }) => seen.push(n), concurrency: { by: 'key', max: 4 } } },
  })
  const folder = mkdtempSync(join(tmpdir(), 'evplat-seek-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const settings = { 'management.endpoints.web.exposure.include': '*', ...port }
  const running = await startService(definition, { folder, settings, partitions: 1 })
  onTestFinished(() => running.stop())
  for (const n of [1, 2, 3]) await running.send('orders', { n })
  await running.handled('orders', 3)
  return { running, seen }
}

test('the actuator lets it handle again what it has handled', async () => {
  const { running, seen } = await started()
  const seek = (body: string): Promise<Response> =>
    fetch(`${running.url}/actuator/listeners/orders/seek`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    })
  const answer = await seek('{ "partition": 0, "offset": 1 }')
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { topic: 'orders', partitions: [{ partition: 0, offset: 1, committed: true }], elsewhere: [] },
  ])
  await running.handled('orders', 5)
  expect(seen).toEqual([1, 2, 3, 2, 3])
  expect(running.log.filter((line) => line.includes('reads on from another place'))).toHaveLength(1)
  const beyond = await seek('{ "partition": 0, "offset": 9 }')
  expect([beyond.status, await beyond.json()]).toMatchObject([
    400,
    { detail: 'partition 0 of "orders" has offsets from 0 to 3, not 9' },
  ])
})

test('a test lets it go back, and an end that is there is the end', async () => {
  const { running, seen } = await started()
  await running.seek('orders', 'earliest')
  await running.handled('orders', 6)
  await running.seek('orders', new Date(Date.now() + 60_000))
  await running.send('orders', { n: 4 })
  await running.handled('orders', 7)
  expect(seen).toEqual([1, 2, 3, 1, 2, 3, 4])
  await expect(running.seek('order', 'earliest')).rejects.toThrow('the service does not listen to "order"')
})

test('what is no JSON is a problem on a port of its own, too', async () => {
  const { running } = await started({ 'management.server.port': '0' })
  const url = /managementUrl=(\S+)/.exec(running.log.join(''))![1]!
  const answer = await fetch(`${url}/actuator/listeners/orders/seek`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{',
  })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    400,
    expect.stringMatching(/^application\/problem\+json/),
  ])
})
