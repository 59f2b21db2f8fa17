// Files that live in this process only: the layer of `durability: memory`, and of tests.
import type { Files, LogFile } from './files.ts'

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
    const first = this.blockAt(position)
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

  private blockAt(position: number): number {
    let low = 0
    for (let high = this.blocks.length - 1; low < high;) {
      const middle = (low + high + 1) >>> 1
      if (this.blocks[middle]!.start <= position) low = middle
      else high = middle - 1
    }
    return low
  }
}

function cutBlock({ start, bytes }: Block, used: number): Block {
  return { start, bytes: Buffer.from(bytes.subarray(0, used)), used }
}

/** A file system of its own, empty at first. What it holds goes with the last reference to it. */
export function memoryFiles(): Files {
  const files = new Map<string, MemoryFile>()
  const below = (path: string): string[] => [...files.keys()].filter((name) => name.startsWith(`${path}/`))
  const file = (path: string): MemoryFile => {
    let found = files.get(path)
    if (!found) files.set(path, (found = new MemoryFile(path)))
    return found
  }
  const move = (from: string, to: string): void => {
    const moved = files.get(from)
    if (!moved) return
    files.delete(from)
    const copy = new MemoryFile(to)
    copy.append([moved.read(0, moved.size())])
    files.set(to, copy)
  }
  return {
    list: (folder) => {
      const prefix = folder === '' ? '' : `${folder}/`
      const names = [...files.keys()].filter((name) => name.startsWith(prefix))
      return [...new Set(names.map((name) => name.slice(prefix.length).split('/')[0]!))]
    },
    makeFolder: () => undefined,
    file,
    read: (path) => {
      const found = files.get(path)
      return found && Buffer.from(found.read(0, found.size()))
    },
    replace: (path, content) => {
      files.delete(path)
      file(path).append([content])
    },
    rename: (from, to) => {
      for (const name of below(from)) move(name, `${to}${name.slice(from.length)}`)
      move(from, to)
    },
    remove: (path) => {
      for (const name of below(path)) files.delete(name)
      files.delete(path)
    },
    lock: () => () => undefined,
    close: () => undefined,
  }
}
