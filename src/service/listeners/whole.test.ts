// Listeners whole, on a real broker in this process: every record by its number, in the end and after a member has come and gone.
import { expect, onTestFinished, test } from 'vitest'
import { memoryBroker } from '../../../test/support/memory-broker.ts'
import { committedOffsets } from '../../kafka/admin/coordinator.ts'
import { createTopics } from '../../kafka/admin/topics.ts'
import { Cluster } from '../../kafka/cluster.ts'
import { Producer } from '../../kafka/write/producer.ts'
import { ownDriver } from '../../kafka/driver/own-driver.ts'
import type { DriverProducer } from '../../kafka/driver/port.ts'
import { systemClock } from '../clock.ts'
import { type RunningListeners, startListeners } from './start-listeners.ts'
import type { ListenersOptions } from './words.ts'

const count = 3000
const failures = { attempts: 3, retryMs: [200], then: 'dlt' as const }

test('1 % poison and 5 % passing failures, while a second member comes and the first one goes', async () => {
  const { bootstrap } = await memoryBroker()
  const cluster = await Cluster.connect({ bootstrap: [bootstrap] })
  onTestFinished(() => cluster.close())
  const names = ['orders', 'orders.billing.retry.200ms', 'orders.billing.dlt']
  await createTopics(
    cluster,
    names.map((name) => ({ name, partitions: 4, replication: 1, configs: [] })),
    false,
  )
  const producer = ownDriver.produce(
    { bootstrap: [bootstrap] },
    { deliveryMs: 10_000, onTrouble: (message) => told.push(message) },
  )
  onTestFinished(() => producer.close(1000))
  const dead: string[] = []
  const counted: DriverProducer = {
    pendingBytes: 0,
    close: () => Promise.resolve(),
    send: async (record) => {
      const placed = await producer.send(record)
      if (record.topic.endsWith('.dlt')) dead.push(`${record.value}`)
      return placed
    },
  }
  const handled = new Map<string, number>()
  const failedOnce = new Set<string>()
  const order = new Map<string, number>()
  const told: string[] = []
  const definition = {
    topic: 'orders',
    concurrency: { by: 'key' as const, max: 20 },
    handle: async (event: unknown, { attempt }: { attempt: number }): Promise<void> => {
      const n = Number(event)
      await Promise.resolve()
      if (n % 20 === 7 && attempt === 1) {
        failedOnce.add(String(n))
        throw new Error('not now')
      }
      if (attempt === 1 && !handled.has(String(n))) {
        const key = String(n % 50)
        if ((order.get(key) ?? -1) > n) told.push(`${n} came after ${order.get(key)}`)
        order.set(key, n)
      }
      handled.set(String(n), (handled.get(String(n)) ?? 0) + 1)
    },
  }
  const writer = await Producer.open(cluster, 'orders')
  for (let n = 0; n < count; n++) {
    const key = Buffer.from(String(n % 50))
    const value = Buffer.from(n % 100 === 3 ? `poison ${n}` : String(n))
    writer.add({ key, value, headers: [], timestamp: Date.now() }, writer.partitionFor(key), n)
  }
  const first = join(bootstrap, counted, definition, told)
  onTestFinished(() => first.stop(1000))
  await writer.flush()
  const second = join(bootstrap, counted, definition, told)
  onTestFinished(() => second.stop(1000))
  await expect.poll(() => second.numbers().length, { timeout: 20_000 }).toBeGreaterThan(0)
  await first.stop(10_000)
  const poison = Array.from({ length: count }, (_, n) => n).filter((n) => n % 100 === 3)
  await expect
    .poll(() => ({ accounted: handled.size + new Set(dead).size, told, left: second.numbers() }), { timeout: 15_000 })
    .toMatchObject({ accounted: count })
  await second.stop(10_000)
  expect(new Set(dead)).toEqual(new Set(poison.map((n) => `poison ${n}`)))
  expect(failedOnce.size).toBe(count / 20)
  // what was done is committed whenever a partition is let go of: nothing is handled twice
  expect([...handled].filter(([, times]) => times > 1)).toEqual([])
  expect(told).toEqual([])
  const committed = (await committedOffsets(cluster, 'billing')).filter(({ topic }) => topic === 'orders')
  expect(committed.reduce((sum, each) => sum + each.committed, 0)).toBe(count)
}, 60_000)

function join(
  bootstrap: string,
  producer: DriverProducer,
  definition: ListenersOptions['definitions'][number],
  told: string[],
): RunningListeners {
  return startListeners({
    driver: ownDriver,
    producer,
    settings: { bootstrap: [bootstrap] },
    service: { name: 'billing', group: 'billing', failures },
    definitions: [definition],
    decode: (record) => {
      const event = `${record.value}`
      return Promise.resolve(
        event.startsWith('poison')
          ? { kind: 'poison', error: new TypeError('not readable') }
          : { kind: 'event', key: null, event },
      )
    },
    tell: (event) => {
      if (['trouble', 'lost', 'commit-failed', 'abandoned', 'stalled'].includes(event.kind))
        told.push(JSON.stringify(event))
    },
    clock: systemClock,
    limits: { waitingRecords: 200, gap: 100, commitMs: 100, sessionMs: 6000, rebalanceMs: 20_000 },
  })
}
