// The rules of listeners, each against what it has to hold for any input.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Headers, InRecord } from '../../kafka/driver/port.ts'
import { failureHeaders, firstOrigin, originOf } from './failure-headers.ts'
import { Lanes, laneOf } from './lanes.ts'
import { backoffMs, nextStep } from './next-step.ts'
import { Watermark } from './watermark.ts'

const permutation = fc
  .uniqueArray(fc.nat(1000), { maxLength: 60 })
  .chain((all) => fc.tuple(fc.constant(all.toSorted((a, b) => a - b)), fc.shuffledSubarray(all)))

test('the watermark is behind the last record before which all are done, and never goes back', () => {
  fc.assert(
    fc.property(permutation, ([offsets, finished]) => {
      const watermark = new Watermark()
      for (const offset of offsets) watermark.begin(offset)
      const done = new Set<number>()
      let before = -1
      for (const offset of finished) {
        watermark.done(offset)
        done.add(offset)
        const stuck = offsets.findIndex((each) => !done.has(each))
        const prefix = stuck < 0 ? offsets : offsets.slice(0, stuck)
        const last = prefix.at(-1)
        expect(watermark.committable).toBe(last === undefined ? undefined : last + 1)
        expect(watermark.gap).toBe(offsets.length - prefix.length)
        expect(watermark.committable ?? -1).toBeGreaterThanOrEqual(before)
        before = watermark.committable ?? -1
      }
    }),
  )
})

test('the watermark of many records goes on behind what it has forgotten', () => {
  const watermark = new Watermark()
  for (let offset = 0; offset < 5000; offset++) watermark.begin(offset)
  for (let offset = 4999; offset > 2000; offset--) watermark.done(offset)
  for (let offset = 0; offset < 2000; offset++) watermark.done(offset)
  expect([watermark.committable, watermark.gap]).toEqual([2000, 3000])
  watermark.done(2000)
  expect([watermark.committable, watermark.gap]).toEqual([5000, 0])
})

test('lanes keep the order within each, run at most max at once, and leave nothing behind', () => {
  const added = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 80 })
  fc.assert(
    fc.property(added, fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.nat(100)), (names, max, chances) => {
      const lanes = new Lanes<{ lane: string; n: number }>(max)
      const left = names.map((lane, n) => ({ lane, n }))
      const running: { lane: string; n: number }[] = []
      const ended = new Map<string, number>()
      let count = 0
      while (left.length > 0 || running.length > 0 || count < names.length) {
        const chance = chances.next().value ?? 0
        const item = left[0]
        if (item && chance % 2 === 0) {
          left.shift()
          lanes.add(item.lane, item)
        }
        for (let next = lanes.next(); next; next = lanes.next()) running.push(next)
        expect(running.length).toBeLessThanOrEqual(max)
        expect(new Set(running.map(({ lane }) => lane)).size).toBe(running.length)
        const [over] = running.splice(chance % Math.max(1, running.length), 1)
        if (!over) continue
        expect(over.n).toBeGreaterThan(ended.get(over.lane) ?? -1)
        ended.set(over.lane, over.n)
        lanes.done(over.lane)
        count += 1
      }
      expect(count).toBe(names.length)
      expect(lanes.inWork).toBe(0)
    }),
  )
})

test('records with the same bytes as key share a lane, and all without a key do', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      const [left, right] = [Buffer.from(a), Buffer.from(b)]
      expect(laneOf('key', left) === laneOf('key', right)).toBe(left.equals(right))
      expect(laneOf('partition', left)).toBe(laneOf('partition', right))
      expect(laneOf('key', left)).not.toBe(laneOf('key', null))
    }),
  )
})

