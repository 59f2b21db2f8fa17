// What a fetch does while it waits: counted, not timed.
import { describe, expect, test } from 'vitest'
import { ask } from '../../../test/support/ask.ts'
import { appended, batchOf, recordsIn } from '../../../test/support/log-fixture.ts'
import { VirtualClock } from '../../../test/support/virtual-clock.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { fetch } from '../../protocol/messages/fetch.ts'
import type { Broker } from '../broker.ts'
import { memoryFiles } from '../storage/memory-files.ts'
import { openStore } from '../storage/open-store.ts'
import type { PartitionLog } from '../storage/partition-log.ts'
import { createBrokerConfigs } from '../topics/broker-configs.ts'
import { openTopics } from '../topics/open-topics.ts'
import { createWaits } from '../waits.ts'
import { fetchHandler } from './fetch.ts'

const batch = (): Buffer => batchOf([{ value: 'x'.repeat(100) }])
const batchSize = batch().length

interface World {
  readonly clock: VirtualClock
  readonly broker: Broker
  readonly logs: readonly PartitionLog[]
  /** how often each log was looked at or read, and by which of its parts */
  readonly uses: readonly string[][]
  forget(): void
}

/** A topic `t` whose logs tell how they are used by handlers. What the test does to `logs` itself is not counted. */
function createWorld(partitions: number): World {
  const clock = new VirtualClock()
  const store = openStore({ files: memoryFiles(), clock, durability: 'memory' })
  const configs = createBrokerConfigs(1, new Map())
  const topics = openTopics({ store, configs })
  topics.create({ name: 't', partitions, replicationFactor: 1, assignments: [], configs: [] })
  const shown = topics.get('t')!.partitions as PartitionLog[]
  const logs = [...shown]
  const uses = logs.map((): string[] => [])
  logs.forEach((log, n) => {
    shown[n] = new Proxy(log, {
      get(target, name) {
        uses[n]!.push(String(name))
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value
      },
    })
  })
  const broker = {
    nodeId: 1,
    clusterId: 'test',
    configs,
    clock,
    topics,
    waits: createWaits(clock),
  } as unknown as Broker
  return { clock, broker, logs, uses, forget: () => uses.forEach((own) => own.splice(0)) }
}

interface Wish {
  readonly minBytes?: number
  readonly maxBytes?: number
  readonly partitionMaxBytes?: number
  readonly from?: number
}

function start({ broker, logs }: World, { minBytes = 1, maxBytes = 2 ** 20, from = 0, ...wish }: Wish) {
  const { partitionMaxBytes = 2 ** 20 } = wish
  const partitions = logs.map((_, partition) => ({ partition, fetchOffset: BigInt(from), partitionMaxBytes }))
  const request = { maxWaitMs: 1000, minBytes, maxBytes, topics: [{ topic: 't', partitions }] }
  const told = { isAnswered: false }
  const answer = ask(broker, fetchHandler, [fetch, 12], request).then(({ responses }) => {
    told.isAnswered = true
    return responses[0]!.partitions
  })
  return { told, answer }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a fetch that waits', () => {
  test('over 1,000 partitions, an append to one reads that one alone', async () => {
    const world = createWorld(1000)
    const { answer } = start(world, {})
    world.forget()
    appended(world.logs[417]!, batch())
    const partitions = await answer
    const used = world.uses.flatMap((own, n) => (own.length > 0 ? [n] : []))
    expect(used).toEqual([417])
    expect(world.uses[417]!.filter((name) => name === 'read')).toHaveLength(1)
    expect(partitions).toHaveLength(1000)
    const given = partitions.flatMap(({ partitionIndex, records }) => (records!.length > 0 ? [partitionIndex] : []))
    expect(given).toEqual([417])
    expect(partitions[417]!.highWatermark).toBe(1n)
  })

  test('reads nothing before there is enough', async () => {
    const world = createWorld(1000)
    const { told, answer } = start(world, { minBytes: 10 * batchSize })
    world.forget()
    for (let n = 0; n < 9; n++) appended(world.logs[n % 3]!, batch())
    await settled()
    expect(told.isAnswered).toBe(false)
    expect(world.uses.flat().filter((name) => name === 'read')).toEqual([])
    expect(world.uses.slice(3).flat()).toEqual([])
    appended(world.logs[3]!, batch())
    const partitions = await answer
    expect(partitions.slice(0, 5).map(({ records }) => recordsIn([records!]).length)).toEqual([3, 3, 3, 1, 0])
    expect(world.uses.flat().filter((name) => name === 'read')).toHaveLength(4)
  })

  test('counts what was there before the wait', async () => {
    const world = createWorld(2)
    appended(world.logs[0]!, batch())
    const { told, answer } = start(world, { minBytes: 2 * batchSize })
    await settled()
    expect(told.isAnswered).toBe(false)
    appended(world.logs[1]!, batch())
    const partitions = await answer
    expect(partitions.map(({ records }) => recordsIn([records!]).length)).toEqual([1, 1])
  })

  test('answers when its time is over, with what there is', async () => {
    const world = createWorld(2)
    const { answer } = start(world, { minBytes: 10 * batchSize })
    appended(world.logs[1]!, batch())
    world.clock.advance(1000)
    expect((await answer).map(({ records }) => recordsIn([records!]).length)).toEqual([0, 1])
    expect(world.clock.running).toBe(0)
  })

  test('no partition counts for more than its reader takes of it', async () => {
    const world = createWorld(2)
    const { told, answer } = start(world, { minBytes: 2 * batchSize, partitionMaxBytes: batchSize })
    for (let n = 0; n < 5; n++) appended(world.logs[0]!, batch())
    await settled()
    expect(told.isAnswered).toBe(false)
    appended(world.logs[1]!, batch())
    expect((await answer).map(({ records }) => recordsIn([records!]).length)).toEqual([1, 1])
  })

  test('tells at once that its topic was deleted, and that records were', async () => {
    const world = createWorld(2)
    const first = start(world, { minBytes: 1000 })
    void world.broker.topics.delete(world.broker.topics.get('t')!)
    const gone = errorCode('UNKNOWN_TOPIC_OR_PARTITION')
    expect((await first.answer).map((each) => each.errorCode)).toEqual([gone, gone])

    const other = createWorld(1)
    appended(other.logs[0]!, batch())
    const second = start(other, { minBytes: 1000 })
    other.logs[0]!.deleteRecords(1)
    expect((await second.answer)[0]!.errorCode).toBe(errorCode('OFFSET_OUT_OF_RANGE'))
  })
})

describe('a fetch does not wait where the limits let nothing more in', () => {
  test('the least of an answer is never more than the most (as in Kafka)', async () => {
    const world = createWorld(1)
    for (let n = 0; n < 5; n++) appended(world.logs[0]!, batch())
    const { answer } = start(world, { minBytes: 2 ** 20, maxBytes: 2 * batchSize })
    expect(recordsIn([(await answer)[0]!.records!])).toHaveLength(2)
  })

  test('a batch that is cut off counts up to the limit', async () => {
    const world = createWorld(1)
    for (let n = 0; n < 5; n++) appended(world.logs[0]!, batch())
    const limit = 3 * batchSize - 1
    const { answer } = start(world, { minBytes: limit, partitionMaxBytes: limit })
    expect(recordsIn([(await answer)[0]!.records!])).toHaveLength(2)
  })
})
