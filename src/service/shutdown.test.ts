import { expect, test } from 'vitest'
import { handClock } from '../../test/service/hand-clock.ts'
import type { Log } from './definition.ts'
import { shutdownOf, shutdownSteps } from './shutdown.ts'
import type { ShutdownParts, ShutdownStep } from './shutdown.ts'

const never = (): Promise<void> => new Promise(() => undefined)

function logOf(): Log & { readonly lines: string[] } {
  const lines: string[] = []
  const line = (fields: object, message: string): void => void lines.push(`${message} ${JSON.stringify(fields)}`)
  return { lines, debug: line, info: line, warn: line, error: line }
}

function setUp(steps: readonly ShutdownStep[], clock = handClock()) {
  const log = logOf()
  return { clock, log, shutdown: shutdownOf({ steps, deadlineMs: 10_000, clock, log }) }
}

/** Parts that note when they were called; `changes` replaces some. */
function parts(changes: Partial<ShutdownParts> = {}) {
  const calls: string[] = []
  const note = (name: string) => async (): Promise<void> => void calls.push(name)
  const all: ShutdownParts = {
    refuseTraffic: () => void calls.push('refuseTraffic'),
    graceMs: 200,
    stopHttp: note('stopHttp'),
    stopConsumers: note('stopConsumers'),
    flushProducer: note('flushProducer'),
    stopManagement: note('stopManagement'),
    onStop: note('onStop'),
    flushLogs: note('flushLogs'),
    ...changes,
  }
  return { all, calls }
}

test('all steps in the order in which nothing is lost: exit code 0', async () => {
  const { all, calls } = parts()
  const clock = handClock()
  const { shutdown } = setUp(shutdownSteps(all, clock), clock)
  const outcome = shutdown({ signal: 'SIGTERM' })
  await clock.turn(199)
  expect(calls).toEqual(['refuseTraffic'])
  await clock.turn(1)
  expect(await outcome).toEqual({ code: 0, unfinished: [] })
  expect(calls).toEqual([
    'refuseTraffic',
    'stopHttp',
    'stopConsumers',
    'flushProducer',
    'onStop',
    'stopManagement',
    'flushLogs',
  ])
})

test('what hangs leaves the later steps their time, and is named', async () => {
  const signals: AbortSignal[] = []
  const hang = (_ms: number, signal: AbortSignal): Promise<void> => (signals.push(signal), never())
  const { all, calls } = parts({ stopHttp: hang, stopConsumers: hang })
  const clock = handClock()
  const { shutdown, log } = setUp(shutdownSteps(all, clock), clock)
  const outcome = shutdown({ signal: 'SIGTERM' })
  await clock.turn(10_000)
  const { code, unfinished } = await outcome
  expect(code).toBe(1)
  expect(unfinished.map(({ step }) => step)).toEqual(['http', 'consumers'])
  expect(calls).toEqual(['refuseTraffic', 'flushProducer', 'onStop', 'stopManagement', 'flushLogs'])
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
  expect(log.lines.filter((line) => line.includes('not done within'))).toHaveLength(2)
})

test('where everything hangs the deadline holds', async () => {
  const hanging = ['a', 'b', 'c', 'd'].map((name) => ({ name, run: never, reserveMs: 9000 }))
  const { shutdown, clock } = setUp(hanging)
  const outcome = shutdown({ signal: 'SIGTERM' })
  await clock.turn(10_000)
  expect((await outcome).unfinished.map(({ step }) => step)).toEqual(['a', 'b', 'c', 'd'])
  expect(clock.now()).toBe(10_000)
})

test.each([
  [
    'throws',
    () => {
      throw new Error('broken pipe')
    },
  ],
  ['rejects', () => Promise.reject(new Error('broken pipe'))],
])('a step that %s does not keep the others from theirs', async (_how, run) => {
  const done: string[] = []
  const { shutdown } = setUp([
    { name: 'first', run },
    { name: 'second', run: () => void done.push('second') },
  ])
  expect(await shutdown({ signal: 'SIGTERM' })).toEqual({
    code: 1,
    unfinished: [{ step: 'first', why: 'broken pipe' }],
  })
  expect(done).toEqual(['second'])
})

test('a second signal ends it at once and says what was not done', async () => {
  const later: string[] = []
  const { shutdown, clock } = setUp([
    { name: 'drain', run: never },
    { name: 'flush', run: () => void later.push('flush') },
  ])
  const outcome = shutdown({ signal: 'SIGINT' })
  await clock.turn(10)
  expect(shutdown({ signal: 'SIGINT' })).toBe(outcome)
  const why = 'cut short by a second signal'
  expect(await outcome).toEqual({
    code: 130,
    unfinished: [
      { step: 'drain', why },
      { step: 'flush', why },
    ],
  })
  expect(later).toEqual([])
})

test('an error that ends the service lets it end in order, with exit code 1', async () => {
  const { all, calls } = parts({ graceMs: 0 })
  const clock = handClock()
  const { shutdown, log } = setUp(shutdownSteps(all, clock), clock)
  const outcome = shutdown({ error: new Error('topic gone') })
  await clock.turn(1)
  expect(await outcome).toEqual({ code: 1, unfinished: [] })
  expect(calls).toContain('flushProducer')
  expect(log.lines[0]).toContain('topic gone')
})
