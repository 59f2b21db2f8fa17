// What the actuator answers to a seek, whatever becomes of it.
import { expect, test } from 'vitest'
import { listenerFacts, serveActuator } from '../../../test/service/actuator-server.ts'
import { EvplatError } from '../../core/errors.ts'
import type { SeekTo, Sought } from '../listeners/words.ts'
import type { ListenerFacts } from './ports.ts'

const path = '/actuator/listeners/orders/seek'

/** The actuator of a listener of `orders`; `seen` has what it was asked for. */
async function serve(seek: () => Promise<Sought>) {
  const seen: SeekTo[] = []
  const listeners: ListenerFacts = {
    ...listenerFacts([]),
    seek: (topic, to) => {
      if (topic !== 'orders') return undefined
      seen.push(to)
      return seek()
    },
  }
  return { ...(await serveActuator({ exposure: { include: ['*'] }, listeners })), seen }
}

const moved: Sought = { partitions: [{ partition: 1, offset: 7, isCommitted: true }], elsewhere: [0, 2] }

test.each([
  [{ to: 'earliest' }, { to: 'earliest' }],
  [
    { to: 'latest', partition: 1 },
    { to: 'latest', partition: 1 },
  ],
  [{ to: '2026-01-31T12:00:00Z' }, { to: Date.UTC(2026, 0, 31, 12) }],
  [{ to: '2026-01-31T12:00:00.250+02:00' }, { to: Date.UTC(2026, 0, 31, 10, 0, 0, 250) }],
  [
    { partition: 1, offset: 7 },
    { partition: 1, offset: 7 },
  ],
])('%j is done, and told', async (body, to) => {
  const { post, seen } = await serve(() => Promise.resolve(moved))
  const answer = await post(path, body)
  expect([answer.status, answer.body]).toEqual([
    200,
    { topic: 'orders', partitions: [{ partition: 1, offset: 7, committed: true }], elsewhere: [0, 2] },
  ])
  expect(seen).toEqual([to])
})

test.each([
  [undefined, 'the body has to be an object such as { "to": "earliest" }'],
  [['earliest'], 'the body has to be an object such as { "to": "earliest" }'],
  [{}, '"to" has to be earliest, latest, or a time with its zone, as 2026-01-31T12:00:00Z'],
  [{ to: 'first' }, '"to" has to be earliest, latest, or a time with its zone, as 2026-01-31T12:00:00Z'],
  [{ to: '2026-01-31T12:00' }, '"to" has to be earliest, latest, or a time with its zone, as 2026-01-31T12:00:00Z'],
  [{ to: '2026-13-31T12:00Z' }, '"to" has to be earliest, latest, or a time with its zone, as 2026-01-31T12:00:00Z'],
  [{ to: 'latest', partition: -1 }, '"partition" has to be a whole number from 0'],
  [{ offset: 7 }, '"offset" needs "partition"'],
  [{ partition: 1, offset: 1.5 }, '"offset" has to be a whole number from 0'],
  [{ to: 'latest', partition: 1, offset: 7 }, '"to" and "offset" can not be given together'],
  [{ to: 'latest', partitions: [1] }, '"partitions" is none of to, partition, offset'],
])('%j is refused', async (body, detail) => {
  const { post, seen } = await serve(() => Promise.resolve(moved))
  const answer = await post(path, body)
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect([answer.status, answer.body.detail]).toEqual([400, detail])
  expect(seen).toEqual([])
})

test.each([
  [new EvplatError('usage', 'topic "orders" has no partition 9: it has 3'), 400],
  [new EvplatError('broker-unreachable', 'no'), 503],
  [{ partitions: [], elsewhere: [0, 2] }, 409],
])('what can not be done is a problem', async (outcome, status) => {
  const { post } = await serve(() => (outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome)))
  const answer = await post(path, { to: 'earliest' })
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect([answer.status, answer.body.status]).toEqual([status, status])
  expect((await post('/actuator/listeners/none/seek', { to: 'earliest' })).status).toBe(404)
})
