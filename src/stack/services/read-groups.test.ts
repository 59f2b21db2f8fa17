import { expect, onTestFinished, test } from 'vitest'
import { coordinatorOf } from '../../kafka/admin/coordinator.ts'
import { createTopics } from '../../kafka/admin/topics.ts'
import { Cluster } from '../../kafka/cluster.ts'
import { ownDriver } from '../../kafka/driver/own-driver.ts'
import type { DriverConsumer, Offsets, TopicPartitions } from '../../kafka/driver/port.ts'
import { writeValues } from '../../../test/support/records.ts'
import { type Embedded, startEmbedded } from '../embedded/start-embedded.ts'
import type { StackStatus } from '../status.ts'
import { type GroupedService, readGroups } from './read-groups.ts'
import { withServices } from './read-services.ts'

const never = new AbortController().signal
const retry = 'orders.bills.retry.10s'
const billing: GroupedService = {
  name: 'billing',
  group: 'bills',
  consumes: ['orders'],
  failures: { attempts: 2, retryMs: [10_000], then: 'dlt' },
}

async function startWorld(): Promise<{ embedded: Embedded; cluster: Cluster }> {
  const embedded = await startEmbedded()
  onTestFinished(() => embedded.close())
  const cluster = await Cluster.connect({ bootstrap: [embedded.bootstrap] })
  onTestFinished(() => cluster.close())
  const topic = (name: string, partitions: number) => ({ name, partitions, replication: 1, configs: [] })
  await createTopics(cluster, [topic('orders', 2), topic(retry, 1), topic('old', 1)], false)
  return { embedded, cluster }
}

/** A member of the group; resolves when it has all partitions of its topics. */
async function join({ bootstrap }: Embedded, topics: readonly string[]): Promise<DriverConsumer> {
  let has = (_: TopicPartitions): void => undefined
  const assigned = new Promise<TopicPartitions>((resolve) => {
    has = resolve
  })
  const consumer = ownDriver.consume(
    { bootstrap: [bootstrap] },
    { group: 'bills', topics, startFrom: 'earliest', sessionMs: 10_000, rebalanceMs: 10_000 },
    {
      assigned: has,
      records: () => undefined,
      revoked: () => Promise.resolve(),
      lost: () => undefined,
      trouble: () => undefined,
    },
  )
  onTestFinished(() => consumer.stop(5000))
  await assigned
  return consumer
}

test('a group that was never there has no members, and nobody asks for its coordinator', async () => {
  const { embedded, cluster } = await startWorld()
  embedded.faults.add({ match: { api: 'FindCoordinator' }, do: 'delay', value: 1 })
  const nothing = { members: 0, isRebalancing: false, unassigned: new Map([['orders', [0, 1]]]) }
  const declared = [billing, { name: 'shop', group: 'shop', consumes: [] }]
  expect(await readGroups(cluster, declared)).toEqual(new Map([['billing', { ...nothing, lag: 0 }]]))
  await writeValues(embedded.bootstrap, 'orders', ['one'])
  expect(await readGroups(cluster, declared)).toEqual(new Map([['billing', { ...nothing, lag: undefined }]]))
  const met = (): number => embedded.faults.list()[0]!.met
  expect(met()).toBe(0)
  await coordinatorOf(cluster, 'bills')
  expect(met()).toBe(1)
})

test('lag is what waits in the topics that are consumed and in their retry topics, not in those of before', async () => {
  const { embedded, cluster } = await startWorld()
  for (const topic of ['orders', retry, 'old'])
    await writeValues(embedded.bootstrap, topic, ['one', 'two', 'three', 'four'])
  const consumer = await join(embedded, ['orders', retry, 'old'])
  const committed = { members: 1, isRebalancing: false, unassigned: new Map() }
  const toStart: Offsets = new Map([
    ['orders', new Map([0, 1].map((partition) => [partition, 0]))],
    [retry, new Map([[0, 3]])],
    ['old', new Map([[0, 0]])],
  ])
  expect(await consumer.commit(toStart, never)).toBe(true)
  expect(await readGroups(cluster, [billing])).toEqual(new Map([['billing', { ...committed, lag: 5 }]]))
  const ahead = { ...billing, consumes: ['orders', 'not.there'] }
  expect((await readGroups(cluster, [ahead])).get('billing')).toEqual({ ...committed, lag: 5 })
  await consumer.stop(5000)
  const left = { members: 0, isRebalancing: false, lag: 5, unassigned: new Map([['orders', [0, 1]]]) }
  expect((await readGroups(cluster, [billing])).get('billing')).toEqual(left)
})

test('a Kafka that does not tell is waited for so long, and one that is not ready is not asked', async () => {
  const { embedded } = await startWorld()
  const at = { file: 'platform.yaml', line: 1, column: 1 }
  const service = { ...billing, at, dir: 'services/billing', produces: [] }
  const stack = (state: 'ready' | 'starting'): StackStatus => ({
    runtime: 'embedded',
    servers: [{ name: 'kafka', endpoint: embedded.bootstrap, state }],
    services: [],
  })
  const told = async (state: 'ready' | 'starting') => (await withServices(stack(state), [service], never)).services[0]
  expect(await told('ready')).toMatchObject({ state: 'stopped', members: 0, lag: 0 })
  const rule = embedded.faults.add({ match: { api: 'ListGroups' }, do: 'drop' })
  const untold = {
    name: 'billing',
    endpoint: '',
    state: 'stopped',
    group: 'bills',
    detail: 'it has no port, and Kafka does not tell of its group',
  }
  expect(await told('ready')).toEqual(untold)
  embedded.faults.remove(rule.id)
  expect(await told('starting')).toEqual(untold)
})
