// Files on a disk below one folder. Few are open at a time, however many there are.
import fs from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { systemCode } from '../../core/errors.ts'
import type { Files, LogFile } from './files.ts'
import { Handles } from './handles.ts'
import { lockFolder } from './lock.ts'

const fdatasync = promisify(fs.fdatasync)

export interface DiskOptions {
  /** how many files may be open at once */
  readonly openFiles?: number
}

const unsyncable = ['EISDIR', 'EPERM', 'EACCES', 'EINVAL']

/** A new name in a folder is on the device only when the folder is, too. Windows does not let folders be synced. */
function syncFolderNow(path: string): void {
  let fd: number | undefined
  try {
    fd = fs.openSync(path, 'r')
    fs.fsyncSync(fd)
  } catch (thrown) {
    if (!unsyncable.includes(systemCode(thrown))) throw thrown
  } finally {
    if (fd !== undefined) fs.closeSync(fd)
  }
}

async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined
  try {
    folder = await open(path, 'r')
    await folder.sync()
  } catch (thrown) {
    if (!unsyncable.includes(systemCode(thrown))) throw thrown
  } finally {
    await folder?.close()
  }
}

class DiskFile implements LogFile {
  readonly path: string
  private readonly at: string
  private readonly handles: Handles
  private known: number | undefined
  private isNew = false

  constructor(path: string, at: string, handles: Handles) {
    this.path = path
    this.at = at
    this.handles = handles
  }

  size(): number {
    if (this.known === undefined) {
      const found = fs.statSync(this.at, { throwIfNoEntry: false })
      this.isNew = !found
      this.known = found?.size ?? 0
    }
    return this.known
  }

  read(position: number, length: number): Buffer {
    const wanted = Math.min(length, this.size() - position)
    if (wanted <= 0) return Buffer.alloc(0)
    const bytes = Buffer.allocUnsafe(wanted)
    const fd = this.handles.fd(this.at, false)
    let filled = 0
    while (filled < wanted) {
      const got = fs.readSync(fd, bytes, filled, wanted - filled, position + filled)
      if (got === 0) break
      filled += got
    }
    return bytes.subarray(0, filled)
  }

  append(chunks: readonly Buffer[]): number {
    const position = this.size()
    const fd = this.handles.fd(this.at, true)
    this.known = undefined // after an error only the file system knows
    let at = position
    for (const chunk of chunks)
      for (let from = 0; from < chunk.length;) {
        const written = fs.writeSync(fd, chunk, from, chunk.length - from, at)
        from += written
        at += written
      }
    this.known = at
    return position
  }

  truncate(size: number): void {
    if (size >= this.size()) return
    this.known = undefined
    fs.ftruncateSync(this.handles.fd(this.at, false), size)
    this.known = size
  }

  async sync(): Promise<void> {
    const borrowed = this.handles.borrow(this.at)
    try {
      await fdatasync(borrowed.fd)
      if (!this.isNew) return
      await syncFolder(dirname(this.at))
      await syncFolder(dirname(dirname(this.at)))
      this.isNew = false
    } finally {
      borrowed.done()
    }
  }

  syncNow(): void {
    fs.fdatasyncSync(this.handles.fd(this.at, true))
    if (!this.isNew) return
    syncFolderNow(dirname(this.at))
    syncFolderNow(dirname(dirname(this.at)))
    this.isNew = false
  }

  /** another file has this name now, or none */
  forget(): void {
    this.known = undefined
  }
}

/** What the work answers, or `missing` where nothing of that name is there. */
function orMissing<T, M>(work: () => T, missing: M): T | M {
  try {
    return work()
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return missing
    throw thrown
  }
}

/** Files below `root`, which is made where it is missing. Throws what the file system says. */
export function diskFiles(root: string, { openFiles = 512 }: DiskOptions = {}): Files {
  fs.mkdirSync(root, { recursive: true })
  const handles = new Handles(openFiles)
  const files = new Map<string, DiskFile>()
  const at = (path: string): string => join(root, path)
  const forget = (path: string): void => {
    handles.close(at(path))
    files.get(path)?.forget()
    files.delete(path)
  }
  return {
    list: (folder) => orMissing(() => fs.readdirSync(at(folder)), []),
    makeFolder: (path) => void fs.mkdirSync(at(path), { recursive: true }),
    file: (path) => {
      let file = files.get(path)
      if (!file) files.set(path, (file = new DiskFile(path, at(path), handles)))
      return file
    },
    read: (path) => orMissing(() => fs.readFileSync(at(path)), undefined),
    replace: (path, content) => {
      const temporary = `${at(path)}.new`
      fs.writeFileSync(temporary, content, { flush: true })
      forget(path)
      fs.renameSync(temporary, at(path))
      syncFolderNow(dirname(at(path)))
    },
    rename: (from, to) => {
      forget(from)
      forget(to)
      fs.renameSync(at(from), at(to))
      syncFolderNow(dirname(at(to)))
    },
    remove: (path) => {
      forget(path)
      orMissing(() => fs.unlinkSync(at(path)), undefined)
    },
    removeFolder: (path) => {
      handles.closeFolder(at(path))
      for (const name of files.keys()) if (name.startsWith(`${path}/`)) forget(name)
      fs.rmSync(at(path), { recursive: true, force: true })
    },
    lock: () => lockFolder(root),
    close: () => handles.closeAll(),
  }
}
