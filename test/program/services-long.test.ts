// Services under load, as real processes, each event accounted for: the scenarios of test/service/long at their smallest size.
// `npm run long:services` plays them at any size. They mostly wait, so they do it at the same time.
// `EVPLAT_SERVICES_SEED=N` repeats the choices of a run that printed N.
import { expect, test } from 'vitest'
import { play } from '../service/long/scenarios.ts'

const cases = [
  ['SIGTERM during load: exit 0, nothing lost, no duplicates', 'sigterm', 2, 500],
  [
    '1 % poison and 5 % transient failures: dead letters are exactly the poison, the rest is handled',
    'failures',
    2000,
    2000,
  ],
  [
    'rolling restart of three instances: nothing lost, order per key kept, those that stay are ready',
    'rolling',
    1,
    500,
  ],
  ['kill -9 of one of three instances every 5 s: nothing lost, order per key kept', 'kills', 2, 500],
] as const

test.concurrent.each(cases)('%s', async (_name, scenario, size, perSecond) => {
  const { seed, problems } = await play(scenario, { size, perSecond, runtime: 'embedded' })
  expect({ seed, problems }).toEqual({ seed, problems: [] })
})
