import { once } from 'node:events'
import { expect, test } from 'vitest'
import { allOrNone } from './all-or-none.ts'

test('answers what all answer', async () => {
  const { signal } = new AbortController()
  expect(await allOrNone(signal, () => [1, 2].map((one) => Promise.resolve(one)))).toEqual([1, 2])
})

test('throws the first failure when the others have ended', async () => {
  const ended: string[] = []
  const untilAborted = async (name: string, signal: AbortSignal): Promise<void> => {
    await once(signal, 'abort')
    await Promise.resolve()
    ended.push(name)
    throw signal.reason
  }
  const outer = new AbortController().signal
  const works = allOrNone(outer, (signal) => [
    untilAborted('one', signal),
    Promise.reject(new Error('no')),
    untilAborted('two', signal),
  ])
  await expect(works).rejects.toThrow('no')
  expect(ended).toEqual(['one', 'two'])
})

test('ends when its caller is interrupted', async () => {
  const outer = new AbortController()
  const works = allOrNone(outer.signal, (signal) => [once(signal, 'abort').then(() => signal.throwIfAborted())])
  outer.abort(new Error('interrupted'))
  await expect(works).rejects.toThrow('interrupted')
})
