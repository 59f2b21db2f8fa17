// A real PostgreSQL beside the embedded broker; its binaries are fetched by npm once. test/kafka has the same beside Apache Kafka.
import { afterAll, describe, expect, test } from 'vitest'
import * as scenarios from '../scenarios/postgres.ts'
import { skipNote } from '../support/native-runtime.ts'
import { type Platform, newPlatform, removePlatforms } from '../support/platforms.ts'
import { askSql, missingPostgres } from '../support/postgres.ts'

const missing = await missingPostgres()

describe.skipIf(missing !== undefined)(`PostgreSQL beside the embedded broker${skipNote(missing)}`, () => {
  let platform: Platform
  afterAll(removePlatforms)

  test('starts with a database for each service', async () => {
    platform = await scenarios.newShop('embedded')
    await scenarios.startsWithDatabases(platform)
  })
  test('is left alone by the next `up`', () => scenarios.isLeftAlone(platform))
  test('keeps its data, and is stopped beside its clients', () => scenarios.keepsItsData(platform))
  test('survives `kill -9`', () => scenarios.survivesKill(platform))
  test('tells what it refuses', () => scenarios.tellsRefusals(platform))
  test('keeps its secrets', () => scenarios.keepsItsSecrets(platform))
  test('goes with its passwords, and not without them', () => scenarios.goesWithItsSecrets(platform))

  test('two platforms have one each, and by themselves where they are asked for by name', async () => {
    const both = await Promise.all([scenarios.newShop('embedded'), scenarios.newShop('embedded')])
    await Promise.all(both.map((one) => one.succeed('up', 'postgres')))
    for (const one of both) {
      const states = (await one.status()).servers.map(({ name, state }) => [name, state])
      expect(Object.fromEntries(states)).toMatchObject({ kafka: 'stopped', postgres: 'ready' })
      await askSql(await scenarios.urlOf(one, 'orders'), 'create table once (id int)')
    }
    await Promise.all(both.map((one) => one.succeed('down', '--volumes', '--yes')))
  })

  test('there is none where no service asks for one', async () => {
    const plain = await newPlatform({ runtime: 'embedded' })
    await plain.succeed('up')
    expect((await plain.status()).servers.map(({ name }) => name)).toEqual(['kafka', 'schema-registry', 'faults'])
  })
})
