// What a producer promises: places, order, and that a record that fails takes no others with it.
import { expect, onTestFinished } from 'vitest'
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
}
