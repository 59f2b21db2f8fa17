// What other brokers of this kind got wrong about topics and their configs.
import { expect, test } from 'vitest'
import { errorName } from '../../src/protocol/error-table.ts'
import { metadata } from '../../src/protocol/messages/metadata.ts'
import { get } from '../differential/data-requests.ts'
import { create, describe, grow, kinds, remove, topic } from '../differential/requests.ts'
import { send } from '../differential/scenario.ts'
import { memoryBroker, wireTo } from '../support/memory-broker.ts'
import { fetchedError, tell, told, withOrders } from './stage.ts'

test('CreatePartitions has a result for each topic, those that it refuses among them', async () => {
  const { wire } = await withOrders()
  for (const version of [0, 1, 2, 3]) {
    const results = await told<{ name: string; errorCode: number }[]>(
      wire,
      grow(version, [
        ['orders', version + 2],
        ['nowhere', 2],
      ]),
      'results',
    )
    expect(Object.fromEntries(results.map(({ name, errorCode }) => [name, errorName(errorCode)]))).toEqual({
      nowhere: 'UNKNOWN_TOPIC_OR_PARTITION',
      orders: 'NONE',
    })
  }
  expect(await told(wire, send(metadata, 1, { topics: [{ name: 'orders' }] }), 'topics.0.partitions')).toHaveLength(5)
})

test('DescribeConfigs tells every config with its default, not only those that were set', async () => {
  const { wire } = await withOrders([['retention.ms', '1000']])
  type Config = { name: string; value: string | null; configSource: number; isDefault?: boolean }
  const configs = await told<Config[]>(wire, describe(4, [[kinds.topic, 'orders']]), 'results.0.configs')
  const byName = new Map(configs.map((config) => [config.name, config]))
  expect(configs.length).toBeGreaterThan(25)
  expect(byName.get('retention.ms')).toMatchObject({ value: '1000', configSource: 1 })
  expect(byName.get('cleanup.policy')).toMatchObject({ value: 'delete', configSource: 5 })
  expect(byName.get('max.message.bytes')).toMatchObject({ value: '1048588', configSource: 5 })
  const broker = await told<Config[]>(wire, describe(4, [[kinds.broker, '1']]), 'results.0.configs')
  expect(broker.find(({ name }) => name === 'num.partitions')).toMatchObject({ value: '1', configSource: 5 })
})

test('Metadata creates a topic that is not there, where client and broker allow it', async () => {
  const asking = (name: string, allowAutoTopicCreation: boolean, version = 9) =>
    send(metadata, version, { topics: [{ name }], ...(version >= 4 && { allowAutoTopicCreation }) })
  const wire = await wireTo(await memoryBroker({ configs: { 'num.partitions': '3' } }))
  expect(await tell(wire, asking('a', false))).toMatchObject({ topics: [{ errorCode: 3, partitions: [] }] })
  for (const step of [asking('a', true), asking('b', true, 1)]) {
    const partitions = await told<unknown[]>(wire, step, 'topics.0.partitions')
    expect(partitions.length === 3 || partitions).toBe(true)
  }
  expect(await tell(wire, asking('no/name', true))).toMatchObject({ topics: [{ errorCode: 17 }] })
  const closed = await wireTo(await memoryBroker({ configs: { 'auto.create.topics.enable': 'false' } }))
  expect(await tell(closed, asking('a', true))).toMatchObject({ topics: [{ errorCode: 3 }] })
})

test('a fetch by the id of a topic that was deleted and made anew is told so; no session remembers the old one', async () => {
  const { wire } = await withOrders()
  const idOf = () => told<string>(wire, send(metadata, 12, { topics: [{ name: 'orders' }] }), 'topics.0.topicId')
  const before = await idOf()
  const opening = get([[before, [0, 0n]]], { version: 13, sessionEpoch: 0 })
  expect(await tell(wire, opening)).toMatchObject({ errorCode: 0, sessionId: 0 })
  await tell(wire, remove(6, 'orders'))
  await tell(wire, create(7, [topic('orders')]))
  const after = await idOf()
  expect(after).not.toBe(before)
  expect(errorName(await told<number>(wire, opening, fetchedError))).toBe('UNKNOWN_TOPIC_ID')
  expect(await told(wire, get([[after, [0, 0n]]], { version: 13 }), fetchedError)).toBe(0)
  const going = get([], { version: 13, sessionId: 1, sessionEpoch: 1 })
  expect(errorName(await told<number>(wire, going, 'errorCode'))).toBe('FETCH_SESSION_ID_NOT_FOUND')
})
