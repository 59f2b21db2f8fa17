// One process at a time has the data. The lock is a file that tells its holder, and appears with its content in one step.
import fs from 'node:fs'
import { join } from 'node:path'
import { kill, pid as ownPid } from 'node:process'
import { EvplatError, systemCode } from '../../core/errors.ts'

/** The number of a process, and when it was started where the system tells: numbers are used again. */
function identity(pid: number): string {
  return `${pid} ${startOf(pid)}`.trim()
}

function startOf(pid: number): string {
  try {
    // the command in parentheses may hold anything; the start is the 20th field behind it
    return (
      fs
        .readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? ''
    )
  } catch {
    return '' // not Linux, or no such process
  }
}

function isAlive(holder: string): boolean {
  const [pid = '', start = ''] = holder.split(' ')
  if (!/^\d+$/.test(pid)) return false
  try {
    kill(Number(pid), 0)
  } catch (thrown) {
    if (systemCode(thrown) !== 'EPERM') return false
  }
  return start === '' || startOf(Number(pid)) === start
}

function readHolder(path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(thrown))) return undefined
    throw thrown
  }
}

/** A hard link to a file with the content: of two who try, one succeeds. */
function create(path: string): boolean {
  const own = `${path}.${ownPid}`
  fs.writeFileSync(own, identity(ownPid))
  try {
    fs.linkSync(own, path)
    return true
  } catch (thrown) {
    if (systemCode(thrown) === 'EEXIST') return false
    throw thrown
  } finally {
    fs.rmSync(own, { force: true })
  }
}

/**
 * Takes the lock if it is free or its holder is dead. Who removes a dead holder's lock must hold the lock that guards it: else,
 * of two that saw the dead holder, the slower one could remove the lock of the faster one.
 */
function tryTake(path: string): boolean {
  if (create(path)) return true
  const holder = readHolder(path)
  if (holder === undefined || isAlive(holder)) return false
  const guard = `${path}.reclaim`
  if (!tryTake(guard)) return false
  try {
    if (readHolder(path) === holder) fs.rmSync(path, { force: true })
  } finally {
    fs.rmSync(guard, { force: true })
  }
  return create(path)
}

/** Locks a folder of data; the answer releases it. Throws `data-locked` when a living process has it, this one included. */
export function lockFolder(root: string): () => void {
  const path = lockPath(root)
  if (!tryTake(path)) throw locked(root, readHolder(path))
  return () => fs.rmSync(path, { force: true })
}

/** Throws `data-locked` when a living process has the data open, without taking it. A folder that is not there is open to all. */
export function requireUnlocked(root: string): void {
  const holder = readHolder(lockPath(root))
  if (holder !== undefined && isAlive(holder)) throw locked(root, holder)
}

const lockPath = (root: string): string => join(root, 'lock')

function locked(root: string, holder: string | undefined): EvplatError {
  const who = holder === undefined ? 'another process' : `process ${holder.split(' ')[0]}`
  return new EvplatError('data-locked', `${who} has the data in "${root}" open`, {
    hint: `stop it; if no such broker runs, remove "${lockPath(root)}"`,
    details: { path: lockPath(root) },
  })
}
