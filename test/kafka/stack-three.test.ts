// Three brokers: internal topics with three copies, one broker killed and brought back, all stopped together.
import { afterEach, describe, expect, test } from 'vitest'
import { readTopicShapes } from '../../src/kafka/admin/topics.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'
import { leftovers, newPlatform, removePlatforms } from '../support/platforms.ts'
import { readValues, withCluster, writeValues } from '../support/records.ts'

const missing = missingForNative()
afterEach(removePlatforms)

describe.skipIf(missing !== undefined)(`three brokers${skipNote(missing)}`, () => {
  test('with KRaft', async () => {
    const platform = await newPlatform({ kafka: 'version: "4.3", brokers: 3' })
    await platform.succeed('up')
    const { servers } = await platform.status()
    const kafka = servers[0]!
    expect(servers.map(({ name, state }) => [name, state])).toEqual([
      ['kafka', 'ready'],
      ['kafka-1', 'ready'],
      ['kafka-2', 'ready'],
      ['kafka-3', 'ready'],
      ['schema-registry', 'ready'],
    ])
    expect(kafka.endpoint).toBe(
      servers
        .slice(1, 4)
        .map(({ endpoint }) => endpoint)
        .join(','),
    )
    await writeValues(kafka.endpoint, 'orders', ['one'], 3)
    const shapes = await withCluster(kafka.endpoint, (cluster) => readTopicShapes(cluster, ['_schemas', 'orders']))
    expect([...shapes.values()].map(({ partitions }) => partitions[0]!.replicas.length)).toEqual([3, 3])

    process.kill(await platform.pidOf('kafka-2'), 'SIGKILL')
    await expect
      .poll(async () => (await platform.status()).servers[0], { timeout: 20_000 })
      .toMatchObject({
        name: 'kafka',
        state: 'failed',
        detail: expect.stringMatching(/^[0-2] of 3 brokers are ready$/),
      })
    // until it counts as gone, a client may be sent to it
    await expect
      .poll(() => withCluster(kafka.endpoint, async (cluster) => (await cluster.describe()).brokers.size), {
        timeout: 30_000,
      })
      .toBe(2)
    await writeValues(kafka.endpoint, 'orders', ['two'], 3)
    await platform.succeed('up')
    expect(await readValues(kafka.endpoint, 'orders')).toEqual(['one', 'two'])

    await platform.succeed('down')
    expect(await leftovers(platform)).toEqual([])
    await platform.succeed('up')
    expect(await readValues(kafka.endpoint, 'orders')).toEqual(['one', 'two'])
    await platform.succeed('down')
    expect(await leftovers(platform)).toEqual([])
  })
})
