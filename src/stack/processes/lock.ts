// A lock between processes: a link that names its holder. It ends with its holder, whatever happens to that one.
import { readlink, rm, symlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pid as ownPid } from 'node:process'
import { waitFor } from '../../core/deadline.ts'
import { elapsed } from '../../core/duration.ts'
import { EvplatError, systemCode } from '../../core/errors.ts'
import { fileError } from '../../core/file-error.ts'
import { makeFolder } from '../../core/files.ts'
import { type ProcessIdentity, identify, isRunning } from './operating-system.ts'

export interface LockOptions {
  /** what is worked on, for people: `the stack in /home/ann/shop` */
  readonly title: string
  /** how long another holder is waited for, in milliseconds */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** told once when another process holds the lock */
  readonly onWait: (holder: ProcessIdentity) => void
}

/** Does `work` while no other process holds the lock. Throws `stack-busy` when it is not free in time, and what `work` throws. */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const self = await identify(ownPid)
  if (!self) throw new Error('this process is not to be found')
  await makeFolder(dirname(path))
  await take(path, self, options)
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string, self: ProcessIdentity, options: LockOptions): Promise<void> {
  let holder: ProcessIdentity | undefined
  const taken = await waitFor(
    async () => {
      if (await tryTake(path, self)) return true
      const found = await readHolder(path)
      if (found && found.pid !== holder?.pid) options.onWait(found)
      holder = found ?? holder
      return undefined
    },
    { timeoutMs: options.timeoutMs, everyMs: 100, ...(options.signal && { signal: options.signal }) },
  )
  if (taken) return
  const who = holder ? `process ${holder.pid}` : 'another process'
  throw new EvplatError('stack-busy', `${who} has been working on ${options.title} for ${elapsed(options.timeoutMs)}`, {
    hint: 'wait for it, or stop it, and run the command again',
  })
}

/**
 * Takes the lock if it is free, and frees it if its holder is dead. To remove a dead holder's file one must hold the lock that
 * guards it: else, of two that saw the dead holder, the slower one could remove the file of the faster one.
 */
async function tryTake(path: string, self: ProcessIdentity): Promise<boolean> {
  if (await create(path, self)) return true
  const holder = await readHolder(path)
  if (!holder || (await isRunning(holder))) return false
  const guard = `${path}.reclaim`
  if (!(await tryTake(guard, self))) return false
  try {
    const current = await readHolder(path)
    if (current?.pid === holder.pid && current.start === holder.start) await rm(path, { force: true })
  } finally {
    await rm(guard, { force: true })
  }
  return create(path, self)
}

/**
 * A link that leads nowhere and whose target tells the holder: it appears with its content in one step, and fits into the
 * folder itself, so that a stack can be stopped also where the disk is full.
 */
async function create(path: string, { pid, start }: ProcessIdentity): Promise<boolean> {
  try {
    await symlink(`${pid} ${start}`, path)
    return true
  } catch (thrown) {
    if (systemCode(thrown) === 'EEXIST') return false
    throw fileError(thrown, path) ?? thrown
  }
}

async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  const text = await readlink(path).catch((thrown: unknown) => {
    // EINVAL: something of that name that is no lock of ours
    if (['ENOENT', 'EINVAL'].includes(systemCode(thrown))) return ''
    throw thrown
  })
  const [, pid, start] = /^(\d+) (.+)$/.exec(text) ?? []
  return pid === undefined || start === undefined ? undefined : { pid: Number(pid), start }
}
