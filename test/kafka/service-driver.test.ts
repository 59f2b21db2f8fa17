// The driver of services on Apache Kafka 3.9: the scenarios of test/service/driver that need no fault rules.
import { afterAll, beforeAll, describe, test } from 'vitest'
import { ownDriver } from '../../src/kafka/driver/own-driver.ts'
import { kafkaPlace } from '../service/driver/places.ts'
import { everywhere } from '../service/driver/suite.ts'
import { World } from '../service/driver/world.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'

const missing = missingForNative()

describe.skipIf(missing !== undefined)(`own driver, Apache Kafka 3.9${skipNote(missing)}`, () => {
  let place: Awaited<ReturnType<typeof kafkaPlace>> | undefined
  beforeAll(async () => {
    place = await kafkaPlace()
  })
  afterAll(() => place?.close())

  test.each(Object.entries(everywhere))('%s', async (_, scenario) => {
    await scenario(await World.open(place!, 2), ownDriver)
  })
})
