// Where a consumer begins, in which order it tells, and how it is held, moved and restarted.
import { expect } from 'vitest'
import type { KafkaDriver } from '../../../src/kafka/driver/port.ts'
import { type World, at, never, numbered, one, patient } from './world.ts'

export type Scenario = (world: World, driver: KafkaDriver) => Promise<void>

/** Each with a topic of two partitions. */
export const reading: Readonly<Record<string, Scenario>> = {
  'reads from the earliest record, in order for each partition': async (world, driver) => {
    await world.write(0, numbered(1000))
    await world.write(1, numbered(1000, 5000))
    const told = world.consume(driver)
    await told.sees(numbered(1000), 0)
    await told.sees(numbered(1000, 5000), 1)
    const [first] = told.records
    expect(first).toMatchObject({ topic: world.topic, offset: 0, key: null })
    expect(first!.headers).toEqual([['n', first!.value]])
    await expect.poll(() => told.consumer.ends().get(world.topic)?.get(0), patient).toBe(1000)
  },
  'reads from the latest record': async (world, driver) => {
    await world.write(0, ['before'])
    const told = world.consume(driver, { startFrom: 'latest' })
    await expect.poll(() => told.consumer.ends().get(world.topic)?.get(0), patient).toBe(1)
    await world.write(0, ['after'])
    await told.sees(['after'])
  },
  'reads from a time': async (world, driver) => {
    await world.write(0, ['old'], 1_000_000)
    await world.write(0, ['new'], 2_000_000)
    await world.write(1, ['old'], 1_000_000)
    const told = world.consume(driver, { startFrom: 1_500_000 })
    await told.sees(['new'], 0)
    // nothing of partition 1 is as young as that: it is read from its end
    await expect.poll(() => told.consumer.ends().get(world.topic)?.get(1), patient).toBe(1)
    await world.write(1, ['later'], 1_000_001)
    await told.sees(['later'], 1)
  },
  'pauses one partition while the other goes on': async (world, driver) => {
    await world.write(0, numbered(10))
    const told = world.consume(
      driver,
      {},
      {
        onRecords: (records, { consumer }) => {
          if (records[0]!.partition === 0) consumer.pause(one(world.topic, 0))
        },
      },
    )
    await told.sees(numbered(10), 0)
    await world.write(0, ['held'])
    await world.write(1, numbered(10, 50))
    await told.sees(numbered(10, 50), 1)
    expect(told.values(0)).toEqual(numbered(10))
    told.consumer.resume(one(world.topic, 0))
    await told.sees([...numbered(10), 'held'], 0)
    expect(told.events).toEqual([`assigned ${world.topic}-0 ${world.topic}-1`])
  },
  'knows the end of a partition that is paused': async (world, driver) => {
    await world.write(0, ['0'])
    const told = world.consume(driver)
    await told.sees(['0'])
    told.consumer.pause(one(world.topic, 0))
    // one that is full is held back after what it has asked for already
    await world.write(0, numbered(10, 1))
    await world.write(0, numbered(10, 11))
    await expect.poll(() => told.consumer.ends().get(world.topic)?.get(0), patient).toBe(21)
    expect(told.values(0)).toEqual(['0'])
  },
  'seeks back, and ahead': async (world, driver) => {
    await world.write(0, numbered(5))
    const told = world.consume(driver)
    await told.sees(numbered(5))
    told.consumer.seek(world.topic, 0, 3)
    await told.sees([...numbered(5), '3', '4'])
    told.consumer.seek(world.topic, 0, 7)
    await world.write(0, ['5', '6', '7'])
    await told.sees([...numbered(5), '3', '4', '7'])
  },
  'goes on behind what was committed': async (world, driver) => {
    await world.write(0, numbered(5))
    const told = world.consume(driver)
    await told.sees(numbered(5))
    expect(await told.consumer.commit(at(world.topic, 0, 3), never)).toBe(true)
    await told.consumer.stop(5000)
    await told.consumer.ended
    const next = world.consume(driver)
    await next.sees(['3', '4'])
  },
}
