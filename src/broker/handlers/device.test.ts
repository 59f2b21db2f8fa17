// A device that refuses is told to the client that asked, by KAFKA_STORAGE_ERROR, and nothing of what it asked for stays.
import { afterEach, describe, expect, test } from 'vitest'
import { ask } from '../../../test/support/ask.ts'
import { batchOf, produceRequest } from '../../../test/support/log-fixture.ts'
import type { Api, RequestOf } from '../../protocol/api.ts'
import { errorName } from '../../protocol/error-table.ts'
import { alterConfigs } from '../../protocol/messages/alter-configs.ts'
import { createPartitions } from '../../protocol/messages/create-partitions.ts'
import { createTopics } from '../../protocol/messages/create-topics.ts'
import { deleteRecords } from '../../protocol/messages/delete-records.ts'
import { deleteTopics } from '../../protocol/messages/delete-topics.ts'
import { incrementalAlterConfigs } from '../../protocol/messages/incremental-alter-configs.ts'
import { initProducerId } from '../../protocol/messages/init-producer-id.ts'
import { metadata } from '../../protocol/messages/metadata.ts'
import { handlers } from '../handlers.ts'
import { type RunningBroker, startBroker } from '../start.ts'
import { emptyDisk, type FaultyFiles, faultyFiles, type FaultyOperation } from '../storage/faulty-files.ts'
import type { Durability } from '../storage/store.ts'

const running: RunningBroker[] = []
afterEach(async () => {
  for (const broker of running.splice(0)) await broker.close()
})

interface Machine {
  readonly files: FaultyFiles
  readonly broker: RunningBroker
  /** operations that fail from now on, of files whose path has these words in it */
  failing: { readonly operations: readonly FaultyOperation[]; readonly at: string } | undefined
}

async function boot(durability: Durability, disk = emptyDisk()): Promise<Machine> {
  const machine: { failing: Machine['failing'] } = { failing: undefined }
  const files = faultyFiles(disk, (operation, path) => {
    const { operations, at } = machine.failing ?? { operations: [], at: '' }
    return operations.includes(operation) && path.includes(at) ? { error: 'ENOSPC' } : undefined
  })
  const broker = await startBroker({ files, durability, port: 0 })
  running.push(broker)
  return Object.assign(machine, { files, broker })
}

/** Every error of the answer, by name. */
async function errorsOf<A extends Api>(machine: Machine, api: A, version: number, body: RequestOf<A>) {
  const answer = await ask(machine.broker.broker, handlers.get(api.key)!, [api, version], body)
  const codes: string[] = []
  JSON.stringify(answer, (key, value: unknown) => {
    if (key === 'errorCode') codes.push(errorName(Number(value)))
    return typeof value === 'bigint' ? String(value) : value
  })
  return codes
}

const topics = (...names: readonly string[]) =>
  names.map((name) => ({ name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }))
const create = (machine: Machine, ...names: readonly string[]) =>
  errorsOf(machine, createTopics, 7, { topics: topics(...names), timeoutMs: 1000 })
const set = (resourceType: number, resourceName: string, name: string) =>
  [{ resourceType, resourceName, configs: [{ name, configOperation: 0, value: '70000' }] }] as const

/** each with its answer when all is well */
const requests: readonly (readonly [
  name: string,
  send: (machine: Machine) => Promise<string[]>,
  well: readonly string[],
])[] = [
  ['CreateTopics', (machine) => create(machine, 'one', 'two'), ['NONE', 'NONE']],
  [
    'DeleteTopics',
    (machine) => errorsOf(machine, deleteTopics, 6, { topics: [{ name: 'orders' }], timeoutMs: 1000 }),
    ['NONE'],
  ],
  [
    'CreatePartitions',
    (machine) =>
      errorsOf(machine, createPartitions, 3, {
        topics: [{ name: 'orders', count: 5, assignments: null }],
        timeoutMs: 1000,
        validateOnly: false,
      }),
    ['NONE'],
  ],
  [
    'IncrementalAlterConfigs',
    (machine) =>
      errorsOf(machine, incrementalAlterConfigs, 1, {
        resources: [...set(2, 'orders', 'segment.bytes'), ...set(4, '1', 'log.segment.bytes')],
        validateOnly: false,
      }),
    ['NONE', 'NONE'],
  ],
  [
    'AlterConfigs',
    (machine) =>
      errorsOf(machine, alterConfigs, 2, {
        resources: [{ resourceType: 2, resourceName: 'orders', configs: [{ name: 'segment.bytes', value: '70000' }] }],
        validateOnly: false,
      }),
    ['NONE'],
  ],
]

