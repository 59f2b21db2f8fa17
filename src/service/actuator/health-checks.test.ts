import { expect, test } from 'vitest'
import { listenerFacts } from '../../../test/service/actuator-server.ts'
import { consumerCheck, eventLoopCheck, listenersCheck, reachable } from './health-checks.ts'
import type { PartitionFacts } from './ports.ts'

const bounds = { joiningMs: 5000, maxLag: 100, stuckMs: 60_000, stalledMs: 30_000 }
const signal = new AbortController().signal
const partition = (changes: Partial<PartitionFacts> = {}): PartitionFacts => ({
  partition: 2,
  lag: 10,
  inWork: 1,
  oldestInWorkMs: 50,
  quietMs: 50,
  ...changes,
})
const member = { is: 'member', forMs: 1, wasMember: true } as const

async function problemsOf(
  changes: Partial<PartitionFacts>,
  state: Parameters<typeof listenerFacts>[1] = member,
  isPaused = false,
) {
  const facts = listenerFacts([{ topic: 'orders', isPaused, partitions: [partition(changes)] }], state)
  const { status, details } = await listenersCheck(facts, bounds).check(signal)
  expect(status).toBe(details?.['problems'] === undefined ? 'UP' : 'DOWN')
  return { problems: details?.['problems'] ?? [], liveness: (await consumerCheck(facts, bounds).check(signal)).status }
}

test.each([
  ['all goes well', {}, member, [], 'UP'],
  ['lag over its bound', { lag: 101 }, member, ['orders-2 has a lag of 101, more than 100'], 'UP'],
  ['lag at its bound', { lag: 100 }, member, [], 'UP'],
  ['lag not known yet', { lag: undefined }, member, [], 'UP'],
  [
    'a record that its dead letters do not take',
    { oldestInWorkMs: 60_001, blockedBy: 'topic "orders.billing.dlt" does not take the record' },
    member,
    ['orders-2 is stuck: a record is in work for 60001 ms: topic "orders.billing.dlt" does not take the record'],
    'UP',
  ],
  [
    'a stuck handler',
    { oldestInWorkMs: 60_001 },
    member,
    ['orders-2 is stuck: a record is in work for 60001 ms'],
    'UP',
  ],
  [
    'a stalled partition',
    { inWork: 0, quietMs: 30_001 },
    member,
    ['orders-2 is stalled: nothing came for 30001 ms'],
    'DOWN',
  ],
  ['quiet without lag', { lag: 0, inWork: 0, quietMs: 1e9 }, member, [], 'UP'],
  ['quiet with a record in work', { quietMs: 1e9 }, member, [], 'UP'],
  [
    'before the first assignment',
    {},
    { is: 'joining', forMs: 10, wasMember: false },
    ['not a member of group "shop.orders" for 10 ms'],
    'UP',
  ],
  ['a rebalance', {}, { is: 'joining', forMs: 5000, wasMember: true }, [], 'UP'],
  [
    'a long rebalance',
    {},
    { is: 'joining', forMs: 5001, wasMember: true },
    ['not a member of group "shop.orders" for 5001 ms'],
    'UP',
  ],
  [
    'a consumer that ended',
    {},
    { is: 'ended', forMs: 1, wasMember: true, error: 'topic gone' },
    ['the consumer has ended: topic gone'],
    'DOWN',
  ],
] as const)('listeners: %s', async (_what, changes, state, problems, liveness) => {
  expect(await problemsOf(changes, state)).toEqual({ problems, liveness })
})

test('a listener that was paused by hand is not stalled', async () => {
  expect(await problemsOf({ inWork: 0, quietMs: 1e9 }, member, true)).toEqual({ problems: [], liveness: 'UP' })
})

test('without bounds lag, work and silence may grow', async () => {
  const facts = listenerFacts([
    { topic: 'orders', isPaused: false, partitions: [partition({ lag: 1e9, oldestInWorkMs: 1e9 })] },
  ])
  expect((await listenersCheck(facts, { joiningMs: 0 }).check(signal)).status).toBe('UP')
})

test('a server that answers is UP with what it says; its error goes to who asks', async () => {
  expect(await reachable('kafka', async () => ({ brokers: 3 })).check(signal)).toEqual({
    status: 'UP',
    details: { brokers: 3 },
  })
  await expect(async () => reachable('kafka', () => Promise.reject(new Error('gone'))).check(signal)).rejects.toThrow(
    'gone',
  )
})

test('an event loop that is later than its bound is DOWN', () => {
  expect(eventLoopCheck(() => 1000.2, 1000).check(signal)).toMatchObject({ status: 'DOWN' })
  expect(eventLoopCheck(() => 1000, 1000).check(signal)).toMatchObject({ status: 'UP' })
})
