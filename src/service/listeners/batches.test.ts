// Listeners that take many records at once: what fails of them goes its way alone.
import { expect, onTestFinished, test } from 'vitest'
import { type HandClock, handClock, settled } from '../../../test/service/hand-clock.ts'
import { Scripted, recordsOf } from '../../../test/service/support/scripted-driver.ts'
import type { DeclaredService } from '../definition.ts'
import { startListeners } from './start-listeners.ts'
import type { BatchHanded, Decode } from './words.ts'

interface Call {
  readonly events: readonly unknown[]
  readonly attempts: readonly number[]
  readonly batch: BatchHanded
  readonly end: (error?: Error) => void
}

interface Bench {
  readonly kafka: Scripted
  readonly clock: HandClock
  readonly told: string[]
  readonly calls: Call[]
}

interface Setup {
  readonly max?: number
  readonly waitMs?: number
  readonly failures?: DeclaredService['failures']
  readonly isAway?: () => boolean
}

function bench({ max = 10, waitMs = 0, failures, isAway = () => false }: Setup = {}): Bench {
  const kafka = new Scripted()
  const clock = handClock()
  const told: string[] = []
  const calls: Call[] = []
  const decode: Decode = (record) => {
    const event = `${record.value}`
    if (isAway()) return Promise.resolve({ kind: 'away', error: new Error('no registry') })
    if (event.startsWith('poison')) return Promise.resolve({ kind: 'poison', error: new TypeError('not readable') })
    return Promise.resolve({ kind: 'event', key: null, event })
  }
  const running = startListeners({
    driver: kafka.driver,
    producer: kafka.driver.produce({ bootstrap: [] }, { deliveryMs: 1, onTrouble: () => {} }),
    settings: { bootstrap: [] },
    service: { name: 'billing', group: 'billing', ...(failures && { failures }) },
    definitions: [
      {
        topic: 'orders',
        filter: (event) => event !== 'unwanted',
        batch: {
          max,
          waitMs,
          handle: (items, batch) =>
            new Promise<void>((resolve, reject) => {
              const events = items.map(({ event }) => event)
              const attempts = items.map(({ handed }) => handed.attempt)
              calls.push({ events, attempts, batch, end: (error) => (error ? reject(error) : resolve()) })
            }),
        },
      },
    ],
    decode,
    tell: ({ kind }) => told.push(kind),
    clock,
    random: () => 0.5,
  })
  onTestFinished(async () => {
    const stopped = running.stop(1000)
    await clock.turn(30_000)
    await stopped
  })
  return { kafka, clock, told, calls }
}

async function endLast({ calls }: Bench, error?: Error): Promise<void> {
  calls.at(-1)!.end(error)
  await settled()
}

const eventsOf = ({ calls }: Bench): (readonly unknown[])[] => calls.map(({ events }) => events)

test('a batch has at most so many records, and the next one begins when it has ended', async () => {
  const of = bench({ max: 2 })
  of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1', 'unwanted', '2', '3', '4']))
  await settled()
  expect(eventsOf(of)).toEqual([['1']])
  await endLast(of)
  expect(eventsOf(of)).toEqual([['1'], ['2', '3']])
  await of.clock.turn(5000)
  expect(of.kafka.committed.get('orders-0')).toBe(2)
  await endLast(of)
  expect(of.calls.at(-1)!.events).toEqual(['4'])
})

test('a batch that is not full waits for its time', async () => {
  const of = bench({ max: 3, waitMs: 1000 })
  of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1']))
  await of.clock.turn(999)
  of.kafka.sink.records(recordsOf('orders', ['2'], 1))
  await settled()
  expect(of.calls).toEqual([])
  await of.clock.turn(1)
  expect(eventsOf(of)).toEqual([['1', '2']])
  of.kafka.sink.records(recordsOf('orders', ['3', '4', '5'], 2))
  await endLast(of)
  expect(of.calls.at(-1)!.events).toEqual(['3', '4', '5'])
})

test('what is named or not readable goes into the dead letters, the others are handled', async () => {
  const of = bench({ failures: { attempts: 1, retryMs: [], then: 'dlt' } })
  of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1', 'poison', '2', '3']))
  await settled()
  expect(eventsOf(of)).toEqual([['1', '2', '3']])
  of.calls[0]!.batch.failed(1, new RangeError('no'))
  expect(() => of.calls[0]!.batch.failed(3, new Error('none'))).toThrow('no record 3')
  await endLast(of)
  expect(of.kafka.sent.map(({ topic, value }) => `${topic} ${value}`)).toEqual([
    'orders.billing.dlt poison',
    'orders.billing.dlt 2',
  ])
  expect(of.told.filter((kind) => kind === 'handled')).toHaveLength(2)
  await of.clock.turn(5000)
  expect(of.kafka.committed.get('orders-0')).toBe(4)
})

test('what it throws is the error of all; without failures they are tried again before anything behind them', async () => {
  const of = bench({ max: 2 })
  of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1', '2', '3']))
  await settled()
  await endLast(of, new Error('not yet'))
  await of.clock.turn(60_000)
  expect(eventsOf(of)).toEqual([
    ['1', '2'],
    ['1', '2'],
  ])
  expect(of.calls[1]!.attempts).toEqual([2, 2])
  of.calls[1]!.batch.failed(0, new Error('still not'))
  await endLast(of)
  await of.clock.turn(60_000)
  expect(of.calls[2]).toMatchObject({ events: ['1'], attempts: [3] })
  expect(of.kafka.committed.size).toBe(0)
  await endLast(of)
  expect(of.calls[3]!.events).toEqual(['3'])
})

test('where a schema is away, the whole batch waits for it', async () => {
  let isAway = true
  const of = bench({ isAway: () => isAway, failures: { attempts: 1, retryMs: [], then: 'dlt' } })
  of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1', '2']))
  await of.clock.turn(60_000)
  expect(of.calls).toEqual([])
  isAway = false
  await of.clock.turn(60_000)
  expect(of.calls).toMatchObject([{ events: ['1', '2'], attempts: [1, 1] }])
  expect(of.kafka.sent).toEqual([])
})

test('a batch that outlasts its partition is told to abort, and is not committed', async () => {
  const of = bench()
  const partitions = of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1', '2']))
  await settled()
  const revoked = of.kafka.sink.revoked(partitions)
  await of.clock.turn(25_000)
  await revoked
  expect(of.calls[0]!.batch.signal.aborted).toBe(true)
  await endLast(of, new Error('aborted'))
  await of.clock.turn(5000)
  expect(of.kafka.committed.size).toBe(0)
  expect(of.kafka.sent).toEqual([])
})
