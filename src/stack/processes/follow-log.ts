// The lines of a log file: its last ones, and those that come. A file that rolls over is read to its end under its old name.
import { type FileHandle, open } from 'node:fs/promises'

const tailStep = 64 * 1024

/**
 * The last `count` lines of a file, or of its first `end` bytes, without their ends; none where there is no file. Reads from the
 * end, so the size of the file does not matter.
 */
export async function lastLines(path: string, count: number, end = Infinity): Promise<string[]> {
  const file = count === 0 ? undefined : await open(path, 'r').catch(() => undefined)
  if (!file) return []
  try {
    let at = Math.min((await file.stat()).size, end)
    let tail = Buffer.alloc(0)
    while (at > 0 && countLines(tail) <= count) {
      const length = Math.min(tailStep, at)
      at -= length
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at)
      tail = Buffer.concat([buffer.subarray(0, bytesRead), tail])
    }
    const lines = tail.toString('utf8').split('\n')
    if (lines.at(-1) === '') lines.pop()
    return lines.slice(-count)
  } finally {
    await file.close()
  }
}

function countLines(bytes: Buffer): number {
  let lines = 0
  for (const byte of bytes) if (byte === 10) lines++
  return lines
}

/** Reads whole lines as they are added, across roll-overs. */
export interface LogFollower {
  /** how many bytes of the file were there, in whole lines, when this began */
  readonly start: number
  /** The lines that came since the last call. */
  readonly next: () => Promise<string[]>
  readonly close: () => Promise<void>
}

/** Follows a file from its present end, or from its start when it is not there yet. */
export async function followLog(path: string): Promise<LogFollower> {
  let file = await open(path, 'r').catch(() => undefined)
  let at = file ? await endOfLines(file) : 0
  const start = at
  let rest = Buffer.alloc(0)

  const readOn = async (from: FileHandle): Promise<string[]> => {
    const { size } = await from.stat()
    // it was cut, and begins anew
    if (size < at) at = 0
    const pieces = [rest]
    while (at < size) {
      const { buffer, bytesRead } = await from.read(Buffer.alloc(Math.min(tailStep, size - at)), 0, undefined, at)
      if (bytesRead === 0) break
      pieces.push(buffer.subarray(0, bytesRead))
      at += bytesRead
    }
    const bytes = Buffer.concat(pieces)
    const end = bytes.lastIndexOf(10) + 1
    rest = bytes.subarray(end)
    return end === 0 ? [] : bytes.toString('utf8', 0, end - 1).split('\n')
  }

  return {
    start,
    next: async () => {
      const lines = file ? await readOn(file) : []
      const current = await open(path, 'r').catch(() => undefined)
      if (!current) return lines
      if (file && (await isSame(file, current))) {
        await current.close()
        return lines
      }
      // what was written between the last look and the roll-over
      if (file) lines.push(...(await readOn(file)))
      await file?.close()
      file = current
      at = 0
      rest = Buffer.alloc(0)
      lines.push(...(await readOn(file)))
      return lines
    },
    close: async () => {
      await file?.close()
    },
  }
}

/** Where the last whole line ends. */
async function endOfLines(file: FileHandle): Promise<number> {
  const { size } = await file.stat()
  const length = Math.min(tailStep, size)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
  return size - length + buffer.subarray(0, bytesRead).lastIndexOf(10) + 1
}

async function isSame(a: FileHandle, b: FileHandle): Promise<boolean> {
  const [first, second] = [await a.stat(), await b.stat()]
  return first.ino === second.ino && first.dev === second.dev
}
