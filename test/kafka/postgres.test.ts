// A real PostgreSQL beside Apache Kafka on the local JVM.
import { afterAll, describe, test } from 'vitest'
import * as scenarios from '../scenarios/postgres.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'
import { type Platform, removePlatforms } from '../support/platforms.ts'
import { missingPostgres } from '../support/postgres.ts'

const missing = missingForNative() ?? (await missingPostgres())

describe.skipIf(missing !== undefined)(`PostgreSQL beside Apache Kafka${skipNote(missing)}`, () => {
  let platform: Platform
  afterAll(removePlatforms)

  test('starts with a database for each service', async () => {
    platform = await scenarios.newShop('native')
    await scenarios.startsWithDatabases(platform)
  })
  test('is left alone by the next `up`', () => scenarios.isLeftAlone(platform))
  test('keeps its data, and is stopped beside its clients', () => scenarios.keepsItsData(platform))
  test('survives `kill -9`', () => scenarios.survivesKill(platform))
  test('keeps its secrets', () => scenarios.keepsItsSecrets(platform))
  test('goes with its passwords, and not without them', () => scenarios.goesWithItsSecrets(platform))
})
