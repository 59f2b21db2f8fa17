// What the recorded answers of Kafka (test/differential) do not show: settings of the broker, waiting for durability, bounds.
import { describe, expect, test } from 'vitest'
import { ask } from '../../../test/support/ask.ts'
import { type MemoryStore, memoryStore } from '../../../test/support/memory-store.ts'
import { createTopics } from '../../protocol/messages/create-topics.ts'
import { createPartitions } from '../../protocol/messages/create-partitions.ts'
import { deleteRecords } from '../../protocol/messages/delete-records.ts'
import { deleteTopics } from '../../protocol/messages/delete-topics.ts'
import { describeLogDirs } from '../../protocol/messages/describe-log-dirs.ts'
import { errorName } from '../../protocol/error-table.ts'
import type { Broker } from '../broker.ts'
import { createBrokerConfigs } from '../topics/broker-configs.ts'
import { openTopics } from '../topics/open-topics.ts'
import { createPartitionsHandler } from './create-partitions.ts'
import { createTopicsHandler } from './create-topics.ts'
import { deleteRecordsHandler } from './delete-records.ts'
import { deleteTopicsHandler } from './delete-topics.ts'
import { describeLogDirsHandler } from './describe-log-dirs.ts'

function brokerOver(store: MemoryStore, given: Record<string, string> = {}): Broker {
  const configs = createBrokerConfigs(1, new Map(Object.entries(given)))
  return { nodeId: 1, clusterId: 'test', configs, topics: openTopics({ store, configs }) } as Broker
}

const wanted = (name: string, numPartitions = 1) => ({
  name,
  numPartitions,
  replicationFactor: -1,
  assignments: [],
  configs: [],
})

function create(broker: Broker, ...topics: ReturnType<typeof wanted>[]) {
  return ask(broker, createTopicsHandler, [createTopics, 7], { topics, timeoutMs: 1000 })
}

describe('the admin APIs', () => {
  test('an answer waits until what it tells is durable', async () => {
    const store = memoryStore()
    let settle = (): void => undefined
    const journal = (name: string) => store.journal(name)
    const slow: MemoryStore = {
      ...store,
      journal: (name) => ({
        ...journal(name),
        append: () => new Promise<void>((resolve) => (settle = resolve)),
      }),
    }
    const broker = brokerOver(slow)
    let isAnswered = false
    const answer = create(broker, wanted('orders')).then(() => (isAnswered = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(isAnswered).toBe(false)
    settle()
    await answer
    expect(isAnswered).toBe(true)
  })

  test('a default replication factor that one node can not reach is refused', async () => {
    const { topics } = await create(brokerOver(memoryStore(), { 'default.replication.factor': '3' }), wanted('orders'))
    expect(errorName(topics[0]!.errorCode)).toBe('INVALID_REPLICATION_FACTOR')
  })

  test.each([
    [1, 'INVALID_REQUEST'],
    [3, 'TOPIC_DELETION_DISABLED'],
  ])('where topics are not deleted, version %i hears %s', async (version, error) => {
    const broker = brokerOver(memoryStore(), { 'delete.topic.enable': 'false' })
    await create(broker, wanted('orders'))
    const { responses } = await ask(broker, deleteTopicsHandler, [deleteTopics, version], {
      topicNames: ['orders'],
      timeoutMs: 1,
    })
    expect(responses.map(({ errorCode }) => errorName(errorCode))).toEqual([error])
    expect(broker.topics.get('orders')).toBeDefined()
  })

  test('a huge number of partitions is refused, not tried', async () => {
    const broker = brokerOver(memoryStore())
    await create(broker, wanted('orders'))
    const { results } = await ask(broker, createPartitionsHandler, [createPartitions, 3], {
      topics: [{ name: 'orders', count: 2_147_483_647, assignments: null }],
      timeoutMs: 1,
      validateOnly: false,
    })
    expect(errorName(results[0]!.errorCode)).toBe('POLICY_VIOLATION')
    expect(broker.topics.get('orders')!.partitions).toHaveLength(1)
  })

  test('records go up to the high watermark, and not beyond', async () => {
    const store = memoryStore()
    const broker = brokerOver(store)
    await create(broker, wanted('orders'))
    const log = store.open.get(`${broker.topics.get('orders')!.id}-0`)!
    log.endOffset = 12
    log.highWatermark = 10
    const remove = async (offset: bigint) => {
      const { topics } = await ask(broker, deleteRecordsHandler, [deleteRecords, 2], {
        topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, offset }] }],
        timeoutMs: 1,
      })
      const { errorCode, lowWatermark } = topics[0]!.partitions[0]!
      return [errorName(errorCode), lowWatermark]
    }
    expect(await remove(4n)).toEqual(['NONE', 4n])
    expect(await remove(2n)).toEqual(['NONE', 4n])
    expect(await remove(11n)).toEqual(['OFFSET_OUT_OF_RANGE', -1n])
    expect(await remove(-1n)).toEqual(['NONE', 10n])
  })

  test('the folder of the data is told with the sizes of partitions', async () => {
    const broker = brokerOver(memoryStore(), { 'log.dirs': 'data' })
    await create(broker, wanted('orders', 2))
    const { results } = await ask(broker, describeLogDirsHandler, [describeLogDirs, 4], { topics: null })
    expect(results).toMatchObject([
      { logDir: 'data', topics: [{ name: 'orders', partitions: [{ partitionSize: 0n }, {}] }] },
    ])
  })

  test('2,000 topics of three partitions cost little, and a restart finds them', async () => {
    const store = memoryStore()
    const broker = brokerOver(store)
    for (let n = 0; n < 4; n++)
      await create(broker, ...Array.from({ length: 500 }, (_, i) => wanted(`topic-${n}-${i}`, 3)))
    expect(store.open.size).toBe(6000)
    expect(store.journalSize('topics')).toBeLessThan(400_000)
    expect([...brokerOver(store.reopen()).topics.all()]).toHaveLength(2000)
  })
})
