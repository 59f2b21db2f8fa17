// Cuts a stream of bytes into frames: four bytes of size, then as many bytes. Every frame is copied once, into a buffer of its size.

export class FrameReader {
  private readonly size = Buffer.alloc(4)
  private sizeFilled = 0
  private frame: Buffer | undefined
  private filled = 0

  private readonly largest: number
  private readonly onFrame: (frame: Buffer) => void
  private readonly onNonsense: (size: Buffer) => void
  private isStopped = false

  /** `onNonsense` gets the four bytes of a size that can't be: less than four bytes, or more than `largest`. */
  constructor(largest: number, onFrame: (frame: Buffer) => void, onNonsense: (size: Buffer) => void) {
    this.largest = largest
    this.onFrame = onFrame
    this.onNonsense = onNonsense
  }

  /** Called by `onFrame`: the frames that follow in the same chunk are not wanted yet. */
  stop(): void {
    this.isStopped = true
  }

  /** Answers what is left of the chunk after a `stop`, for a later call. */
  push(chunk: Buffer): Buffer | undefined {
    let at = 0
    this.isStopped = false
    while (at < chunk.length) {
      if (this.isStopped) return chunk.subarray(at)
      if (!this.frame) {
        at += this.fillSize(chunk, at)
        if (this.sizeFilled < 4) return undefined
        const size = this.size.readInt32BE()
        if (size < 4 || size > this.largest) {
          this.onNonsense(this.size)
          return undefined
        }
        this.frame = Buffer.allocUnsafe(size)
        this.filled = 0
      }
      const copied = chunk.copy(this.frame, this.filled, at)
      at += copied
      this.filled += copied
      if (this.filled === this.frame.length) this.finish(this.frame)
    }
    return undefined
  }

  private fillSize(chunk: Buffer, at: number): number {
    const copied = chunk.copy(this.size, this.sizeFilled, at, at + 4 - this.sizeFilled)
    this.sizeFilled += copied
    return copied
  }

  private finish(frame: Buffer): void {
    this.frame = undefined
    this.sizeFilled = 0
    this.onFrame(frame)
  }
}
