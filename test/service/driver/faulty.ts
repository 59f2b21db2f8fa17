// What a broker may answer, by its fault rules: that a member finds its coordinator again, and a producer its sequence.
import { expect } from 'vitest'
import type { FaultRule } from '../../../src/broker/faults/rule.ts'
import { times } from '../../support/fault-rules.ts'
import type { Scenario } from './reading.ts'
import { type World, at, never, numbered, patient } from './world.ts'
import { open, text } from './writing.ts'

const add = (world: World, ...rules: readonly FaultRule[]): void => {
  for (const rule of rules) world.place.faults!.add(rule)
}

/** Records before, during and after what befalls the producer. */
const writes =
  (...rules: readonly FaultRule[]): Scenario =>
  async (world, driver) => {
    const producer = open(world, driver)
    const send = (from: number): Promise<unknown> =>
      Promise.all(numbered(10, from).map((n) => producer.send(text(world.topic, n, { partition: 0 }))))
    await send(0)
    add(world, ...rules)
    await send(10)
    await send(20)
    expect(await world.stands(0)).toEqual(numbered(30))
    expect(world.place.faults!.list()).toEqual([])
  }

/** A member that reads and commits while something befalls it; it may be told that it has lost what it had, and reads on. */
const reads =
  (...rules: readonly FaultRule[]): Scenario =>
  async (world, driver) => {
    await world.write(0, numbered(10))
    const told = world.consume(driver)
    await told.sees(numbered(10), 0)
    add(world, ...rules)
    while (!(await told.consumer.commit(at(world.topic, 0, 10), never))) await told.holds(2)
    await expect.poll(() => world.place.faults!.list().length, patient).toBe(0)
    await told.holds(2)
    await world.write(0, numbered(5, 10))
    await expect.poll(() => told.values(0).slice(-5), patient).toEqual(numbered(5, 10))
    expect((await world.committed()).get(0)).toBe(10)
  }

const retriable = ['NOT_LEADER_OR_FOLLOWER', 'NOT_ENOUGH_REPLICAS', 'UNKNOWN_TOPIC_OR_PARTITION', 'KAFKA_STORAGE_ERROR']
const ofProducer = ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID', 'INVALID_PRODUCER_EPOCH']
const away = ['COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR', 'COORDINATOR_LOAD_IN_PROGRESS']

const rows = (names: readonly string[], scenario: (name: string) => [string, Scenario]): [string, Scenario][] =>
  names.map(scenario)

export const faulty: Readonly<Record<string, Scenario>> = Object.fromEntries([
  ...rows([...retriable, ...ofProducer], (name) => [
    `writes once in order when Produce is answered with ${name}`,
    writes(times(2, 'Produce', 'error', name)),
  ]),
  ...rows(['COORDINATOR_LOAD_IN_PROGRESS'], (name) => [
    `gets a producer id in spite of ${name}`,
    (world, driver) => {
      add(world, times(2, 'InitProducerId', 'error', name))
      return writes()(world, driver)
    },
  ]),
  ...rows(away, (name) => [`commits in spite of ${name}`, reads(times(2, 'OffsetCommit', 'error', name))]),
  ...rows(away, (name) => [`stays a member in spite of ${name}`, reads(times(2, 'Heartbeat', 'error', name))]),
  ...rows(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'], (name) => [
    `goes on as a member when a heartbeat is answered with ${name}`,
    reads(times(1, 'Heartbeat', 'error', name)),
  ]),
  ...rows(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'], (name) => [
    `goes on as a member when a commit is answered with ${name}`,
    reads(times(1, 'OffsetCommit', 'error', name)),
  ]),
  ['goes on when the coordinator moves', reads(times(1, 'Heartbeat', 'move-coordinator', 1000))],
  [
    'resolves a record that the broker has already',
    async (world, driver) => {
      const producer = open(world, driver)
      await producer.send(text(world.topic, '0', { partition: 0 }))
      add(world, times(1, 'Produce', 'error', 'DUPLICATE_SEQUENCE_NUMBER'))
      expect(await producer.send(text(world.topic, '1', { partition: 0 }))).toMatchObject({ partition: 0, offset: -1 })
    },
  ],
  [
    'writes on when it is throttled',
    (world, driver) => {
      add(world, times(1, 'Produce', 'throttle', 500))
      return writes()(world, driver)
    },
  ],
  [
    'loses what it has when the group does not know it, and is given it anew',
    async (world, driver) => {
      await world.write(0, numbered(5))
      const told = world.consume(driver)
      await told.sees(numbered(5), 0)
      await told.consumer.commit(at(world.topic, 0, 3), never)
      add(world, times(1, 'Heartbeat', 'error', 'UNKNOWN_MEMBER_ID'))
      await told.sees([...numbered(5), '3', '4'], 0)
      const both = `${world.topic}-0 ${world.topic}-1`
      const changes = told.events.filter((event) => !event.startsWith('trouble'))
      expect(changes).toEqual([`assigned ${both}`, `lost ${both}`, `assigned ${both}`])
    },
  ],
])
