import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { type EventLoopDelay, watchEventLoop } from './event-loop.ts'

test('a loop that is kept busy is told, once for each window, and one that is not is not', async () => {
  const told: EventLoopDelay[] = []
  const watch = watchEventLoop({ windowMs: 500, lateMs: 400, onLate: (delay) => told.push(delay) })
  await sleep(30)
  const end = performance.now() + 600
  while (performance.now() < end);
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(0), { timeout: 10_000 })
  watch.stop()
  expect(told[0]!.max).toBeGreaterThan(400)
  expect(watch.delay().max).toBeGreaterThan(400)
})
