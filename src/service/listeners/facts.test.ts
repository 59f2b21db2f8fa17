// Running listeners as health and metrics see them.
import { expect, onTestFinished, test } from 'vitest'
import { handClock, settled } from '../../../test/service/hand-clock.ts'
import { Scripted, recordsOf } from '../../../test/service/support/scripted-driver.ts'
import { listenerFacts } from './facts.ts'
import { startListeners } from './start-listeners.ts'

test('membership, lag, work and pauses are told', async () => {
  const kafka = new Scripted()
  const clock = handClock()
  const ends: (() => void)[] = []
  const running = startListeners({
    driver: kafka.driver,
    producer: kafka.driver.produce({ bootstrap: [] }, { deliveryMs: 1, onTrouble: () => {} }),
    settings: { bootstrap: [] },
    service: { name: 'billing', group: 'billing', failures: { attempts: 2, retryMs: [1000], then: 'dlt' } },
    definitions: [{ topic: 'orders', handle: () => new Promise<void>((resolve) => void ends.push(resolve)) }],
    decode: () => Promise.resolve({ kind: 'event', key: null, event: 1 }),
    tell: () => {},
    clock,
  })
  onTestFinished(async () => {
    const stopped = running.stop(1000)
    await clock.turn(30_000)
    await stopped
  })
  const facts = listenerFacts(running, 'billing')
  await clock.turn(500)
  expect(facts.state()).toEqual({ is: 'joining', forMs: 500, wasMember: false })
  const none = [
    { topic: 'orders', isPaused: false, partitions: [] },
    { topic: 'orders.billing.retry.1s', isPaused: false, partitions: [] },
  ]
  expect(facts.list()).toEqual(none)
  kafka.assign('orders')
  kafka.sink.records(recordsOf('orders', ['1', '2'], 10))
  kafka.ends = new Map([['orders', new Map([[0, 15]])]])
  kafka.positions = new Map([['orders', new Map([[0, 12]])]])
  await clock.turn(2000)
  expect(facts.state()).toMatchObject({ is: 'member', wasMember: true })
  const [partition] = facts.list()[0]!.partitions
  expect(partition).toEqual({ partition: 0, lag: 5, inWork: 1, oldestInWorkMs: 2000, quietMs: 2000 })
  for (let n = 0; n < 2; n++) {
    ends[n]!()
    await settled()
  }
  // behind the last record stands what is no record: the marker of a transaction
  kafka.positions = new Map([['orders', new Map([[0, 15]])]])
  await clock.turn(2000)
  expect(facts.list()[0]!.partitions).toMatchObject([{ lag: 0, inWork: 0, oldestInWorkMs: 0 }])
  kafka.isMember = false
  expect(facts.state()).toEqual({ is: 'joining', forMs: 0, wasMember: true })
  expect([facts.pause('orders'), facts.pause('nobody')]).toEqual([true, false])
  expect(facts.list().map(({ isPaused }) => isPaused)).toEqual([true, true])
  expect(facts.resume('orders')).toBe(true)
  expect(facts.list()[0]!.isPaused).toBe(false)
})
