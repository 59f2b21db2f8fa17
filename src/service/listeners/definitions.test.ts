// What handlers are given, from what listeners hand over.
import { expect, test } from 'vitest'
import { silentLog } from '../../../test/service/silent-log.ts'
import type { Delivery, Listeners, Producer, Topic } from '../definition.ts'
import { definitionsOf } from './definitions.ts'
import type { Handed } from './words.ts'

type Order = { readonly id: string; readonly amount: number }
type Shop = { readonly 'orders.placed': Topic<string, Order>; readonly clicks: Topic<null, string> }

const producer: Producer<Shop> = { send: () => Promise.reject(new Error('nothing is sent')) }

const handedOver: Handed = {
  topic: 'orders.placed',
  partition: 2,
  offset: 7,
  timestamp: 1_700_000_000_123,
  key: 'k',
  headers: [
    ['trace', Buffer.from('first')],
    ['trace', Buffer.from('last')],
    ['empty', null],
  ],
  attempt: 1,
  signal: new AbortController().signal,
}

function define(listeners: Listeners<Shop>): ReturnType<typeof definitionsOf> {
  return definitionsOf(listeners, { logOf: silentLog, producer })
}

test('a handler gets the event and where it stands', () => {
  const seen: [Order, Delivery<Shop, 'orders.placed'>][] = []
  const [definition] = define({ 'orders.placed': (event, delivery) => seen.push([event, delivery]) })
  const event = { id: 'a', amount: 3 }
  definition!.handle!(event, handedOver)
  const [given, delivery] = seen[0]!
  expect(given).toBe(event)
  expect(delivery).toMatchObject({ topic: 'orders.placed', partition: 2, offset: 7, key: 'k', attempt: 1 })
  expect(delivery.timestamp).toBe('2023-11-14T22:13:20.123Z')
  expect([...delivery.headers].map(([name, value]) => [name, value?.toString()])).toEqual([
    ['trace', 'last'],
    ['empty', undefined],
  ])
  expect(delivery.signal).toBe(handedOver.signal)
  expect(delivery.producer).toBe(producer)
})

test('its id is the ce_id of the record, the last one of several, else its place', () => {
  const ids: string[] = []
  const [definition] = define({ 'orders.placed': (_event, { id }) => ids.push(id) })
  const withIds = (...values: (string | null)[]): Handed => ({
    ...handedOver,
    headers: values.map((value) => ['ce_id', value === null ? null : Buffer.from(value)] as const),
  })
  for (const handed of [withIds('a', 'b'), withIds(), withIds(''), withIds(null)]) definition!.handle!({}, handed)
  expect(ids).toEqual(['b', 'orders.placed-2-7', 'orders.placed-2-7', 'orders.placed-2-7'])
})

test('a record without a key has null', () => {
  const keys: unknown[] = []
  const [definition] = define({ clicks: (_event, { key }) => keys.push(key) })
  definition!.handle!('x', { ...handedOver, topic: 'clicks', key: undefined })
  expect(keys).toEqual([null])
})

test('a batch has its events with their deliveries, and names those that failed', () => {
  const seen: string[] = []
  const failed: number[] = []
  const [definition] = define({
    'orders.placed': {
      handleBatch: (batch, context) => {
        for (const { event, delivery } of batch) seen.push(`${event.id} ${delivery.offset}`)
        context.failed(1, new Error('no'))
      },
      batch: { waitMs: 100 },
    },
  })
  const { batch } = definition!
  const items = [
    { event: { id: 'a', amount: 1 }, handed: handedOver },
    { event: { id: 'b', amount: 2 }, handed: { ...handedOver, offset: 8 } },
  ]
  batch!.handle(items, { signal: handedOver.signal, failed: (index) => failed.push(index) })
  expect(batch).toMatchObject({ max: 500, waitMs: 100 })
  expect(seen).toEqual(['a 7', 'b 8'])
  expect(failed).toEqual([1])
})

test('options are those that were written, and a filter gets what the handler gets', () => {
  const startFrom = new Date(0)
  const notRetryable = (error: unknown): boolean => error instanceof TypeError
  const [definition, ...others] = define({
    'orders.placed': {
      handle: () => undefined,
      filter: ({ amount }, { offset }) => amount > 2 && offset === 7,
      concurrency: { by: 'key', max: 4 },
      startFrom,
      notRetryable,
    },
  })
  expect(others).toEqual([])
  expect(definition).toMatchObject({ topic: 'orders.placed', concurrency: { by: 'key', max: 4 }, startFrom })
  expect(definition!.notRetryable!(new TypeError('no'))).toBe(true)
  expect(definition!.filter!({ id: 'a', amount: 3 }, handedOver)).toBe(true)
  expect(definition!.filter!({ id: 'a', amount: 2 }, handedOver)).toBe(false)
  expect('filter' in define({ clicks: () => undefined })[0]!).toBe(false)
})
