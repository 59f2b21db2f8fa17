// What listeners do with what a consumer tells them, step by step: time and consumer are in the hands of the test.
import { expect, onTestFinished, test } from 'vitest'
import type { DeclaredService } from '../definition.ts'
import { startListeners } from './start-listeners.ts'
import type { RunningListeners } from './start-listeners.ts'
import type { Decode, Handed, RecordDefinition, ListenersOptions } from './words.ts'
import { Scripted, asRead, recordsOf } from '../../../test/service/support/scripted-driver.ts'
import { type HandClock, handClock, settled } from '../../../test/service/hand-clock.ts'

interface Bench {
  readonly kafka: Scripted
  readonly clock: HandClock
  readonly running: RunningListeners
  readonly told: string[]
  /** texts of the records that are in work, and how each is ended */
  readonly open: Map<string, { handed: Handed; end: (error?: Error) => void }>
}

interface Setup extends Partial<Omit<RecordDefinition, 'topic'>> {
  readonly failures?: DeclaredService['failures']
  readonly limits?: ListenersOptions['limits']
  readonly decode?: Decode
  readonly epoch?: () => number
}

const text: Decode = (record) => {
  const event = `${record.value}`
  if (event.startsWith('poison')) return Promise.resolve({ kind: 'poison', error: new TypeError('not readable') })
  return Promise.resolve({ kind: 'event', key: null, event })
}

function bench({ failures, limits = {}, decode = text, epoch, ...definition }: Setup = {}): Bench {
  const kafka = new Scripted()
  const clock = handClock()
  const told: string[] = []
  const open: Bench['open'] = new Map()
  const handle = (event: unknown, handed: Handed): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = (error?: Error): void => {
        open.delete(String(event))
        if (error) reject(error)
        else resolve()
      }
      open.set(String(event), { handed, end })
    })
  const running = startListeners({
    driver: kafka.driver,
    producer: kafka.driver.produce({ bootstrap: [] }, { deliveryMs: 1, onTrouble: () => {} }),
    settings: { bootstrap: [] },
    service: { name: 'billing', group: 'billing', ...(failures && { failures }) },
    definitions: [{ topic: 'orders', handle, ...definition }],
    decode,
    tell: ({ kind }) => told.push(kind),
    clock: epoch ? { ...clock, epoch } : clock,
    random: () => 0.5,
    limits,
  })
  onTestFinished(async () => {
    const stopped = running.stop(1000)
    await clock.turn(30_000)
    await stopped
  })
  return { kafka, clock, running, told, open }
}

const inWork = ({ open }: Bench): string[] => [...open.keys()]

async function end(of: Bench, value: string, error?: Error): Promise<void> {
  of.open.get(value)!.end(error)
  await settled()
}

test('by partition, records are handled one after the other; by key, those of a key are', async () => {
  const one = bench()
  one.kafka.assign('orders')
  one.kafka.sink.records(recordsOf('orders', ['a:1', 'b:1']))
  await settled()
  expect(inWork(one)).toEqual(['a:1'])
  await end(one, 'a:1')
  expect(inWork(one)).toEqual(['b:1'])
  const keyed = bench({ concurrency: { by: 'key', max: 2 } })
  keyed.kafka.assign('orders')
  keyed.kafka.sink.records(recordsOf('orders', ['a:1', 'a:2', 'b:1', 'c:1']))
  await settled()
  expect(inWork(keyed)).toEqual(['a:1', 'b:1'])
  await end(keyed, 'b:1')
  expect(inWork(keyed)).toEqual(['a:1', 'c:1'])
  await keyed.clock.turn(5000)
  expect(keyed.kafka.committed.size).toBe(0)
  await end(keyed, 'a:1')
  await keyed.clock.turn(5000)
  expect(keyed.kafka.committed.get('orders-0')).toBe(1)
  await end(keyed, 'a:2')
  await keyed.clock.turn(5000)
  expect(keyed.kafka.committed.get('orders-0')).toBe(3)
})

