// Seeks of a listener that handles many keys at once, on a real broker in this process: every record by its number.
import { expect, onTestFinished, test } from 'vitest'
import { memoryBroker } from '../../../test/support/memory-broker.ts'
import { committedOffsets } from '../../kafka/admin/coordinator.ts'
import { createTopics } from '../../kafka/admin/topics.ts'
import { Cluster } from '../../kafka/cluster.ts'
import { ownDriver } from '../../kafka/driver/own-driver.ts'
import type { KafkaDriver, Offsets } from '../../kafka/driver/port.ts'
import { Producer } from '../../kafka/write/producer.ts'
import { systemClock } from '../clock.ts'
import { type RunningListeners, startListeners } from './start-listeners.ts'

const count = 300
const partitions = 3
const firstTime = Date.parse('2026-01-01T00:00:00Z')
const patient = { timeout: 20_000, interval: 20 }
const numbers = Array.from({ length: count }, (_, n) => n)

interface World {
  readonly bootstrap: string
  /** partition by number of the record */
  readonly partitionOf: readonly number[]
  /** what the brokers have, by partition */
  committed(): Promise<readonly number[]>
}

/** Records 0 to 299 with the keys 0 to 19, one for each second. */
async function world(): Promise<World> {
  const { bootstrap } = await memoryBroker()
  const cluster = await Cluster.connect({ bootstrap: [bootstrap] })
  onTestFinished(() => cluster.close())
  await createTopics(cluster, [{ name: 'orders', partitions, replication: 1, configs: [] }], false)
  const writer = await Producer.open(cluster, 'orders')
  const partitionOf = numbers.map((n) => {
    const key = Buffer.from(String(n % 20))
    const partition = writer.partitionFor(key)
    writer.add({ key, value: Buffer.from(String(n)), headers: [], timestamp: firstTime + n * 1000 }, partition, n)
    return partition
  })
  await writer.flush()
  const committed = async (): Promise<number[]> => {
    const all = await committedOffsets(cluster, 'billing')
    return Array.from({ length: partitions }, (_, n) => all.find(({ partition }) => partition === n)?.committed ?? -1)
  }
  return { bootstrap, partitionOf, committed }
}

interface Joined {
  readonly running: RunningListeners
  /** in the order in which they were */
  readonly handled: number[]
  /** what was committed of each partition, in order */
  readonly commits: Map<number, number[]>
}

/** A member that takes a moment for each record; `isHeld` says whether the handler of a record waits. */
function join(bootstrap: string, isHeld: (n: number) => boolean = () => false): Joined {
  const handled: number[] = []
  const commits = new Map<number, number[]>()
  const running = startListeners({
    driver: recording(commits),
    producer: {
      pendingBytes: 0,
      close: () => Promise.resolve(),
      send: () => Promise.reject(new Error('nothing fails')),
    },
    settings: { bootstrap: [bootstrap] },
    service: { name: 'billing', group: 'billing' },
    definitions: [
      {
        topic: 'orders',
        concurrency: { by: 'key', max: 8 },
        handle: async (event) => {
          do await new Promise((resolve) => void setTimeout(resolve, 1))
          while (isHeld(Number(event)))
          handled.push(Number(event))
        },
      },
    ],
    decode: (record) => ({ kind: 'event', key: null, event: `${record.value}` }),
    tell: () => {},
    clock: systemClock,
    limits: { waitingRecords: 50, gap: 50, commitMs: 20, drainMs: 10_000 },
  })
  onTestFinished(() => running.stop(5000))
  return { running, handled, commits }
}

function recording(commits: Map<number, number[]>): KafkaDriver {
  const note = (offsets: Offsets): void => {
    for (const [partition, offset] of offsets.get('orders') ?? [])
      commits.set(partition, [...(commits.get(partition) ?? []), offset])
  }
  return {
    ...ownDriver,
    consume: (...args) => {
      const consumer = ownDriver.consume(...args)
      const commit = consumer.commit.bind(consumer)
      consumer.commit = (offsets, signal) => {
        note(offsets)
        return commit(offsets, signal)
      }
      return consumer
    },
  }
}

/** How many records of each partition satisfy it. */
function counts({ partitionOf }: World, isCounted: (n: number) => boolean): number[] {
  return Array.from(
    { length: partitions },
    (_, p) => numbers.filter((n) => partitionOf[n] === p && isCounted(n)).length,
  )
}

const sorted = (all: readonly number[]): number[] => all.toSorted((a, b) => a - b)

function expectOrderByKey(handled: readonly number[]): void {
  for (let key = 0; key < 20; key++) {
    const ofKey = handled.filter((n) => n % 20 === key)
    expect(ofKey).toEqual(sorted(ofKey))
  }
}

