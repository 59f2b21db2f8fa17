// Services as real processes that lose what they stand on: the scenarios of test/service/long at their smallest size, all at once.
import { expect, test } from 'vitest'
import { play } from '../service/long/scenarios.ts'

const cases = [
  [
    'the broker is away: posts are refused, readiness tells, and nothing is lost without a restart',
    'broker-away',
    5,
    500,
  ],
  ['a slow handler of one key: others go on, and there is no rebalance', 'slow', 8, 50],
  ['a handler that computes for long: metric and log tell it, and there is no rebalance', 'busy', 3, 50],
  [
    'registry gone, broker gone, consumer killed, handler stuck, lag over bound: readiness tells each within 10 s',
    'health',
    1,
    1000,
  ],
] as const

test.concurrent.each(cases)('%s', async (_name, scenario, size, perSecond) => {
  const { problems } = await play(scenario, { size, perSecond, runtime: 'embedded' })
  expect(problems).toEqual([])
})
