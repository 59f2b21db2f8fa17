// Collects output and hands it on in large pieces, so that no record costs a write of its own.
import { once } from 'node:events'
import type { Writable } from 'node:stream'

const pieceBytes = 1024 * 1024

export class OutputBuffer {
  private readonly target: Writable
  private buffer: Buffer
  private at = 0

  constructor(target: Writable) {
    this.target = target
    this.buffer = Buffer.allocUnsafe(pieceBytes)
  }

  /** Whether enough has gathered for a write: wait for `flush` then. */
  get isFull(): boolean {
    return this.at >= pieceBytes
  }

  text(text: string): void {
    this.room(text.length * 3)
    this.at += this.buffer.write(text, this.at, 'utf8')
  }

  /** Text of ASCII characters only, which is what separators, names and numbers are. */
  ascii(text: string): void {
    this.room(text.length)
    this.at += this.buffer.write(text, this.at, 'latin1')
  }

  bytes(bytes: Buffer, start: number, end: number): void {
    this.room(end - start)
    this.at += bytes.copy(this.buffer, this.at, start, end)
  }

  /** Writes what has gathered; resolves when the target has taken it. */
  async flush(): Promise<void> {
    if (this.at === 0) return
    const full = this.buffer.subarray(0, this.at)
    // the target may keep the piece for a while: go on in a new one
    this.buffer = Buffer.allocUnsafe(pieceBytes)
    this.at = 0
    if (!this.target.write(full)) await once(this.target, 'drain')
  }

  private room(more: number): void {
    if (this.at + more <= this.buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + more))
    this.buffer.copy(grown, 0, 0, this.at)
    this.buffer = grown
  }
}
