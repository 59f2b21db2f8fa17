// A request with the places of its parts: every number, length, count and text that was written, so that each can be damaged alone.
import type { Api } from '../../src/protocol/api.ts'
import { compile } from '../../src/protocol/compile.ts'
import { Writer } from '../../src/protocol/writer.ts'

export interface Mark {
  readonly at: number
  readonly kind: 'int8' | 'int16' | 'int32' | 'int64' | 'uvarint' | 'bytes'
  readonly size: number
}

class MarkingWriter extends Writer {
  readonly marks: Mark[] = []

  private mark(kind: Mark['kind'], write: () => void): void {
    const at = this.length
    write()
    this.marks.push({ at, kind, size: this.length - at })
  }

  override int8(value: number): void {
    this.mark('int8', () => super.int8(value))
  }
  override int16(value: number): void {
    this.mark('int16', () => super.int16(value))
  }
  override int32(value: number): void {
    this.mark('int32', () => super.int32(value))
  }
  override int64(value: bigint): void {
    this.mark('int64', () => super.int64(value))
  }
  override uvarint(value: number): void {
    this.mark('uvarint', () => super.uvarint(value))
  }
  override string(value: string, length: number): void {
    this.mark('bytes', () => super.string(value, length))
  }
  override bytes(value: Buffer): void {
    this.mark('bytes', () => super.bytes(value))
  }
}

export interface Marked {
  /** without the size in front */
  readonly frame: Buffer
  readonly marks: readonly Mark[]
}

/** A request frame as a client would send it. */
export function markedRequest(api: Api, version: number, body: object): Marked {
  const flexible = version >= api.flexible
  const writer = new MarkingWriter()
  writer.int16(api.key)
  writer.int16(version)
  writer.int32(7)
  writer.int16(4)
  writer.string('fuzz', 4)
  if (flexible) writer.uvarint(0)
  compile(api.request, { version, flexible }).write(writer, body as never)
  const marks = writer.marks
  return { frame: Buffer.from(writer.toBuffer()), marks }
}