test('a record is tried as often as declared, with the declared delays in order, and ends as declared', () => {
  const failures = fc.record({
    attempts: fc.integer({ min: 1, max: 20 }),
    retryMs: fc.array(fc.integer({ min: 1, max: 1e6 }), { maxLength: 4 }),
    then: fc.constantFrom('dlt' as const, 'skip' as const, 'stop' as const),
  })
  fc.assert(
    fc.property(failures, fc.double({ min: 0, max: 1, noNaN: true }), (declared, random) => {
      const steps = Array.from({ length: declared.attempts }, (_, n) =>
        nextStep({ attempt: n + 1, isFinal: false, failures: declared, random }),
      )
      expect(steps.pop()).toEqual({ kind: declared.then })
      const delays = steps.flatMap((step) => (step.kind === 'retry-topic' ? [step.delayMs] : []))
      const { retryMs } = declared
      expect(delays).toEqual(retryMs.length === 0 ? [] : steps.map((_, n) => retryMs[n] ?? retryMs.at(-1)))
      if (retryMs.length === 0) expect(new Set(steps.map(({ kind }) => kind)).size).toBeLessThanOrEqual(1)
      const final = nextStep({ attempt: 1, isFinal: true, failures: declared, random })
      expect(final).toEqual({ kind: declared.then })
    }),
  )
})

test('without failures a record is tried for ever, with pauses that grow to a bound', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const step = nextStep({ attempt, isFinal: true, failures: undefined, random })
      expect(step).toEqual({ kind: 'again', afterMs: backoffMs(attempt, random) })
      expect(backoffMs(attempt, random)).toBeLessThanOrEqual(30_000)
      expect(backoffMs(attempt + 1, 0)).toBeGreaterThanOrEqual(backoffMs(attempt, 0))
      expect(backoffMs(attempt, random)).toBeGreaterThanOrEqual(100)
    }),
  )
})

const headers: fc.Arbitrary<Headers> = fc.array(
  fc.tuple(
    fc.string(),
    fc.option(
      fc.uint8Array().map((bytes): Buffer => Buffer.from(bytes)),
      { nil: null },
    ),
  ),
)

test('a chain of failures keeps where the record was first and its own headers, and tells the last error', () => {
  const place = fc.record({ partition: fc.nat(), offset: fc.nat(), timestamp: fc.nat() })
  fc.assert(
    fc.property(headers, place, place, fc.array(fc.string(), { minLength: 1 }), (own, first, later, messages) => {
      const record: InRecord = { topic: 'orders', ...first, key: null, value: null, headers: own }
      let origin = firstOrigin(record)
      let told = own
      messages.forEach((message, n) => {
        const failed = { group: 'billing', attempts: n + 1, error: new RangeError(message), due: n }
        told = failureHeaders(told, origin, failed)
        origin = originOf({ ...record, ...later, topic: 'orders.billing.retry.1s', headers: told }, 'orders')
        expect(origin).toEqual({ topic: 'orders', ...first, attempts: n + 1, due: n })
      })
      const textOf = (name: string): (string | undefined)[] =>
        told.filter(([key]) => key === name).map(([, value]) => value?.toString())
      expect(textOf('evplat.error-class')).toEqual(['RangeError'])
      expect(textOf('evplat.original-topic')).toEqual(['orders'])
      const last = messages.at(-1)!
      if (Buffer.byteLength(last) <= 1024)
        expect(textOf('evplat.error-message')).toEqual([Buffer.from(last).toString()])
      expect(told.slice(0, own.length)).toEqual(own)
      const dead = failureHeaders(told, origin, { group: 'billing', attempts: 9, error: 'text' })
      expect(dead.some(([name]) => name === 'evplat.due' || name === 'evplat.error-stack')).toBe(false)
    }),
  )
})

test('stacks and messages are capped between characters', () => {
  const error = new Error('ü'.repeat(5000))
  const record: InRecord = { topic: 'a', partition: 0, offset: 0, timestamp: 0, key: null, value: null, headers: [] }
  const told = failureHeaders([], firstOrigin(record), { group: 'g', attempts: 1, error })
  const sizes = new Map(told.map(([name, value]) => [name, value]))
  expect(sizes.get('evplat.error-message')?.toString()).toBe('ü'.repeat(512))
  expect(sizes.get('evplat.error-stack')!.length).toBeLessThanOrEqual(4096)
  expect(sizes.get('evplat.error-stack')!.toString()).not.toContain('\uFFFD')
})
