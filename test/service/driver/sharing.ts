// Members that come and go: what each is told, and that every record is accounted for.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { createPartitions } from '../../../src/kafka/admin/topics.ts'
import type { InRecord } from '../../../src/kafka/driver/port.ts'
import type { Scenario } from './reading.ts'
import { type Habits, type Told, type World, at, never, numbered, one, patient, sessionMs } from './world.ts'

/** Does each record at once and commits what it has done: at the end of a partition's stay at the latest. */
function worker(done: InRecord[]): Partial<Habits> {
  const next = new Map<number, number>()
  return {
    onRecords: (records) => {
      done.push(...records)
      const last = records.at(-1)!
      next.set(last.partition, last.offset + 1)
    },
    onRevoked: async (partitions, told) => {
      for (const [topic, all] of partitions)
        for (const partition of all)
          if (next.has(partition)) await told.consumer.commit(at(topic, partition, next.get(partition)!), never)
    },
  }
}

const valuesOf = (records: readonly InRecord[], partition: number): string[] =>
  records.filter((record) => record.partition === partition).map(({ value }) => String(value))

const changes = ({ events }: Told): string[] => events.filter((event) => !event.startsWith('trouble'))

async function fill(world: World, from: number, count: number): Promise<void> {
  for (const partition of [0, 1]) await world.write(partition, numbered(count, from))
}

