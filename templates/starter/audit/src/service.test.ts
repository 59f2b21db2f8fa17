import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startService } from 'evplat/testing'
import type { Consumed } from './consumed.ts'
import { service } from './service.ts'

const running = await startService(service, { partitions: 1 })
after(() => running.stop())

async function latest(): Promise<Consumed[]> {
  const answer = await fetch(`${running.url}/api/consumed`)
  return (await answer.json()) as Consumed[]
}

test('an event that was handled is shown', async () => {
  await running.send('events', { key: 'value' }, { key: 'event-1' })
  await running.handled('events')
  const [newest] = await latest()
  assert.deepEqual([newest?.topic, newest?.key, newest?.event], ['events', 'event-1', { key: 'value' }])
})

test('what is no event is kept as a dead letter, and what follows is handled', async () => {
  await running.sendBytes('orders.placed', { value: Buffer.from('no Avro') })
  const placed = { orderId: 'order-1', placedAt: '2026-01-31T12:00:00.000Z', total: { minorUnits: 1999 } }
  await running.send('orders.placed', placed)
  await running.handled('orders.placed', 2)
  assert.equal((await running.deadLetters('orders.placed'))[0]?.value?.toString(), 'no Avro')
  const [newest] = await latest()
  assert.deepEqual(newest?.event, { ...placed, total: { minorUnits: 1999, currency: 'EUR' }, note: null })
})
