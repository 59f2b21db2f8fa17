// Without an SDK: traces go through, and nothing else.
import { expect, test } from 'vitest'
import type { Producer, SendOptions, Topics } from '../definition.ts'
import { currentFields } from '../under-way.ts'
import { createTracing } from './create-tracing.ts'
import { parseTraceparent, traceparentOf } from './trace-context.ts'

const tracing = createTracing()
const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const incoming = `00-${trace}-00f067aa0ba902b7-01`
const at = { topic: 'orders', partition: 2, offset: 7, group: 'billing', key: Buffer.from([255, 1]) }
const headersOf = (all: Record<string, string>): [string, Buffer][] =>
  Object.entries(all).map(([name, value]) => [name, Buffer.from(value)])

/** A producer that keeps what it is given. */
function recording() {
  const given: SendOptions<unknown>[] = []
  const sent = { topic: 'out', partition: 0, offset: 1, timestamp: '', id: '' }
  const inner: Producer<Topics> = { send: async (_topic, _event, options = {}) => (given.push(options), sent) }
  return { given, producer: tracing.producer(inner) }
}

test('a handler is in the trace of its record, as a span of its own, and so is what it sends and logs', async () => {
  const { given, producer } = recording()
  const headers = headersOf({ traceparent: incoming, tracestate: 'a=1,b=2', baggage: 'user=7;p, x=y' })
  const result = await tracing.inDelivery({ ...at, headers }, async () => {
    await new Promise((resolve) => setImmediate(resolve))
    await producer.send('out', {}, { headers: { mine: '1' } })
    return [currentFields(), tracing.traceparent()] as const
  })
  expect(result[0]).toEqual({ topic: 'orders', partition: 2, offset: 7, key: '0xff01', traceId: trace })
  const own = result[1]!
  expect(own).toMatch(new RegExp(`^00-${trace}-[\\da-f]{16}-01$`))
  expect(own).not.toBe(incoming)
  expect(given[0]!.headers).toEqual({ traceparent: own, tracestate: 'a=1,b=2', baggage: 'user=7;p, x=y', mine: '1' })
  expect(tracing.traceparent()).toBeUndefined()
})

test('a record without a trace, or with a broken one, begins a new one that is not sampled', async () => {
  const traces = await Promise.all(
    [{}, { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }].map(async (headers) =>
      tracing.inDelivery({ ...at, headers: headersOf(headers) }, () => [tracing.traceparent(), currentFields()]),
    ),
  )
  for (const [traceparent, fields] of traces) {
    const [, id] = /^00-([\da-f]{32})-[\da-f]{16}-00$/.exec(String(traceparent))!
    expect(fields).toMatchObject({ traceId: id })
  }
  expect(new Set(traces.map(([traceparent]) => traceparent)).size).toBe(2)
})

test('outside of any trace a record has no headers of one; a trace that the sender names is not mixed with ours', async () => {
  const { given, producer } = recording()
  await producer.send('out', {})
  const headers = headersOf({ traceparent: incoming, tracestate: 'a=1' })
  await tracing.inDelivery({ ...at, headers }, () => producer.send('out', {}, { headers: { traceparent: 'mine' } }))
  expect(given.map((options) => options.headers)).toEqual([undefined, { traceparent: 'mine' }])
})

test('a batch has the place of its first record, and nothing is looked at but that', async () => {
  const handed = {
    ...at,
    get headers(): never {
      throw new Error('nobody records spans')
    },
  }
  const items = [{ handed }, { handed: { ...at, headers: [], offset: 8 } }]
  const fields = await tracing.inBatch({ group: 'billing', items }, () => [currentFields(), tracing.traceparent()])
  expect(fields).toEqual([{ topic: 'orders', partition: 2, offset: 7, records: 2 }, undefined])
})

test('what a handler throws goes through', async () => {
  const failing = tracing.inDelivery({ ...at, headers: [] }, () => {
    throw new TypeError('broken')
  })
  await expect(failing).rejects.toThrow(new TypeError('broken'))
})

test('a request is in the trace of its caller', async () => {
  const headers = { traceparent: incoming.replace(/01$/, '00') }
  const place = tracing.request({ requestId: 'r-1', method: 'POST', route: '/x', headers })
  const [of, fields] = place.within(() => [tracing.traceparent(), currentFields()] as const)
  expect(of).toMatch(new RegExp(`^00-${trace}-[\\da-f]{16}-00$`))
  expect(fields).toEqual({ requestId: 'r-1', traceId: trace })
})

test.each([
  [incoming, incoming],
  [incoming.replace(/01$/, 'ff'), incoming.replace(/01$/, '03')],
  [`${incoming.replace(/^00/, '42')}-more`, incoming],
  [`${incoming}-more`, undefined],
  [incoming.replace(/^00/, 'ff'), undefined],
  [incoming.toUpperCase(), undefined],
  [`00-${trace}-${'0'.repeat(16)}-01`, undefined],
  ['', undefined],
  [undefined, undefined],
])('traceparent %s is %s', (text, expected) => {
  const parsed = parseTraceparent(text)
  expect(parsed && traceparentOf(parsed)).toBe(expected)
})
