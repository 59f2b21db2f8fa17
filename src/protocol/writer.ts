// Grows a list of byte chunks. Large slices are taken by reference: record batches are not copied on their way to the socket.

const byReference = 16 * 1024

export class Writer {
  private readonly done: Buffer[] = []
  private current: Buffer
  private position = 0
  private doneLength = 0

  constructor(size = 512) {
    this.current = Buffer.allocUnsafe(size)
  }

  get length(): number {
    return this.doneLength + this.position
  }

  private room(size: number): number {
    if (this.position + size > this.current.length) {
      this.close()
      this.current = Buffer.allocUnsafe(Math.max(size, 4096, this.doneLength))
    }
    const at = this.position
    this.position = at + size
    return at
  }

  private close(): void {
    if (this.position > 0) this.done.push(this.current.subarray(0, this.position))
    this.doneLength += this.position
    this.current = this.current.subarray(this.position)
    this.position = 0
  }

  bool(value: boolean): void {
    this.int8(value ? 1 : 0)
  }
  int8(value: number): void {
    const at = this.room(1)
    this.current.writeInt8(value, at)
  }
  int16(value: number): void {
    const at = this.room(2)
    this.current.writeInt16BE(value, at)
  }
  int32(value: number): void {
    const at = this.room(4)
    this.current.writeInt32BE(value, at)
  }
  int64(value: bigint): void {
    const at = this.room(8)
    this.current.writeBigInt64BE(value, at)
  }
  uvarint(value: number): void {
    let rest = value
    while (rest > 0x7f) {
      this.byte((rest % 128) | 0x80)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }
  private byte(value: number): void {
    const at = this.room(1)
    this.current[at] = value
  }
  uuid(value: string): void {
    this.bytes(Buffer.from(value, 'base64url'))
  }
  string(value: string, length: number): void {
    const at = this.room(length)
    this.current.write(value, at, 'utf8')
  }
  bytes(value: Buffer): void {
    if (value.length < byReference) {
      const at = this.room(value.length)
      value.copy(this.current, at)
      return
    }
    this.close()
    this.done.push(value)
    this.doneLength += value.length
  }

  /** What was written, as chunks for one gathering write. The writer must not be used after. */
  chunks(): Buffer[] {
    this.close()
    return this.done
  }

  /** What was written, in one piece. */
  toBuffer(): Buffer {
    const parts = this.chunks()
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  }
}