describe.each([
  ['process', ['append', 'replace']],
  ['disk', ['append', 'replace']],
  ['disk', ['sync']],
] as const)('durability %s, %j fails', (durability, operations) => {
  test.each(requests)('%s', async (_, send, well) => {
    const machine = await boot(durability)
    await create(machine, 'orders')
    machine.failing = { operations, at: 'topics.journal' }
    expect(await send(machine)).toEqual(well.map(() => 'KAFKA_STORAGE_ERROR'))
    machine.failing = undefined
    if (operations[0] === 'append') expect(await send(machine)).toEqual(well)
  })
})

describe('while the device is full', () => {
  test('Metadata creates no topic', async () => {
    const machine = await boot('process')
    machine.failing = { operations: ['append', 'replace'], at: '' }
    const ask12 = () => errorsOf(machine, metadata, 12, { topics: [{ name: 'new' }], allowAutoTopicCreation: true })
    expect(await ask12()).toEqual(['KAFKA_STORAGE_ERROR'])
    machine.failing = undefined
    expect((await ask12())[0]).toBe('NONE')
  })

  test('InitProducerId gives no id, and none of those that it could not write down later', async () => {
    const machine = await boot('process')
    const init = () => errorsOf(machine, initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 0 })
    machine.failing = { operations: ['append', 'replace'], at: 'producer-ids.journal' }
    expect([await init(), await init()]).toEqual([['KAFKA_STORAGE_ERROR'], ['KAFKA_STORAGE_ERROR']])
    machine.failing = undefined
    expect(await init()).toEqual(['NONE'])
    const given = machine.broker.broker.producerIds.next()
    const again = await boot('process', machine.files.kill())
    running.splice(running.indexOf(machine.broker), 1)
    expect(again.broker.broker.producerIds.next()).toBeGreaterThan(given)
  })

  test('DeleteRecords moves nothing', async () => {
    const machine = await boot('process')
    await create(machine, 'orders')
    const log = machine.broker.broker.topics.get('orders')!.partitions[0]!
    log.append(batchOf([{}, {}, {}]), produceRequest)
    const remove = () =>
      errorsOf(machine, deleteRecords, 2, {
        topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, offset: 2n }] }],
        timeoutMs: 1000,
      })
    machine.failing = { operations: ['append', 'replace'], at: 'partitions.journal' }
    expect([await remove(), log.startOffset]).toEqual([['KAFKA_STORAGE_ERROR'], 0])
    machine.failing = undefined
    expect([await remove(), log.startOffset]).toEqual([['NONE'], 2])
  })

  test.each(['topics.journal', 'partitions.journal'])(
    'a topic that could not be created is not there, also after a restart: %s',
    async (at) => {
      const machine = await boot('process')
      machine.failing = { operations: ['append', 'replace'], at }
      expect(await create(machine, 'orders')).toEqual(['KAFKA_STORAGE_ERROR'])
      expect(machine.broker.broker.topics.get('orders')).toBeUndefined()
      running.splice(running.indexOf(machine.broker), 1)
      const again = await boot('process', machine.files.kill())
      expect(Array.from(again.broker.broker.topics.all(), ({ name }) => name)).toEqual([])
      expect(await create(again, 'orders')).toEqual(['NONE'])
    },
  )

  test('a topic is deleted once that is written down, and its logs go in the end', async () => {
    const machine = await boot('process')
    await create(machine, 'orders')
    machine.failing = { operations: ['append', 'replace'], at: 'partitions.journal' }
    const remove = { topics: [{ name: 'orders' }], timeoutMs: 1000 }
    expect(await errorsOf(machine, deleteTopics, 6, remove)).toEqual(['NONE'])
    running.splice(running.indexOf(machine.broker), 1)
    const again = await boot('process', machine.files.kill())
    expect([...again.broker.broker.topics.all()]).toEqual([])
    await expect.poll(() => again.files.list('logs'), { timeout: 10_000 }).toEqual([])
  })
})
