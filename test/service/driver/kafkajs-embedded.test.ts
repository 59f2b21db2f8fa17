// What kafkajs does of what services need of a driver, and what it fails: the table of docs/decisions/0009-service-kafka-driver.md.
import { describe, test } from 'vitest'
import { kafkajsDriver } from './kafkajs-driver.ts'
import { embeddedPlace } from './places.ts'
import { onEmbedded } from './suite.ts'
import { World } from './world.ts'

const isWanted = process.env['EVPLAT_KAFKAJS'] === '1'

describe.skipIf(!isWanted)(`kafkajs${isWanted ? '' : ' (skipped: it fails slowly; EVPLAT_KAFKAJS=1 runs it)'}`, () => {
  test.each(Object.entries(onEmbedded))(
    '%s',
    async (_, scenario) => {
      await scenario(await World.open(await embeddedPlace(), 2), kafkajsDriver)
    },
    25_000,
  )
})
