// What a producer promises: places, order, and that a record that fails takes no others with it.
import { expect, onTestFinished } from 'vitest'
import { createPartitions } from '../../../src/kafka/admin/topics.ts'
import type { KafkaDriver, OutRecord } from '../../../src/kafka/driver/port.ts'
import { type World, numbered } from './world.ts'

const trouble: string[] = []
export const text = (topic: string, value: string, more: Partial<OutRecord> = {}): OutRecord => ({
  topic,
  key: null,
  value: Buffer.from(value),
  headers: [],
  ...more,
})

export function open(world: World, driver: KafkaDriver, deliveryMs = 20_000): ReturnType<KafkaDriver['produce']> {
  const options = { deliveryMs, onTrouble: (message: string) => void trouble.push(message) }
  const producer = driver.produce({ bootstrap: [world.bootstrap] }, options)
  onTestFinished(() => producer.close(2000))
  return producer
}

export const writing: Readonly<Record<string, (world: World, driver: KafkaDriver) => Promise<void>>> = {
  'keeps the order of concurrent sends, and tells offsets and timestamps': async (world, driver) => {
    const producer = open(world, driver)
    const placed = await Promise.all(
      numbered(500).map((n) => producer.send(text(world.topic, n, { partition: 1, timestamp: 1000 + Number(n) }))),
    )
    expect(placed).toEqual(
      numbered(500).map((n) => ({ topic: world.topic, partition: 1, offset: Number(n), timestamp: 1000 + Number(n) })),
    )
    expect(producer.pendingBytes).toBe(0)
    await world.consume(driver).sees(numbered(500), 1)
  },
  'places keys as the default partitioner of Java does': async (world, driver) => {
    const producer = open(world, driver)
    // murmur2 of Java's own tests: -973932308, -790332482, -1486304829, -58897971
    const keys = ['21', 'foobar', 'a-little-bit-longer-string', 'lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8']
    const placed = await Promise.all(
      keys.map((key) => producer.send(text(world.topic, key, { key: Buffer.from(key) }))),
    )
    expect(placed.map(({ partition }) => partition)).toEqual([0, 0, 1, 1])
  },
  'rejects a record that is too large while others go through': async (world, driver) => {
    const producer = open(world, driver)
    const large = producer.send(text(world.topic, 'x'.repeat(2_000_000), { partition: 0 }))
    const others = numbered(20).map((n) => producer.send(text(world.topic, n, { partition: 0 })))
    await expect(large).rejects.toMatchObject({ code: 'broker-refused' })
    expect((await Promise.all(others)).map((p) => p.offset)).toEqual(numbered(20).map(Number))
    await world.consume(driver).sees(numbered(20), 0)
  },
  'sends what is ready for several partitions in one request': async (world, driver) => {
    await world.intervene(() => undefined)
    const producer = open(world, driver)
    const both = (n: string): Promise<unknown> =>
      Promise.all([0, 1].map((partition) => producer.send(text(world.topic, n, { partition }))))
    await both('0')
    const before = world.requests()
    for (const n of numbered(10, 1)) await both(n)
    expect(world.requests()['Produce']! - before['Produce']!).toBe(10)
    // the id that the first records went out under
    expect(world.requests()['InitProducerId']).toBe(before['InitProducerId'])
    for (const partition of [0, 1]) expect(await world.stands(partition)).toEqual(numbered(11))
  },
  'keeps records without a key together until they are sent, then goes elsewhere': async (world, driver) => {
    const producer = open(world, driver)
    const together = async (): Promise<number[]> => {
      const placed = await Promise.all(numbered(10).map((n) => producer.send(text(world.topic, n))))
      return [...new Set(placed.map(({ partition }) => partition))]
    }
    const [first, second] = [await together(), await together()]
    expect(first).toHaveLength(1)
    expect(second).toEqual([1 - first[0]!])
  },
  'writes to a partition that was added': async (world, driver) => {
    const producer = open(world, driver)
    await producer.send(text(world.topic, '0', { partition: 0 }))
    await expect(producer.send(text(world.topic, '0', { partition: 2 }))).rejects.toMatchObject({
      code: 'broker-refused',
    })
    await createPartitions(world.cluster, [{ name: world.topic, count: 3 }], false)
    const sent = producer.send(text(world.topic, '0', { partition: 2 }))
    expect(await sent).toMatchObject({ partition: 2, offset: 0 })
  },
}
