// Dead letters on a real broker, whose topic does not take every record.
import { expect, onTestFinished, test } from 'vitest'
import { memoryBroker } from '../../../test/support/memory-broker.ts'
import { alterTopicConfigs } from '../../kafka/admin/configs.ts'
import { createTopics } from '../../kafka/admin/topics.ts'
import { Cluster } from '../../kafka/cluster.ts'
import { ownDriver } from '../../kafka/driver/own-driver.ts'
import { systemClock } from '../clock.ts'
import { startListeners } from './start-listeners.ts'

const deadLetters = 'orders.billing.dlt'
const patient = { timeout: 15_000 }

test('a record that its dead letters are too small for keeps its bytes and its partition, until they take it', async () => {
  const { bootstrap } = await memoryBroker()
  const settings = { bootstrap: [bootstrap] }
  const cluster = await Cluster.connect(settings)
  onTestFinished(() => cluster.close())
  const topic = (name: string, size: number) =>
    ({ name, partitions: 1, replication: 1, configs: [['max.message.bytes', `${size}`]] }) as const
  await createTopics(cluster, [topic('orders', 100_000), topic(deadLetters, 3000)], false)
  const producer = ownDriver.produce(settings, { deliveryMs: 10_000, onTrouble: () => undefined })
  onTestFinished(() => producer.close(1000))
  const told: string[] = []
  const running = startListeners({
    driver: ownDriver,
    producer,
    settings,
    service: { name: 'billing', group: 'billing', failures: { attempts: 1, retryMs: [], then: 'dlt' } },
    definitions: [
      {
        topic: 'orders',
        handle: () => {
          throw new Error('no '.repeat(300))
        },
      },
    ],
    decode: () => Promise.resolve({ kind: 'event', key: null, event: 1 }),
    tell: (event) => void ('offset' in event && told.push(`${event.kind} ${event.offset}`)),
    clock: systemClock,
    random: () => 0,
  })
  onTestFinished(() => running.stop(5000))
  // the first fits when the text of its error is left out, the second does not
  for (const size of [2500, 5000])
    await producer.send({ topic: 'orders', key: null, value: Buffer.alloc(size, 'x'), headers: [] })
  await expect
    .poll(() => running.numbers()[0], patient)
    .toMatchObject({
      blockedBy: `topic "${deadLetters}" does not take the record`,
      deadLetters: 1,
      lag: 1,
    })
  expect(told).toEqual(expect.arrayContaining(['failed 0', 'moved 0', 'failed 1', 'not-sent 1']))
  expect(told).not.toContain('moved 1')
  await alterTopicConfigs(cluster, [{ name: deadLetters, set: [['max.message.bytes', '100000']] }], false)
  await expect.poll(() => running.numbers()[0], patient).toMatchObject({ blockedBy: undefined, deadLetters: 2, lag: 0 })
}, 40_000)
