// Connections that break under a driver, and a broker that goes away and comes back: nothing is lost, nothing is there twice.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { deleteTopics } from '../../../src/kafka/admin/topics.ts'
import { deleteRecords } from '../../../src/protocol/messages/delete-records.ts'
import type { Scenario } from './reading.ts'
import { type World, at, never, numbered, patient } from './world.ts'
import { open, text } from './writing.ts'

/** Meets the first, the third, the fifth request of an API. */
const everyOther =
  (api: string, cut: 'before' | 'after', most = 3) =>
  (request: { readonly api: string; readonly count: number }) =>
    request.api === api && request.count % 2 === 0 && request.count < 2 * most ? cut : undefined

const forget = (world: World, offset: number): Promise<unknown> => {
  const partitions = [{ partitionIndex: 0, offset: BigInt(offset) }]
  return world.cluster.send(deleteRecords, { topics: [{ name: world.topic, partitions }], timeoutMs: 5000 })
}

const written: Scenario = async (world, driver) => {
  const producer = open(world, driver)
  const all: Promise<unknown>[] = []
  for (const n of numbered(60)) {
    all.push(producer.send(text(world.topic, n, { partition: 0 })))
    if (Number(n) % 10 === 9) await sleep(20)
  }
  await Promise.all(all)
  expect(await world.stands(0)).toEqual(numbered(60))
}

export const trying: Readonly<Record<string, Scenario>> = {
  'writes once what is cut off before the broker has it': async (world, driver) => {
    await world.intervene(everyOther('Produce', 'before'))
    await written(world, driver)
    expect(world.cuts()).toBeGreaterThan(0)
  },
  'writes once what is cut off after the broker has it': async (world, driver) => {
    await world.intervene(everyOther('Produce', 'after'))
    await written(world, driver)
    expect(world.cuts()).toBeGreaterThan(0)
  },
  'gives up a record that nobody acknowledges, and goes on in order': async (world, driver) => {
    let isDeaf = true
    await world.intervene(({ api }) => (isDeaf && api === 'Produce' ? 'after' : undefined))
    const producer = open(world, driver, 1500)
    await expect(producer.send(text(world.topic, 'doubtful', { partition: 0 }))).rejects.toMatchObject({
      code: 'broker-unreachable',
    })
    isDeaf = false
    for (const n of numbered(5)) await producer.send(text(world.topic, n, { partition: 0 }))
    // the broker has it once, or not at all
    const values = await world.stands(0)
    expect(values.filter((value) => value !== 'doubtful')).toEqual(numbered(5))
    expect(values.length).toBeLessThanOrEqual(6)
  },
  'reads on after fetches that are cut off': async (world, driver) => {
    await world.intervene(everyOther('Fetch', 'after', 5))
    const told = world.consume(driver)
    for (let n = 0; n < 50; n += 10) {
      await world.write(0, numbered(10, n))
      await sleep(100)
    }
    await told.sees(numbered(50), 0)
    expect(world.cuts()).toBeGreaterThan(0)
  },
  'commits in spite of a commit that is cut off': async (world, driver) => {
    await world.intervene(everyOther('OffsetCommit', 'before', 1))
    await world.write(0, numbered(5))
    const told = world.consume(driver)
    await told.sees(numbered(5), 0)
    expect(await told.consumer.commit(at(world.topic, 0, 5), never)).toBe(true)
    expect((await world.committed()).get(0)).toBe(5)
    expect(world.cuts()).toBe(1)
  },
  'goes on where the log begins when its offset is gone': async (world, driver) => {
    await world.write(0, numbered(10))
    const told = world.consume(driver)
    await told.sees(numbered(10), 0)
    await told.consumer.commit(at(world.topic, 0, 2), never)
    await told.consumer.stop(5000)
    await forget(world, 6)
    await world.consume(driver).sees(numbered(4, 6), 0)
  },
  'begins anew where its offset is beyond the end': async (world, driver) => {
    await world.write(0, numbered(3))
    const told = world.consume(driver)
    await told.sees(numbered(3), 0)
    await told.consumer.commit(at(world.topic, 0, 100), never)
    await told.consumer.stop(5000)
    await world.consume(driver).sees(numbered(3), 0)
  },
  'ends when its topic is deleted': async (world, driver) => {
    const told = world.consume(driver, { topicsEveryMs: 300 })
    await told.holds(2)
    await deleteTopics(world.cluster, [world.topic])
    await expect(told.consumer.ended).rejects.toMatchObject({ code: 'topic-missing' })
  },
  'goes on when the broker was away and is back': async (world, driver) => {
    await world.write(0, numbered(10))
    const told = world.consume(driver)
    await told.sees(numbered(10), 0)
    const producer = open(world, driver, 60_000)
    await producer.send(text(world.topic, '10', { partition: 0 }))
    const back = await world.place.away()
    const waiting = numbered(20, 11).map((n) => producer.send(text(world.topic, n, { partition: 0 })))
    const committing = told.consumer.commit(at(world.topic, 0, 10), never)
    await sleep(2000)
    await back()
    await Promise.all(waiting)
    expect(typeof (await committing)).toBe('boolean')
    await expect.poll(() => new Set(told.values(0)).size, patient).toBe(31)
    expect(await world.stands(0)).toEqual(numbered(31))
    // what it reads again after it was lost it reads in order
    expect(told.values(0).slice(-20)).toEqual(numbered(20, 11))
  },
}