test('a partition with enough records is paused, and goes on when half of them are done; others are not touched', async () => {
  const of = bench({ limits: { waitingRecords: 4 } })
  of.kafka.assign('orders', [0, 1])
  of.kafka.sink.records(recordsOf('orders', ['1', '2', '3', '4']))
  expect([...of.kafka.paused]).toEqual(['orders-0'])
  await settled()
  await end(of, '1')
  expect([...of.kafka.paused]).toEqual(['orders-0'])
  await end(of, '2')
  expect([...of.kafka.paused]).toEqual([])
  const bytes = bench({ limits: { waitingBytes: 10 } })
  bytes.kafka.assign('orders')
  bytes.kafka.sink.records(recordsOf('orders', ['0123456789']))
  expect([...bytes.kafka.paused]).toEqual(['orders-0'])
})

test('behind one record that does not end only so many are handled', async () => {
  const of = bench({ concurrency: { by: 'key', max: 10 }, limits: { gap: 2 } })
  of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['a:1', 'b:1', 'c:1']))
  await settled()
  await end(of, 'b:1')
  expect(inWork(of)).toEqual(['a:1'])
  await end(of, 'a:1')
  expect(inWork(of)).toEqual(['c:1'])
})

test('what is revoked ends its work, commits it, and begins nothing more', async () => {
  const of = bench()
  const partitions = of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1', '2']))
  await settled()
  let isOver = false
  const revoked = of.kafka.sink.revoked(partitions).then(() => (isOver = true))
  await of.clock.turn(10_000)
  expect(isOver).toBe(false)
  expect(of.open.get('1')!.handed.signal.aborted).toBe(false)
  await end(of, '1')
  await revoked
  expect(of.kafka.committed.get('orders-0')).toBe(1)
  expect(inWork(of)).toEqual([])
})

test('a handler that outlasts the deadline is told to abort, and what it ends later is not committed', async () => {
  const of = bench()
  const partitions = of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1']))
  await settled()
  const { signal } = of.open.get('1')!.handed
  const revoked = of.kafka.sink.revoked(partitions)
  await of.clock.turn(25_000)
  await revoked
  expect(signal.aborted).toBe(true)
  expect(of.told).toContain('abandoned')
  of.kafka.assign('orders')
  await end(of, '1')
  await of.clock.turn(5000)
  expect(of.kafka.committed.size).toBe(0)
})

test('what is lost is dropped at once; a late end counts neither for it nor for its next assignment', async () => {
  const of = bench()
  const partitions = of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1', '2']))
  await settled()
  const late = of.open.get('1')!
  of.kafka.sink.lost(partitions)
  expect(late.handed.signal.aborted).toBe(true)
  of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1', '2']))
  await settled()
  late.end()
  await of.clock.turn(5000)
  expect(of.kafka.committed.size).toBe(0)
})

test('a failure goes from topic to topic, and into the dead letters at last, with its bytes as they were', async () => {
  const of = bench({ failures: { attempts: 3, retryMs: [10_000, 60_000], then: 'dlt' } })
  expect(of.kafka.consumers[0]!.options.topics).toEqual([
    'orders',
    'orders.billing.retry.10s',
    'orders.billing.retry.1m',
  ])
  of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['k:1', 'k:2']))
  await settled()
  await end(of, 'k:1', new RangeError('no'))
  expect(of.kafka.sent.map(({ topic }) => topic)).toEqual(['orders.billing.retry.10s'])
  expect(inWork(of)).toEqual(['k:2'])
  for (const next of ['orders.billing.retry.1m', 'orders.billing.dlt']) {
    const record = asRead(of.kafka.sent.at(-1)!)
    const { topic } = record
    of.kafka.assign(topic)
    of.kafka.sink.records([record])
    await settled()
    expect([...of.kafka.paused]).toEqual([`${topic}-0`])
    expect(inWork(of)).not.toContain('k:1')
    await of.clock.turn(60_000)
    expect(of.kafka.paused.size).toBe(0)
    expect(of.open.get('k:1')!.handed).toMatchObject({ topic: 'orders', offset: 0, timestamp: 5 })
    await end(of, 'k:1', new RangeError('still no'))
    expect(of.kafka.sent.at(-1)).toMatchObject({ topic: next, key: Buffer.from('k'), value: Buffer.from('k:1') })
  }
  expect(of.kafka.sent.length).toBe(3)
})

