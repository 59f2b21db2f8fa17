import { expect, test } from 'vitest'
import { waitFor } from '../../core/deadline.ts'
import { EvplatError } from '../../core/errors.ts'
import type { ContainerEvent, ContainerSummary } from './engine/engine.ts'
import { watchContainers } from './watch.ts'

const never = new AbortController().signal
const started = (id: string): ContainerEvent => ({ id, action: 'start' })
const died = (id: string): ContainerEvent => ({ id, action: 'die', exitCode: 1 })

function container(id: string, state: ContainerSummary['state']): ContainerSummary {
  return { id, name: id, server: id, labels: {}, image: 'image', imageId: 'id', state, ports: [] }
}

/** Streams of events, one after the other; each ends, or breaks, when it has told them. The last one stays open. */
function engineWith(
  streams: readonly (readonly (ContainerEvent | Error)[])[],
  containers: readonly ContainerSummary[],
) {
  let opened = 0
  async function* tell(events: readonly (ContainerEvent | Error)[], isLast: boolean, signal: AbortSignal) {
    for (const event of events) {
      if (event instanceof Error) throw event
      yield event
    }
    if (isLast) await new Promise((resolve) => signal.addEventListener('abort', resolve))
  }
  return {
    opened: () => opened,
    containers: () => Promise.resolve(containers),
    events: (_: unknown, signal: AbortSignal) => {
      const events = streams[opened++]
      if (!events) return Promise.reject(new EvplatError('engine-away', 'the engine does not answer any more'))
      return Promise.resolve(tell(events, opened === streams.length && !events.some((e) => e instanceof Error), signal))
    },
  }
}

const seen = (isSeen: () => boolean): Promise<true | undefined> =>
  waitFor(() => Promise.resolve(isSeen() || undefined), { timeoutMs: 10_000, everyMs: 10 })

test('tells which containers have ended since they were started last', async () => {
  const engine = engineWith([[started('a'), died('a'), died('b'), started('b'), died('c')]], [])
  const watch = await watchContainers(engine, {}, never)
  expect(await seen(() => watch.hasEnded('c'))).toBe(true)
  expect(['a', 'b', 'd'].map((id) => watch.hasEnded(id))).toEqual([true, false, false])
  watch.close()
})

test.each([
  ['ends', []],
  ['breaks', [new Error('socket hang up')]],
])('a stream that %s is opened anew, and what ended meanwhile is seen', async (_, end) => {
  const containers = [container('b', 'exited'), container('c', 'running'), container('d', 'dead')]
  const engine = engineWith([[died('a'), ...end], [died('e')]], containers)
  const watch = await watchContainers(engine, {}, never)
  expect(await seen(() => watch.hasEnded('e'))).toBe(true)
  expect(['a', 'b', 'c', 'd'].map((id) => watch.hasEnded(id))).toEqual([true, true, false, true])
  watch.close()
})

test('an engine that does not answer any more is told, with its own error', async () => {
  const watch = await watchContainers(engineWith([[died('a'), new Error('socket hang up')]], []), {}, never)
  const problem = await waitFor(
    () => {
      try {
        return Promise.resolve(watch.hasEnded('b') || undefined)
      } catch (thrown) {
        return Promise.resolve(thrown)
      }
    },
    { timeoutMs: 10_000 },
  )
  expect(problem).toMatchObject({ code: 'engine-away' })
})

test('opens nothing anew when it is closed or the work is stopped', async () => {
  for (const end of ['close', 'abort']) {
    const stop = new AbortController()
    const engine = engineWith([[died('a')], []], [])
    const watch = await watchContainers(engine, {}, stop.signal)
    expect(await seen(() => watch.hasEnded('a'))).toBe(true)
    if (end === 'close') watch.close()
    else stop.abort()
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(engine.opened()).toBe(1)
    expect(watch.hasEnded('b')).toBe(false)
  }
})
