// kill -9 under load, again and again: nothing acknowledged is lost, order is kept, idempotent producers are never doubled, commits stay,
// and what a consumer has read never changes. `EVPLAT_CRASH_SEED=N` repeats the choices of a run that printed N; `npm run soak` goes on
// for 1,000 lives of the broker.
import { expect, test } from 'vitest'
import { runCrashes } from '../crash/crash-run.ts'
import { tell } from '../crash/tell.ts'
import { temporaryFolder } from '../support/evplat.ts'

const seed = Number(process.env['EVPLAT_CRASH_SEED'] ?? Date.now() % 2 ** 31)
const cycles = 50

test('a broker that is killed again and again under load keeps what it said', async () => {
  process.stdout.write(`crash: EVPLAT_CRASH_SEED=${seed}\n`)
  const result = await runCrashes({ data: temporaryFolder(), cycles, seed })
  process.stdout.write(`${tell(result, seed)}\n`)
  expect(result.problems).toEqual([])
  const counted = (what: string): number => result.counts.get(what) ?? 0
  // a run in which nothing happened would have shown nothing
  expect(counted('ended under load')).toBeGreaterThan(cycles / 2)
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    expect(counted(`of codec ${codec}`), codec).toBeGreaterThan(cycles)
  expect(counted('batches sent again')).toBeGreaterThan(cycles)
  expect(counted('commits acknowledged')).toBeGreaterThan(cycles)
  expect(counted('generations joined')).toBeGreaterThan(10)
  expect(counted('records compacted away')).toBeGreaterThan(cycles)
  expect(counted('records that retention took')).toBeGreaterThan(cycles)
  expect(counted('recoveries')).toBeGreaterThan(cycles / 2)
  expect(counted('bytes cut')).toBeGreaterThan(0)
}, 600_000)
