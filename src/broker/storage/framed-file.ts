// A file of small records, each with its length and checksum, after a header that names the format.
import { crc32c } from '../../protocol/crc32c.ts'
import type { Files, LogFile } from './files.ts'

/** seven letters and the version of the format */
const header = Buffer.from('evplog \u0001', 'latin1')
const frameHead = 8
const largestRecord = 64 * 1024 * 1024
/** zeros, which a crash may leave at the end of a file, must not be a record */
const mask = 0x5aa5_5aa5

const checksum = (bytes: Buffer, start: number, end: number): number => (crc32c(bytes, start, end) ^ mask) >>> 0

/** What was cut out of a file because it could not be what was written there. */
export interface Cut {
  readonly path: string
  /** the partition that lost something, `<name of the topic>-<partition>`; undefined where it is a file of all */
  readonly partition?: string
  /** bytes from `from` up to `to` are gone */
  readonly from: number
  readonly to: number
  readonly reason: string
}

export function frame(record: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(frameHead + record.length)
  framed.writeUInt32BE(record.length, 0)
  framed.writeUInt32BE(checksum(record, 0, record.length), 4)
  record.copy(framed, frameHead)
  return framed
}

function isFrame(bytes: Buffer, at: number): boolean {
  if (at + frameHead > bytes.length) return false
  const length = bytes.readUInt32BE(at)
  const end = at + frameHead + length
  return (
    length <= largestRecord &&
    end <= bytes.length &&
    checksum(bytes, at + frameHead, end) === bytes.readUInt32BE(at + 4)
  )
}

/** The record of a file that holds one frame; undefined where it is not whole. */
export function unframe(bytes: Buffer | undefined): Buffer | undefined {
  return bytes && isFrame(bytes, 0) ? bytes.subarray(frameHead, frameHead + bytes.readUInt32BE(0)) : undefined
}

/** Where the next good frame begins, or the end: one flipped bit should not cost what was written after it. */
function nextFrame(bytes: Buffer, from: number): number {
  for (let at = from; at + frameHead <= bytes.length; at++) if (isFrame(bytes, at)) return at
  return bytes.length
}

export class FramedFile {
  private readonly files: Files
  private readonly path: string

  constructor(files: Files, path: string) {
    this.files = files
    this.path = path
  }

  /** asked for anew each time: a rewrite puts another file into its place */
  get file(): LogFile {
    return this.files.file(this.path)
  }

  /**
   * Calls `each` with every record, oldest first. What a crash left half-written at the end is cut off, so that appends go on
   * behind the last whole record; damage further up is stepped over. `onCut` hears of both.
   */
  replay(each: (record: Buffer) => void, onCut: (cut: Cut) => void): void {
    const bytes = this.file.read(0, this.file.size())
    if (bytes.length === 0) return
    const isOurs = bytes.subarray(0, header.length).equals(header)
    let at = isOurs ? header.length : 0
    while (at < bytes.length) {
      if (isFrame(bytes, at)) {
        const end = at + frameHead + bytes.readUInt32BE(at)
        each(bytes.subarray(at + frameHead, end))
        at = end
        continue
      }
      const next = nextFrame(bytes, at + 1)
      onCut({ path: this.path, from: at, to: next, reason: 'a record is not whole' })
      if (next === bytes.length) this.file.truncate(at)
      at = next
    }
  }

  /** Writes a record at the end. When the device refuses, no part of it stays, and what the device said is thrown. */
  append(record: Buffer): void {
    const size = this.file.size()
    try {
      this.file.append(size === 0 ? [header, frame(record)] : [frame(record)])
    } catch (thrown) {
      this.file.truncate(size)
      throw thrown
    }
  }

  rewrite(records: Iterable<Buffer>): void {
    this.files.replace(this.path, Buffer.concat([header, ...Array.from(records, frame)]))
  }
}
