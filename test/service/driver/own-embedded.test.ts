// The driver of our own on the embedded broker.
import { expect, test } from 'vitest'
import { createTopics } from '../../../src/kafka/admin/topics.ts'
import { Cluster } from '../../../src/kafka/cluster.ts'
import { ownDriver } from '../../../src/kafka/driver/own-driver.ts'
import { startEmbedded } from '../../../src/stack/embedded/start-embedded.ts'
import { embeddedPlace } from './places.ts'
import { onEmbedded } from './suite.ts'
import { World } from './world.ts'

test.each(Object.entries(onEmbedded))('%s', async (_, scenario) => {
  await scenario(await World.open(await embeddedPlace(), 2), ownDriver)
})

test('a broker that goes away is told once for each reason, however long it is away', async () => {
  const embedded = await startEmbedded()
  const told: string[] = []
  const settings = { bootstrap: [embedded.bootstrap] }
  const cluster = await Cluster.connect(settings)
  await createTopics(cluster, [{ name: 'orders', partitions: 1, replication: 1, configs: [] }], false)
  cluster.close()
  const producer = ownDriver.produce(settings, { deliveryMs: 2000, onTrouble: (message) => void told.push(message) })
  const record = { topic: 'orders', key: null, value: Buffer.from('x'), headers: [] }
  await producer.send(record)
  await embedded.close()
  await expect(producer.send(record)).rejects.toMatchObject({ code: 'broker-unreachable' })
  await producer.close(1000)
  expect(told.length).toBeGreaterThan(0)
  expect(told).toEqual([...new Set(told)])
})

test('without a broker a record is refused after its time, and a consumer stops', async () => {
  // nothing listens on port 1
  const nowhere = { bootstrap: ['127.0.0.1:1'] }
  const told: string[] = []
  const producer = ownDriver.produce(nowhere, { deliveryMs: 700, onTrouble: (message) => void told.push(message) })
  const record = { topic: 'orders', key: null, value: Buffer.from('x'), headers: [] }
  await expect(producer.send(record)).rejects.toMatchObject({ code: 'broker-unreachable' })
  expect(told).toHaveLength(1)
  expect(producer.pendingBytes).toBe(0)
  await producer.close(1000)
  const options = { group: 'g', topics: ['orders'], startFrom: 'earliest', sessionMs: 6000, rebalanceMs: 6000 } as const
  const nothing = (): void => undefined
  const sink = {
    assigned: nothing,
    records: nothing,
    revoked: () => Promise.resolve(),
    lost: nothing,
    trouble: nothing,
  }
  const consumer = ownDriver.consume(nowhere, options, sink)
  await consumer.stop(1000)
  await consumer.ended
})