export const sharing: Readonly<Record<string, Scenario>> = {
  'drains and commits what it gives up before another one gets it': async (world, driver) => {
    await fill(world, 0, 20)
    const done: InRecord[] = []
    const { onRecords, onRevoked } = worker(done)
    const first = world.consume(
      driver,
      {},
      {
        onRecords: onRecords!,
        onRevoked: async (partitions, told) => {
          await sleep(500)
          await onRevoked!(partitions, told)
        },
      },
    )
    await expect.poll(() => done.length, patient).toBe(40)
    const second = world.consume(driver, {}, worker(done))
    await first.holds(1)
    await second.holds(1)
    await fill(world, 20, 20)
    await expect.poll(() => done.length, patient).toBe(80)
    for (const partition of [0, 1]) expect(valuesOf(done, partition)).toEqual(numbered(40))
    expect(changes(second)).toHaveLength(1)
  },
  'reads on what it keeps while others join': async (world, driver) => {
    await fill(world, 0, 5)
    const first = world.consume(driver)
    await expect.poll(() => first.records.length, patient).toBe(10)
    const second = world.consume(driver)
    await second.holds(1)
    await first.holds(1)
    // of the one that was kept nothing was told, and nothing is read twice
    const [kept] = [...first.has]
    expect(first.events.filter((event) => event.includes(kept!))).toHaveLength(1)
    const partition = Number(kept!.split('-').at(-1))
    await world.write(partition, ['5'])
    await first.sees(numbered(6), partition)
  },
  'answers false to a commit of what another one has': async (world, driver) => {
    const first = world.consume(driver)
    await first.holds(2)
    const second = world.consume(driver)
    await second.holds(1)
    await first.holds(1)
    const theirs = Number([...second.has][0]!.split('-').at(-1))
    expect(await first.consumer.commit(at(world.topic, theirs, 1), never)).toBe(false)
    expect((await world.committed()).has(theirs)).toBe(false)
  },
  'accounts for each record once while three members come and go': async (world, driver) => {
    const done: InRecord[] = []
    const count = 300
    const writing = (async () => {
      for (let n = 0; n < count; n += 10) {
        await fill(world, n, 10)
        await sleep(100)
      }
    })()
    // where the scenario fails before it ends
    writing.catch(() => undefined)
    const first = world.consume(driver, {}, worker(done))
    await first.holds(2)
    const second = world.consume(driver, {}, worker(done))
    await second.holds(1)
    const third = world.consume(driver, {}, worker(done))
    await sleep(500)
    await first.consumer.stop(5000)
    await expect.poll(() => second.has.size + third.has.size, patient).toBe(2)
    await second.consumer.stop(5000)
    await third.holds(2)
    const again = world.consume(driver, {}, worker(done))
    await again.holds(1)
    await writing
    await expect.poll(() => done.length, patient).toBeGreaterThanOrEqual(2 * count)
    const told = [first, second, third, again].map(({ events }) => events)
    for (const partition of [0, 1]) expect(valuesOf(done, partition), JSON.stringify(told)).toEqual(numbered(count))
  },
  'stays a member for three sessions while it takes nothing': async (world, driver) => {
    await fill(world, 0, 5)
    const first = world.consume(
      driver,
      {},
      {
        onRecords: ([record], { consumer }) => consumer.pause(one(world.topic, record!.partition)),
      },
    )
    await expect.poll(() => first.records.length, patient).toBe(10)
    await sleep(3 * sessionMs)
    expect(await first.consumer.commit(at(world.topic, 0, 5), never)).toBe(true)
    await fill(world, 5, 5)
    first.consumer.resume(one(world.topic, 0, 1))
    await expect.poll(() => first.records.length, patient).toBe(20)
    expect(changes(first)).toEqual([`assigned ${world.topic}-0 ${world.topic}-1`])
  },
  'loses what it has when the group did not hear of it for a session': async (world, driver) => {
    await fill(world, 0, 5)
    const direct = world.bootstrap
    let isCutOff = false
    await world.intervene(() => (isCutOff ? 'before' : undefined))
    const zombie = world.consume(driver)
    await zombie.holds(2)
    await expect.poll(() => zombie.records.length, patient).toBe(10)
    world.bootstrap = direct
    isCutOff = true
    const heir = world.consume(driver)
    await heir.holds(2)
    await heir.sees(numbered(5), 0)
    expect(await heir.consumer.commit(at(world.topic, 0, 5), never)).toBe(true)
    isCutOff = false
    // 3 would be a step back
    expect(await zombie.consumer.commit(at(world.topic, 0, 3), never)).toBe(false)
    expect((await world.committed()).get(0)).toBe(5)
    await expect.poll(() => zombie.events.some((event) => event.startsWith('lost')), patient).toBe(true)
    await expect.poll(() => zombie.has.size + heir.has.size, patient).toBe(2)
  },
  'commits what it has done when it stops in the middle of a round': async (world, driver) => {
    await fill(world, 0, 5)
    const done: InRecord[] = []
    const { onRecords, onRevoked } = worker(done)
    const slowly: Partial<Habits> = {
      onRecords: onRecords!,
      onRevoked: async (partitions, told) => {
        await sleep(2 * sessionMs)
        await onRevoked!(partitions, told)
      },
    }
    const direct = world.bootstrap
    let isCutOff = false
    await world.intervene(() => (isCutOff ? 'hang' : undefined))
    const lost = world.consume(driver)
    await lost.holds(2)
    world.bootstrap = direct
    const first = world.consume(driver, {}, slowly)
    await first.holds(1)
    await lost.holds(1)
    const mine = Number([...first.has][0]!.split('-').at(-1))
    await first.sees(numbered(5), mine)
    // the round that the next one begins waits for the one that is lost
    isCutOff = true
    world.consume(driver)
    await sleep(sessionMs / 2)
    await first.consumer.stop(8000)
    expect((await world.committed()).get(mine)).toBe(5)
  },
  'comes back under its name without a rebalance': async (world, driver) => {
    await fill(world, 0, 5)
    const named = world.consume(driver, { instanceId: 'a' })
    await named.holds(2)
    const other = world.consume(driver, { instanceId: 'b' })
    await other.holds(1)
    await named.holds(1)
    const mine = [...named.has]
    const before = changes(other)
    await named.consumer.stop(5000)
    const back = world.consume(driver, { instanceId: 'a' })
    await back.holds(1)
    expect([...back.has]).toEqual(mine)
    expect(changes(other)).toEqual(before)
  },
  'reads a partition that was added': async (world, driver) => {
    const told = world.consume(driver, { topicsEveryMs: 500 })
    await told.holds(2)
    await createPartitions(world.cluster, [{ name: world.topic, count: 3 }], false)
    await told.holds(3)
  },
}
