// The driver of our own on the embedded broker.
import { describe, expect, test } from 'vitest'
import { ownDriver } from '../../../src/kafka/driver/own-driver.ts'
import { memoryBroker } from '../../support/memory-broker.ts'
import { reading } from './reading.ts'
import { writing } from './writing.ts'
import { World } from './world.ts'

describe.each(Object.entries({ ...reading, ...writing }))('%s', (_, scenario) => {
  test('own driver, embedded broker', async () => {
    const { bootstrap } = await memoryBroker()
    await scenario(await World.open(bootstrap, 2), ownDriver)
  })
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