test('a record that falls due while it is looked at takes no other one with it', async () => {
  let now = 998
  const of = bench({ failures: { attempts: 3, retryMs: [1000], then: 'dlt' }, epoch: () => (now += 1) })
  const topic = 'orders.billing.retry.1s'
  of.kafka.assign(topic)
  const dues = ['0', '1000', '1000']
  of.kafka.sink.records(
    recordsOf(topic, ['1', '2', '3']).map((record, n) => ({
      ...record,
      headers: [['evplat.due', Buffer.from(dues[n]!)] as const],
    })),
  )
  for (const value of ['1', '2', '3']) {
    await settled()
    expect(inWork(of)).toEqual([value])
    await end(of, value)
  }
  expect(of.running.numbers()).toMatchObject([{ waiting: 0, inWork: 0 }])
  await of.clock.turn(5000)
  expect(of.kafka.committed.get(`${topic}-0`)).toBe(3)
})

test('a dead letter that is not acknowledged holds its partition back, and is tried again', async () => {
  const of = bench({ failures: { attempts: 3, retryMs: [1000], then: 'dlt' } })
  of.kafka.refuseSends = 3
  of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['poison', '2']))
  await settled()
  expect(of.running.numbers()).toMatchObject([{ blockedBy: 'no broker took a record', inWork: 1, deadLetters: 0 }])
  expect(inWork(of)).toEqual([])
  expect(of.kafka.committed.size).toBe(0)
  await of.clock.turn(60_000)
  expect(of.kafka.sent.map(({ topic, value }) => `${topic} ${value}`)).toEqual(['orders.billing.dlt poison'])
  expect(inWork(of)).toEqual(['2'])
  expect(of.kafka.committed.get('orders-0')).toBe(1)
  expect(of.running.numbers()).toMatchObject([{ blockedBy: undefined, committed: 1, deadLetters: 1 }])
})

test('where the registry is away nothing is poison: the partition waits and goes on by itself', async () => {
  let isAway = true
  const decode: Decode = (record, topic) =>
    isAway ? Promise.resolve({ kind: 'away', error: new Error('no registry') }) : text(record, topic)
  const of = bench({ decode, failures: { attempts: 1, retryMs: [], then: 'dlt' } })
  of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1']))
  await of.clock.turn(60_000)
  expect([...of.kafka.paused]).toEqual(['orders-0'])
  isAway = false
  await of.clock.turn(60_000)
  expect(inWork(of)).toEqual(['1'])
  expect(of.open.get('1')!.handed.attempt).toBe(1)
  expect(of.kafka.paused.size).toBe(0)
  expect(of.kafka.sent).toEqual([])
})

test('without failures a record is tried in place, and revoked while it waits it is left to the next member', async () => {
  const of = bench()
  const partitions = of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1', '2']))
  await settled()
  for (let attempt = 1; attempt < 5; attempt++) {
    expect(of.open.get('1')!.handed.attempt).toBe(attempt)
    await end(of, '1', new Error('not yet'))
    expect(of.running.numbers()).toMatchObject([{ blockedBy: 'not yet', retries: attempt }])
    if (attempt < 4) await of.clock.turn(60_000)
  }
  await of.kafka.sink.revoked(partitions)
  expect(of.kafka.committed.size).toBe(0)
})

