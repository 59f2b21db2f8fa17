// What other brokers of this kind got wrong about records.
import { expect, test } from 'vitest'
import { errorName } from '../../src/protocol/error-table.ts'
import { apiVersions } from '../../src/protocol/messages/api-versions.ts'
import { produce } from '../../src/protocol/messages/produce.ts'
import { get, numbered, offsets, putOne, someTime } from '../differential/data-requests.ts'
import { create, remove, removeRecords, topic } from '../differential/requests.ts'
import { batchOf, recordsIn, logClock } from '../support/log-fixture.ts'
import { memoryBroker, wireTo } from '../support/memory-broker.ts'
import { openRaw, requestBytes } from '../support/raw-client.ts'
import { batch, fetchedRecords, producedError, producedOffset, tell, told, withOrders } from './stage.ts'

const errorOf = async (...asked: Parameters<typeof told>): Promise<string> => errorName(await told<number>(...asked))

test('a fetch at an offset inside a batch gets the whole batch', async () => {
  const { wire } = await withOrders()
  await tell(wire, putOne(batch('a', 'b', 'c')))
  await tell(wire, putOne(batch('d')))
  const records = await told<Buffer>(wire, get([['orders', [0, 1n, { partitionMaxBytes: 1 }]]]), fetchedRecords)
  expect(recordsIn([records]).map(({ offset, value }) => [offset, value])).toEqual([
    [0, 'a'],
    [1, 'b'],
    [2, 'c'],
  ])
})

test('a batch above max.message.bytes is refused, one of exactly that size is taken', async () => {
  const size = batch('x'.repeat(500)).length
  const { wire } = await withOrders([['max.message.bytes', String(size)]])
  expect(await errorOf(wire, putOne(batch('x'.repeat(501))), producedError)).toBe('MESSAGE_TOO_LARGE')
  expect(await errorOf(wire, putOne(batch('x'.repeat(500))), producedError)).toBe('NONE')
  expect(await told(wire, offsets(4, [['orders', [0, -1n]]]), 'topics.0.partitions.0.offset')).toBe(1n)
})

test.each([0, 1, 2, 3, 4])('records without a key are refused by a compacted topic, codec %d', async (codec) => {
  const { wire } = await withOrders([['cleanup.policy', 'compact']])
  const keyless = batchOf(
    [
      { value: 'a', timestamp: someTime },
      { key: null, value: 'b', timestamp: someTime },
    ],
    codec,
  )
  expect(await tell(wire, putOne(keyless))).toMatchObject({
    responses: [{ partitionResponses: [{ errorCode: 87, recordErrors: [{ batchIndex: 1 }] }] }],
  })
  expect(await errorOf(wire, putOne(batchOf([{ value: 'a', timestamp: someTime }], codec)), producedError)).toBe('NONE')
})

test.each([0, 1, 2, 3, 4])(
  'ListOffsets finds the first record of a time or later, inside a batch of codec %d',
  async (codec) => {
    const { wire } = await withOrders()
    // times that go back and forth: the first in the order of offsets counts
    const at = (...times: number[]) =>
      batchOf(
        times.map((ms) => ({ value: `${ms}`, timestamp: someTime + ms })),
        codec,
      )
    await tell(wire, putOne(at(10, 5, 30)))
    await tell(wire, putOne(at(20, 20, 40)))
    const found = async (ms: number): Promise<[bigint, bigint]> => {
      const { offset, timestamp } = await told<{ offset: bigint; timestamp: bigint }>(
        wire,
        offsets(4, [['orders', [0, BigInt(someTime + ms)]]]),
        'topics.0.partitions.0',
      )
      return [offset, timestamp < 0n ? -1n : timestamp - BigInt(someTime)]
    }
    expect(await Promise.all([0, 5, 6, 11, 31, 40, 41].map(found))).toEqual([
      [0n, 10n],
      [0n, 10n],
      [0n, 10n],
      [2n, 30n],
      [5n, 40n],
      [5n, 40n],
      [-1n, -1n],
    ])
  },
)

test('a connection goes on after a write without acknowledgement, and ends when that write failed', async () => {
  const { broker, wire } = await withOrders()
  const unanswered = (name: string): Buffer => {
    const topicData = [{ name, partitionData: [{ index: 0, records: batch('a') }] }]
    return requestBytes([produce, 9], { acks: 0, timeoutMs: 1000, topicData }, { correlationId: 1 })
  }
  const asked = requestBytes([apiVersions, 0], {}, { correlationId: 2 })
  const client = await openRaw(broker.port)
  client.write(Buffer.concat([unanswered('orders'), unanswered('orders'), asked]))
  await client.answers(1)
  client.write(asked)
  await client.answers(2)
  expect(client.ids()).toEqual([2, 2])
  client.write(Buffer.concat([unanswered('nowhere'), asked]))
  expect([await client.isEnded(), client.ids()]).toEqual([true, [2, 2]])
  expect(await told(wire, putOne(batch('b')), producedOffset)).toBe(2n)
})

test('a producer’s state goes with its topic: in a new one of the same name its first batch is no duplicate', async () => {
  const { wire } = await withOrders()
  for (const sequence of [0, 1, 2]) await tell(wire, putOne(numbered(7n, [3, sequence])))
  await tell(wire, remove(6, 'orders'))
  await tell(wire, create(7, [topic('orders')]))
  await tell(wire, putOne(batch('first')))
  expect(await told(wire, putOne(numbered(7n, [0, 0])), producedOffset)).toBe(1n) // an epoch below the one before
  expect(await told(wire, putOne(numbered(7n, [0, 0])), producedOffset)).toBe(1n)
  expect(await told(wire, offsets(4, [['orders', [0, -1n]]]), 'topics.0.partitions.0.offset')).toBe(2n)
})

test('retention and lookups by time go on when the segment with the largest timestamp is gone', async () => {
  const clock = logClock()
  const broker = await memoryBroker({ clock })
  const wire = await wireTo(broker)
  const configs = [
    ['segment.bytes', '300'],
    ['retention.ms', '3600000'],
    ['file.delete.delay.ms', '0'],
  ] as const
  await tell(wire, create(7, [topic('orders', { configs })]))
  const at = (ms: number): Buffer => batchOf([{ value: 'x'.repeat(150), timestamp: clock.now() + ms }])
  for (const ms of [3000, 1000, 500, 0]) await tell(wire, putOne(at(ms)))
  const newest = offsets(7, [['orders', [0, -3n]]])
  expect(await told(wire, newest, 'topics.0.partitions.0.offset')).toBe(0n)
  await tell(wire, removeRecords(2, [['orders', [0, 1n]]]))
  expect(await told(wire, newest, 'topics.0.partitions.0.offset')).toBe(1n)
  clock.advance(30 * 60_000)
  await tell(wire, putOne(at(0)))
  clock.advance(45 * 60_000) // the old ones are due, and the cleaner comes by
  expect(await told(wire, offsets(4, [['orders', [0, -2n]]]), 'topics.0.partitions.0.offset')).toBe(4n)
  expect(await told(wire, newest, 'topics.0.partitions.0.offset')).toBe(4n)
  clock.advance(60 * 60_000)
  expect(await tell(wire, newest)).toMatchObject({ topics: [{ partitions: [{ errorCode: 0, offset: -1n }] }] })
  expect(await told(wire, putOne(at(0)), producedOffset)).toBe(5n)
})
