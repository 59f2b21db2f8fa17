import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { watchEventLoop } from './event-loop.ts'
import type { Late } from './lateness.ts'

test('a loop that is kept busy is told, and its delay is there to be asked for', async () => {
  const told: Late[] = []
  const watch = watchEventLoop({ windowMs: 500, lateMs: 400, onLate: (late) => told.push(late) })
  await sleep(30)
  const end = performance.now() + 600
  while (performance.now() < end);
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(0), { timeout: 10_000 })
  watch.stop()
  expect(told[0]!.ms).toBeGreaterThan(400)
  expect(watch.delay().max).toBeGreaterThan(400)
})
