import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startService } from 'evplat/testing'
import { service } from './service.ts'

const running = await startService(service)
after(() => running.stop())

function post(path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${running.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

test('any flat JSON object is an event', async () => {
  const answer = await post('/api/produce', { key: 'value' })
  assert.equal(answer.status, 202)
  const sent = (await answer.json()) as Record<string, unknown>
  assert.deepEqual(Object.keys(sent).toSorted(), ['id', 'offset', 'partition', 'timestamp', 'topic'])
  assert.equal(sent.topic, 'events')
})

test('an order goes with its schema', async () => {
  const placed = { orderId: 'order-1', placedAt: '2026-01-31T12:00:00.000Z', total: { minorUnits: 1999 } }
  const answer = await post('/api/produce/orders.placed', placed)
  assert.equal(answer.status, 202)
})

test('an order that does not is refused, and the answer says where', async () => {
  const answer = await post('/api/produce/orders.placed', { orderId: 7 })
  assert.equal(answer.status, 400)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
  assert.match(await answer.text(), /\/orderId/)
})
