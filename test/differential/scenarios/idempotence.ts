// Idempotent producers (KIP-98, KIP-360): duplicates, gaps, epochs; and transactional batches where there is no transaction.
import { describeProducers } from '../../../src/broker/handlers/describe-producers.ts'
import { initProducerId } from '../../../src/protocol/messages/init-producer-id.ts'
import { produce } from '../../../src/protocol/messages/produce.ts'
import { batchAt } from '../../../src/protocol/records/batch.ts'
import { batchOf } from '../../support/log-fixture.ts'
import { changed, get, numbered, offsets, put, putOne, valued } from '../data-requests.ts'
import { create, topic } from '../requests.ts'
import { type Scenario, type Step, type StepOptions, scenario, send } from '../scenario.ts'

const orders: Step = create(7, [topic('orders', { partitions: 2 })])
const end: Step = offsets(4, [['orders', [0, -1n], [1, -1n]]])
const id = 4242n
const sent = (epoch: number, sequence: number, count = 1, version = 11): Step =>
  putOne(numbered(id, [epoch, sequence], count), { version })

const remembered: Step = send(describeProducers, 0, {
  topics: [
    { name: 'orders', partitionIndexes: [1, 0, 9, 0] },
    { name: 'nowhere', partitionIndexes: [0] },
    { name: 'orders', partitionIndexes: [] },
  ],
})

const batches: Scenario[] = [
  ...[3, 5, 8, 11].map((version) =>
    scenario(
      `idempotence v${version}: sent again`,
      orders,
      sent(0, 0, 2, version),
      sent(0, 0, 2, version),
      sent(0, 2, 1, version),
      sent(0, 0, 2, version),
      sent(0, 2, 1, version),
      end,
    ),
  ),
  ...[3, 8, 11].map((version) =>
    scenario(
      `idempotence v${version}: gaps`,
      orders,
      sent(0, 0, 1, version),
      sent(0, 2, 1, version),
      sent(0, 5, 1, version),
      sent(0, 1, 1, version),
      end,
    ),
  ),
  scenario('idempotence: the first batch is not number 0', orders, sent(0, 5), sent(0, 6), sent(0, 0), end),
  scenario('idempotence: the first epoch is not 0', orders, sent(3, 0), sent(3, 1), sent(2, 2), sent(3, 2), end),
  scenario(
    'idempotence: sent again after more than five others',
    orders,
    ...[0, 1, 2, 3, 4, 5, 6].map((sequence) => sent(0, sequence)),
    sent(0, 2),
    sent(0, 1),
    sent(0, 0),
    end,
  ),
  scenario(
    'idempotence: sent again in other pieces',
    orders,
    sent(0, 0, 4),
    sent(0, 0, 2),
    sent(0, 2, 2),
    sent(0, 1, 3),
    sent(0, 0, 5),
    sent(0, 3, 2),
    end,
  ),
  scenario(
    'idempotence: a new epoch',
    orders,
    sent(0, 0),
    sent(0, 1),
    sent(1, 2),
    sent(1, 0),
    sent(0, 2),
    sent(0, 1),
    sent(1, 0),
    sent(1, 1),
    sent(5, 0),
    end,
  ),
  scenario(
    'idempotence: numbers begin again behind the largest',
    orders,
    putOne(numbered(id, [0, 2 ** 31 - 2], 1)),
    putOne(numbered(id, [0, 2 ** 31 - 1], 1)),
    sent(0, 0),
    sent(0, 1),
    end,
  ),
  scenario(
    'idempotence: a batch across the largest number',
    orders,
    putOne(numbered(id, [0, 2 ** 31 - 2], 4)),
    sent(0, 2),
    putOne(numbered(id, [0, 2 ** 31 - 2], 4)),
    end,
  ),
  scenario(
    'idempotence: each partition counts for itself',
    orders,
    put([['orders', [0, numbered(id, [0, 0])], [1, numbered(id, [0, 0])]]]),
    put([['orders', [0, numbered(id, [0, 1])], [1, numbered(id, [0, 3])]]]),
    put([['orders', [0, numbered(id, [0, 1])], [1, numbered(id, [0, 1])]]]),
    end,
  ),
  scenario(
    'idempotence: several producers',
    orders,
    sent(0, 0),
    putOne(numbered(7n, [0, 0])),
    sent(0, 1),
    putOne(numbered(7n, [0, 2])),
    end,
  ),
  scenario(
    'idempotence: who is remembered',
    orders,
    remembered,
    sent(0, 0, 2),
    sent(0, 2),
    putOne(numbered(7n, [3, 5], 2)),
    putOne(batchOf(valued(['of nobody']))),
    remembered,
    sent(1, 0),
    putOne(numbered(7n, [3, 9])),
    put([['orders', [1, numbered(id, [2, 0])]]]),
    remembered,
  ),
  scenario('idempotence: no acknowledgement', orders, sent(0, 0), putOne(numbered(id, [0, 0]), { acks: 1 }), end),
]

