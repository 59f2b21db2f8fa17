// Files that live in this process only: the layer of `durability: memory`, and of tests.
import type { Files, LogFile } from './files.ts'
import { lastOf } from './last-of.ts'

const smallestBlock = 1024
const largestBlock = 1024 * 1024

interface Block {
  readonly start: number
  readonly bytes: Buffer
  used: number
}

/** Blocks that are only ever filled, never overwritten: what was read stays as it was. */
class MemoryFile implements LogFile {
  readonly path: string
  private blocks: Block[] = []

  constructor(path: string) {
    this.path = path
  }

  size(): number {
    const last = this.blocks.at(-1)
    return last ? last.start + last.used : 0
  }

  read(position: number, length: number): Buffer {
    const end = Math.min(position + length, this.size())
    if (end <= position) return Buffer.alloc(0)
    const first = lastOf(this.blocks.length, (n) => this.blocks[n]!.start <= position)
    const parts: Buffer[] = []
    for (let n = first; n < this.blocks.length; n++) {
      const { start, bytes, used } = this.blocks[n]!
      if (start >= end) break
      parts.push(bytes.subarray(Math.max(0, position - start), Math.min(used, end - start)))
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  }

  append(chunks: readonly Buffer[]): number {
    const position = this.size()
    for (const chunk of chunks) this.add(chunk)
    return position
  }

  truncate(size: number): void {
    if (size >= this.size()) return
    this.blocks = this.blocks.filter(({ start }) => start < size)
    const last = this.blocks.at(-1)
    // readers may hold views of what is cut off: it must not be written over
    if (last) this.blocks[this.blocks.length - 1] = cutBlock(last, size - last.start)
  }

  sync(): Promise<void> {
    return Promise.resolve()
  }

  syncNow(): void {
    // nothing is beyond the memory
  }

  /** A chunk is kept in one piece, so that reading it back copies nothing. */
  private add(chunk: Buffer): void {
    let last = this.blocks.at(-1)
    if (!last || last.bytes.length - last.used < chunk.length) {
      const grown = Math.min((last?.bytes.length ?? smallestBlock / 2) * 2, largestBlock)
      last = { start: this.size(), bytes: Buffer.allocUnsafeSlow(Math.max(grown, chunk.length)), used: 0 }
      this.blocks.push(last)
    }
    chunk.copy(last.bytes, last.used)
    last.used += chunk.length
  }
}

function cutBlock({ start, bytes }: Block, used: number): Block {
  return { start, bytes: Buffer.from(bytes.subarray(0, used)), used }
}

/** Files by their paths, and the names in each folder: thousands of folders are looked into one by one. */
class Tree {
  private readonly files = new Map<string, MemoryFile>()
  private readonly folders = new Map<string, Set<string>>()

  get(path: string): MemoryFile | undefined {
    return this.files.get(path)
  }

  names(folder: string): string[] {
    return [...(this.folders.get(folder) ?? [])]
  }

  set(path: string, file: MemoryFile): void {
    this.files.set(path, file)
    for (let [folder, name] = split(path); ; [folder, name] = split(folder)) {
      const names = this.folders.get(folder)
      names?.add(name)
      if (names) return
      this.folders.set(folder, new Set([name]))
      if (folder === '') return
    }
  }

  delete(path: string): void {
    if (this.files.delete(path)) this.forget(path)
  }

  deleteBelow(path: string): void {
    for (const name of this.names(path)) {
      this.deleteBelow(`${path}/${name}`)
      this.delete(`${path}/${name}`)
    }
  }

  /** takes a name out of its folder, and the folder out of its own when it is empty */
  private forget(path: string): void {
    const [folder, name] = split(path)
    const names = this.folders.get(folder)
    if (!names?.delete(name) || names.size > 0) return
    this.folders.delete(folder)
    if (folder !== '') this.forget(folder)
  }
}

function split(path: string): readonly [folder: string, name: string] {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? ['', path] : [path.slice(0, slash), path.slice(slash + 1)]
}

/** A file system of its own, empty at first. What it holds goes with the last reference to it. */
export function memoryFiles(): Files {
  const tree = new Tree()
  const file = (path: string): MemoryFile => {
    const found = tree.get(path)
    if (found) return found
    const made = new MemoryFile(path)
    tree.set(path, made)
    return made
  }
  return {
    list: (folder) => tree.names(folder),
    makeFolder: () => undefined,
    file,
    read: (path) => {
      const found = tree.get(path)
      return found && Buffer.from(found.read(0, found.size()))
    },
    replace: (path, content) => {
      tree.delete(path)
      file(path).append([content])
    },
    rename: (from, to) => {
      const moved = tree.get(from)
      if (!moved) return
      tree.delete(from)
      tree.delete(to)
      file(to).append([moved.read(0, moved.size())])
    },
    remove: (path) => tree.delete(path),
    removeFolder: (path) => tree.deleteBelow(path),
    lock: () => () => undefined,
    close: () => undefined,
  }
}