test('to the beginning while paused: commits go back, and every record is handled again', async () => {
  const of = await world()
  const { running, handled } = join(of.bootstrap)
  const all = counts(of, () => true)
  await expect.poll(() => of.committed(), patient).toEqual(all)
  running.pause('orders')
  const sought = await running.seek('orders', { to: 'earliest' })
  expect(sought).toEqual({
    partitions: [0, 1, 2].map((partition) => ({ partition, offset: 0, isCommitted: true })),
    elsewhere: [],
  })
  expect(await of.committed()).toEqual([0, 0, 0])
  expect(handled).toHaveLength(count)
  running.resume('orders')
  await expect.poll(() => of.committed(), patient).toEqual(all)
  const again = handled.slice(count)
  expect(sorted(again)).toEqual(numbers)
  expectOrderByKey(again)
})

test('to the beginning under load: what is in work ends first, and no commit goes behind the seek', async () => {
  const of = await world()
  let isHeld = true
  const { running, handled, commits } = join(of.bootstrap, (n) => isHeld && n >= 200)
  await expect.poll(() => commits.size, patient).toBe(partitions)
  await expect.poll(() => running.numbers().every(({ inWork }) => inWork > 0), patient).toBe(true)
  const seeking = running.seek('orders', { to: 'earliest' })
  setTimeout(() => (isHeld = false), 100)
  // asked for at the same time, and done after it
  const [first, second] = await Promise.all([seeking, running.seek('orders', { to: 'earliest' })])
  expect(first.partitions).toEqual(second.partitions)
  await expect.poll(() => of.committed(), patient).toEqual(counts(of, () => true))
  const again = handled.slice(-count)
  expect(sorted(again)).toEqual(numbers)
  expectOrderByKey(again)
  for (const offsets of commits.values()) {
    const back = offsets.lastIndexOf(0)
    expect(back).toBeGreaterThan(0)
    expect(sorted(offsets.slice(back))).toEqual(offsets.slice(back))
  }
})

test('to a time: what is as young is handled again, and nothing else', async () => {
  const of = await world()
  const { running, handled } = join(of.bootstrap)
  const all = counts(of, () => true)
  await expect.poll(() => of.committed(), patient).toEqual(all)
  const { partitions: moved } = await running.seek('orders', { to: firstTime + 200_000 })
  expect(moved.map(({ offset }) => offset)).toEqual(counts(of, (n) => n < 200))
  await expect.poll(() => handled.length, patient).toBe(count + 100)
  await expect.poll(() => of.committed(), patient).toEqual(all)
  expect(sorted(handled.slice(count))).toEqual(numbers.slice(200))
})

test('ahead: what lies before is skipped, and other partitions go on as they were', async () => {
  const of = await world()
  const { running, handled } = join(of.bootstrap)
  running.pause('orders')
  await expect.poll(() => running.numbers().length, patient).toBe(partitions)
  expect(await running.seek('orders', { partition: 1, offset: 40 })).toEqual({
    partitions: [{ partition: 1, offset: 40, isCommitted: true }],
    elsewhere: [],
  })
  await expect(running.seek('orders', { partition: 1, offset: 4711 })).rejects.toMatchObject({ code: 'usage' })
  await expect(running.seek('orders', { partition: 3, to: 'latest' })).rejects.toMatchObject({ code: 'usage' })
  running.resume('orders')
  await expect.poll(() => of.committed(), patient).toEqual(counts(of, () => true))
  const ofOne = numbers.filter((n) => of.partitionOf[n] === 1)
  expect(sorted(handled)).toEqual(numbers.filter((n) => !ofOne.slice(0, 40).includes(n)))
})

test('of one of two members: the other one goes on, and is told of', async () => {
  const of = await world()
  const first = join(of.bootstrap)
  await expect.poll(() => of.committed(), patient).toEqual(counts(of, () => true))
  const second = join(of.bootstrap)
  const have = ({ running }: Joined): number[] => sorted(running.numbers().map(({ partition }) => partition))
  await expect.poll(() => [...have(first), ...have(second)].length, patient).toBe(partitions)
  await expect.poll(() => have(second).length, patient).toBeGreaterThan(0)
  const before = first.handled.length
  const { partitions: moved, elsewhere } = await second.running.seek('orders', { to: 'earliest' })
  expect([moved.map(({ partition }) => partition), elsewhere]).toEqual([have(second), have(first)])
  const again = numbers.filter((n) => have(second).includes(of.partitionOf[n]!))
  await expect.poll(() => second.handled.length, patient).toBe(again.length)
  expect(sorted(second.handled)).toEqual(again)
  expect(first.handled).toHaveLength(before)
})
