import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readlink, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pid as ownPid } from 'node:process'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/evplat.ts'
import { mapBounded } from '../../core/bounded.ts'
import { EvplatError } from '../../core/errors.ts'
import { type LockOptions, withLock } from './lock.ts'
import { identify } from './operating-system.ts'

const options: LockOptions = { title: 'the test', timeoutMs: 20_000, onWait: () => undefined }

async function deadProcess(): Promise<{ pid: number; start: string }> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'])
  await once(child.stdout, 'data')
  const identity = (await identify(child.pid!))!
  child.kill('SIGKILL')
  await once(child, 'close')
  return identity
}

test('one works at a time, and nothing is left behind', async () => {
  const path = join(temporaryFolder(), 'deep', 'lock')
  let inside = 0
  let most = 0
  const results = await mapBounded([1, 2, 3, 4, 5, 6, 7, 8], 8, (n) =>
    withLock(path, options, async () => {
      most = Math.max(most, ++inside)
      await new Promise((done) => setTimeout(done, 5))
      inside--
      return n
    }),
  )
  expect(results).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(most).toBe(1)
  expect(await readdir(join(path, '..'))).toEqual([])
})

test('the lock of a dead process is free, also for many who want it at once', async () => {
  const path = join(temporaryFolder(), 'lock')
  const { pid, start } = await deadProcess()
  await symlink(`${pid} ${start}`, path)
  let inside = 0
  let most = 0
  await mapBounded([1, 2, 3, 4, 5], 5, () =>
    withLock(path, options, async () => {
      most = Math.max(most, ++inside)
      await new Promise((done) => setTimeout(done, 20))
      inside--
    }),
  )
  expect(most).toBe(1)
  expect(await readdir(join(path, '..'))).toEqual([])
})

test('a holder that died while it removed a dead lock does not stop the next one', async () => {
  const path = join(temporaryFolder(), 'lock')
  const { pid, start } = await deadProcess()
  await symlink(`${pid} ${start}`, path)
  await symlink(`${pid} ${start}`, `${path}.reclaim`)
  expect(await withLock(path, options, () => Promise.resolve('in'))).toBe('in')
  expect(await readdir(join(path, '..'))).toEqual([])
})

test('a process with the number of a dead holder is not taken for it', async () => {
  const path = join(temporaryFolder(), 'lock')
  await symlink(`${ownPid} some other start`, path)
  expect(await withLock(path, options, () => readlink(path))).toMatch(new RegExp(`^${ownPid} `))
})

test('who waits too long is told for whom', async () => {
  const path = join(temporaryFolder(), 'lock')
  const waited: number[] = []
  const failure = await withLock(path, options, () =>
    withLock(path, { ...options, timeoutMs: 250, onWait: ({ pid }) => waited.push(pid) }, () =>
      Promise.resolve(),
    ).catch((thrown: unknown) => thrown),
  )
  expect(failure).toBeInstanceOf(EvplatError)
  expect(failure).toMatchObject({ code: 'stack-busy' })
  expect((failure as EvplatError).message).toBe(`process ${ownPid} has been working on the test for 250 ms`)
  expect(waited).toEqual([ownPid])
})

test('work that fails frees the lock', async () => {
  const path = join(temporaryFolder(), 'lock')
  await expect(withLock(path, options, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await withLock(path, options, () => Promise.resolve(1))).toBe(1)
})
