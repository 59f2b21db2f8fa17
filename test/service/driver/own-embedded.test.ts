// The driver of our own on the embedded broker.
import { describe, test } from 'vitest'
import { ownDriver } from '../../../src/kafka/driver/own-driver.ts'
import { memoryBroker } from '../../support/memory-broker.ts'
import { reading } from './reading.ts'
import { World } from './world.ts'

describe.each(Object.entries({ ...reading }))('%s', (_, scenario) => {
  test('own driver, embedded broker', async () => {
    const { bootstrap } = await memoryBroker()
    await scenario(await World.open(bootstrap, 2), ownDriver)
  })
})