/** producer id, epoch and sequence as they can't be, or hardly */
const strange = (producerId: bigint, epoch: number, sequence: number): Step =>
  putOne(batchOf(valued(['a']), 0, { producerId, epoch, sequence }))

const askId = (options: StepOptions): Step =>
  send(initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 1000 }, options)

const numbers: Scenario[] = [
  scenario('idempotence: without a number', orders, strange(id, 0, -1), strange(id, 0, -2), end),
  scenario('idempotence: without an epoch', orders, strange(id, -1, 0), strange(id, -1, -1), strange(id, -2, 0), end),
  scenario('idempotence: without an id', orders, strange(-1n, 0, 0), strange(-1n, -1, 5), strange(-2n, 3, 3), end),
  scenario(
    'idempotence: the largest of all',
    orders,
    strange(2n ** 63n - 1n, 32_767, 2 ** 31 - 1),
    strange(2n ** 63n - 1n, 32_767, 0),
    end,
  ),
  scenario(
    'idempotence: on the time of the broker',
    create(7, [topic('orders', { partitions: 2, configs: [['message.timestamp.type', 'LogAppendTime']] })]),
    sent(0, 0, 2),
    sent(0, 0, 2),
    end,
  ),
  scenario(
    'idempotence: an id that was asked for',
    orders,
    ...Array.from({ length: 4 }, () => askId({ on: 'warm', parked: true })), // Kafka's first answer may be that it has none yet
    askId({ as: 'producer' }),
    ...[0, 1, 1, 3].map((sequence) =>
      send(produce, 11, (seen) => {
        const producerId = seen<bigint>('producer', 'producerId')
        const partitionData = [{ index: 0, records: numbered(producerId, [0, sequence]) }]
        return { acks: -1, timeoutMs: 5000, topicData: [{ name: 'orders', partitionData }] }
      }),
    ),
    end,
  ),
]

const transactional = (producerId: bigint, epoch: number, sequence: number): Buffer =>
  changed((b) => b.writeInt16BE(0x10, batchAt.attributes), batchOf(valued(['a']), 0, { producerId, epoch, sequence }))

const transactions: Scenario[] = [
  ...[3, 8, 11].map((version) =>
    scenario(
      `transactional batches v${version}: of nobody's transaction`,
      orders,
      putOne(transactional(id, 0, 0), { version }),
      putOne(transactional(id, 0, 0), { version, acks: 1 }),
      putOne(transactional(-1n, -1, -1), { version }),
      end,
    ),
  ),
  scenario(
    'a transactional id without transactional batches',
    orders,
    putOne(batchOf(valued(['a'])), { transactionalId: 'tx' }),
    putOne(batchOf(valued(['a'])), { transactionalId: '' }),
    putOne(numbered(id, [0, 0]), { transactionalId: 'tx' }),
    end,
    get([['orders', [0, 0n]]], { isolationLevel: 1 }),
  ),
]

export const idempotenceScenarios: readonly Scenario[] = [...batches, ...numbers, ...transactions]