test('skip goes on without the record; stop ends with its error and commits nothing of it', async () => {
  const skip = bench({ failures: { attempts: 1, retryMs: [], then: 'skip' } })
  skip.kafka.assign('orders')
  skip.kafka.sink.records(recordsOf('orders', ['poison', '2']))
  await settled()
  expect(skip.told).toContain('skipped')
  expect(inWork(skip)).toEqual(['2'])
  const stop = bench({ failures: { attempts: 1, retryMs: [], then: 'stop' } })
  stop.kafka.assign('orders')
  stop.kafka.sink.records(recordsOf('orders', ['1', '2']))
  await settled()
  await end(stop, '1', new Error('enough'))
  await expect(stop.running.ended).rejects.toThrow('enough')
  await stop.clock.turn(60_000)
  expect(inWork(stop)).toEqual([])
  expect(stop.kafka.committed.size).toBe(0)
})

test('a partition with work and without progress is told once, and once when it goes on', async () => {
  const of = bench()
  of.kafka.assign('orders', [0, 1])
  of.kafka.sink.records(recordsOf('orders', ['1', '2']))
  await of.clock.turn(300_000)
  expect(of.told.filter((kind) => kind === 'stalled')).toEqual(['stalled'])
  expect(of.running.numbers()).toMatchObject([{ isStalled: true, oldestInWork: 300_000 }, { isStalled: false }])
  await end(of, '1')
  await of.clock.turn(30_000)
  expect(of.told.filter((kind) => kind === 'moving')).toEqual(['moving'])
})

test('a listener that is paused begins nothing, also of partitions that come later', async () => {
  const of = bench()
  of.running.pause('orders')
  of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1']))
  await settled()
  expect(inWork(of)).toEqual([])
  of.running.resume('orders')
  await settled()
  expect(inWork(of)).toEqual(['1'])
})

test('retry topics are read from their beginning wherever a new group begins', () => {
  const of = bench({ startFrom: 'latest', failures: { attempts: 2, retryMs: [1000], then: 'dlt' } })
  expect(of.kafka.consumers.map(({ options }) => options)).toMatchObject([
    {
      topics: ['orders', 'orders.billing.retry.1s'],
      startFrom: new Map([
        ['orders', 'latest'],
        ['orders.billing.retry.1s', 'earliest'],
      ]),
    },
  ])
})

test('a seek ends what is in work, commits the new place, and reads on from there', async () => {
  const of = bench({ limits: { waitingRecords: 3 } })
  of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1', '2', '3']))
  await settled()
  await end(of, '1')
  await of.clock.turn(5000)
  expect(of.kafka.committed.get('orders-0')).toBe(1)
  of.kafka.positions = new Map([['orders', new Map([[0, 0]])]])
  const sought = of.running.seek('orders', { to: 'earliest' })
  await settled()
  expect(of.kafka.sought.size).toBe(0)
  await end(of, '2')
  expect(await sought).toEqual({ partitions: [{ partition: 0, offset: 0, isCommitted: true }], elsewhere: [] })
  expect(of.kafka.sought).toEqual(new Map([['orders-0', 0]]))
  expect(of.kafka.committed.get('orders-0')).toBe(0)
  expect(of.kafka.paused.size).toBe(0)
  expect(inWork(of)).toEqual([])
  of.kafka.sink.records(recordsOf('orders', ['1']))
  await settled()
  await end(of, '1')
  await of.clock.turn(5000)
  expect(of.kafka.committed.get('orders-0')).toBe(1)
})

test('a seek of a partition that goes to another member meanwhile leaves nothing of it behind', async () => {
  const of = bench()
  const partitions = of.kafka.assign('orders')
  of.kafka.sink.records(recordsOf('orders', ['1', '2']))
  await settled()
  of.kafka.positions = new Map([['orders', new Map([[0, 0]])]])
  const sought = of.running.seek('orders', { to: 'earliest' })
  await settled()
  const revoked = of.kafka.sink.revoked(partitions)
  await settled()
  await end(of, '1')
  await revoked
  expect(await sought).toEqual({ partitions: [], elsewhere: [0] })
  expect(of.running.numbers()).toEqual([])
  expect([of.kafka.sought.size, of.kafka.committed.get('orders-0')]).toEqual([0, 1])
})
