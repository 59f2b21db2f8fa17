import { expect, test } from 'vitest'
import { handClock } from '../../../test/service/hand-clock.ts'
import { healthReader, worst } from './health.ts'
import type { HealthCheck } from './ports.ts'

const check = (name: string, answer: HealthCheck['check'], groups: HealthCheck['groups'] = []): HealthCheck => ({
  name,
  groups,
  check: answer,
})
const times = { timeoutMs: 1000, cacheMs: 500 }

test('the worst of all components is the status', () => {
  expect(worst([])).toBe('UP')
  expect(worst(['UP', 'OUT_OF_SERVICE'])).toBe('OUT_OF_SERVICE')
  expect(worst(['OUT_OF_SERVICE', 'DOWN', 'UP'])).toBe('DOWN')
})

test('a group asks only its checks', async () => {
  const asked: string[] = []
  const noted = (name: string, groups: HealthCheck['groups']) =>
    check(name, () => (asked.push(name), { status: 'UP' as const }), groups)
  const checks = [
    noted('a', ['liveness']),
    noted('b', ['readiness']),
    noted('c', ['liveness', 'readiness']),
    noted('d', []),
  ]
  const health = healthReader({ checks, clock: handClock(), timeoutMs: 1000, cacheMs: 0 })
  await health.read('liveness')
  expect(asked.splice(0)).toEqual(['a', 'c'])
  await health.read('readiness')
  expect(asked.splice(0)).toEqual(['b', 'c'])
  expect(Object.keys((await health.read()).components)).toEqual(['a', 'b', 'c', 'd'])
})

test('a storm of probes asks once, while the question is under way and shortly after', async () => {
  const clock = handClock()
  let asked = 0
  const slow = check('slow', () => {
    asked++
    return new Promise((resolve) => clock.after(100, () => resolve({ status: 'UP' })))
  })
  const health = healthReader({ checks: [slow], clock, ...times })
  const storm = Array.from({ length: 1000 }, () => health.read())
  await clock.turn(100)
  expect((await Promise.all(storm)).every(({ status }) => status === 'UP')).toBe(true)
  await clock.turn(499)
  await health.read()
  expect(asked).toBe(1)
  await clock.turn(1)
  const anew = health.read()
  await clock.turn(100)
  await anew
  expect(asked).toBe(2)
})

test('what hangs is DOWN at the deadline, is told to stop, and is asked anew', async () => {
  const clock = handClock()
  const signals: AbortSignal[] = []
  const hanging = check('hanging', (signal) => {
    signals.push(signal)
    return signals.length === 1 ? new Promise(() => undefined) : { status: 'UP' }
  })
  const health = healthReader({ checks: [hanging, check('fine', () => ({ status: 'UP' }))], clock, ...times })
  const report = health.read()
  await clock.turn(1000)
  expect(await report).toEqual({
    status: 'DOWN',
    components: { hanging: { status: 'DOWN', details: { error: 'no answer within 1000 ms' } }, fine: { status: 'UP' } },
  })
  expect(signals[0]!.aborted).toBe(true)
  await clock.turn(500)
  expect((await health.read()).status).toBe('UP')
})

test.each([
  [
    'throws',
    () => {
      throw new Error('no disk')
    },
  ],
  ['rejects', () => Promise.reject(new Error('no disk'))],
])('a check that %s is DOWN with its reason', async (_how, answer) => {
  const health = healthReader({ checks: [check('disk', answer)], clock: handClock(), ...times })
  expect((await health.read()).components).toEqual({ disk: { status: 'DOWN', details: { error: 'no disk' } } })
})
