// Files that fail: a device that is full, refuses, is slow or loses power. Over the memory layer it is a model of a machine: it knows
// what was synced, and after a power loss the rest is there only in part.
import type { Files, LogFile } from './files.ts'
import { memoryFiles } from './memory-files.ts'

export type FaultyOperation = 'append' | 'truncate' | 'sync' | 'replace' | 'rename' | 'remove'

/**
 * error: a code of the file system, such as ENOSPC or EIO. bytes: so many of an append are written nonetheless (a short write).
 * until: the operation is done only then (a slow sync).
 */
export interface Fault {
  readonly error?: string
  readonly bytes?: number
  readonly until?: Promise<void>
}

/** Asked before every operation that changes something; undefined lets it go through. */
export type DecideFault = (operation: FaultyOperation, path: string) => Fault | undefined

/** Numbers from 0 up to, not including, `below`: how much of a torn write is there is up to chance. */
export type Chance = (below: number) => number

/** What a machine has: files as programs see them, and how much of each is on the device; -1 where not even the name is. */
export interface Disk {
  readonly files: Files
  readonly synced: ReadonlyMap<string, number>
}

export function emptyDisk(): Disk {
  return { files: memoryFiles(), synced: new Map() }
}

export interface FaultyFiles extends Files {
  /** The disk as the next process finds it when this one is killed: all that was written. Nothing of this layer works any more. */
  kill(): Disk
  /** The disk after a power loss: what was synced, and of what was written behind it as much as chance leaves, or zeros. */
  losePower(chance: Chance): Disk
}

const systemError = (code: string): Error => Object.assign(new Error(`${code}: a fault`), { code, syscall: 'write' })

class FaultyFile implements LogFile {
  readonly path: string
  private readonly inner: LogFile
  private readonly machine: Machine

  constructor(path: string, inner: LogFile, machine: Machine) {
    this.path = path
    this.inner = inner
    this.machine = machine
  }

  size(): number {
    this.machine.live()
    return this.inner.size()
  }

  read(position: number, length: number): Buffer {
    this.machine.live()
    return this.inner.read(position, length)
  }

  append(chunks: readonly Buffer[]): number {
    const fault = this.machine.faultOf('append', this.path)
    this.machine.touch(this.path)
    if (fault?.error === undefined) return this.inner.append(chunks)
    this.inner.append([Buffer.concat(chunks).subarray(0, fault.bytes ?? 0)])
    throw systemError(fault.error)
  }

  truncate(size: number): void {
    this.machine.refuse('truncate', this.path)
    this.inner.truncate(size)
    this.machine.synced.set(this.path, Math.min(size, this.machine.synced.get(this.path) ?? -1))
  }

  async sync(): Promise<void> {
    const size = this.size()
    const fault = this.machine.faultOf('sync', this.path)
    await fault?.until
    this.machine.live()
    if (fault?.error !== undefined) throw systemError(fault.error)
    this.note(size)
  }

  syncNow(): void {
    this.machine.refuse('sync', this.path)
    this.note(this.inner.size())
  }

  /** A sync is of what was written before it began; a file that was cut meanwhile has less. */
  private note(size: number): void {
    const before = this.machine.synced.get(this.path) ?? 0
    this.machine.synced.set(this.path, Math.max(before, Math.min(size, this.inner.size())))
  }
}

/** How much of each file is on the device. */
class Machine {
  readonly synced: Map<string, number>
  private readonly decide: DecideFault
  isDead = false

  constructor(synced: ReadonlyMap<string, number>, decide: DecideFault) {
    this.synced = new Map(synced)
    this.decide = decide
  }

  touch(path: string): void {
    if (!this.synced.has(path)) this.synced.set(path, -1)
  }

  live(): void {
    if (this.isDead) throw systemError('EIO') // the machine is off
  }

  faultOf(operation: FaultyOperation, path: string): Fault | undefined {
    this.live()
    return this.decide(operation, path)
  }

  refuse(operation: FaultyOperation, path: string): void {
    const fault = this.faultOf(operation, path)
    if (fault?.error !== undefined) throw systemError(fault.error)
  }

  rename(from: string, to: string): void {
    const size = this.synced.get(from)
    this.synced.delete(from)
    if (size !== undefined) this.synced.set(to, size)
  }

  removeFolder(folder: string): void {
    for (const path of this.synced.keys()) if (path.startsWith(`${folder}/`)) this.synced.delete(path)
  }
}

/** What is left of a file: the synced part, then as many bytes as chance says, the last of them perhaps zeros that were never filled. */
function afterPowerLoss(content: Buffer, synced: number, chance: Chance): Buffer {
  const left = Buffer.from(content.subarray(0, synced + chance(content.length - synced + 1)))
  if (chance(2) === 0) left.fill(0, synced + chance(left.length - synced + 1))
  return left
}

/** Faults over a disk that nothing else writes to. */
export function faultyFiles(disk: Disk, decide: DecideFault = () => undefined): FaultyFiles {
  const inner = disk.files
  const machine = new Machine(disk.synced, decide)
  const open = new Map<string, FaultyFile>()
  return {
    list: (folder) => (machine.live(), inner.list(folder)),
    makeFolder: (path) => (machine.live(), inner.makeFolder(path)),
    file: (path) => {
      let file = open.get(path)
      if (!file) open.set(path, (file = new FaultyFile(path, inner.file(path), machine)))
      return file
    },
    read: (path) => (machine.live(), inner.read(path)),
    replace: (path, content) => {
      machine.refuse('replace', path)
      open.delete(path)
      inner.replace(path, content)
      machine.synced.set(path, content.length)
    },
    rename: (from, to) => {
      machine.refuse('rename', from)
      open.delete(from)
      open.delete(to)
      inner.rename(from, to)
      machine.rename(from, to)
    },
    remove: (path) => {
      machine.refuse('remove', path)
      open.delete(path)
      inner.remove(path)
      machine.synced.delete(path)
    },
    removeFolder: (path) => {
      machine.refuse('remove', path)
      for (const name of open.keys()) if (name.startsWith(`${path}/`)) open.delete(name)
      inner.removeFolder(path)
      machine.removeFolder(path)
    },
    lock: () => (machine.live(), () => undefined),
    close: () => machine.live(),
    kill: () => {
      machine.isDead = true
      return { files: inner, synced: machine.synced }
    },
    losePower: (chance) => {
      machine.isDead = true
      const after = emptyDisk()
      const left = new Map<string, number>()
      for (const [path, synced] of machine.synced) {
        if (synced < 0 && chance(2) === 0) continue // even its name is lost
        const content = afterPowerLoss(inner.read(path) ?? Buffer.alloc(0), Math.max(0, synced), chance)
        after.files.file(path).append([content])
        left.set(path, content.length)
      }
      return { files: after.files, synced: left }
    },
  }
}
