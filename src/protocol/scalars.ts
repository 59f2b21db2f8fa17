// Readers and writers of single values, by kind, nullability and encoding (classic or flexible, KIP-482).
import { EvplatError } from '../core/errors.ts'
import type { Codec } from './codec.ts'
import type { ScalarKind } from './notation.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

function text(flexible: boolean, nullable: boolean): Codec<string | null> {
  return {
    read(reader) {
      const length = flexible ? reader.uvarint() - 1 : reader.int16()
      return length < 0 ? nullOr(nullable) : reader.string(length)
    },
    write(writer, value) {
      const length = value === null ? -1 : Buffer.byteLength(value)
      if (flexible) writer.uvarint(length + 1)
      else if (length > 32_767)
        throw new EvplatError('malformed-message', `a text of ${length} bytes does not fit into the message`)
      else writer.int16(length)
      if (value !== null) writer.string(value, length)
    },
  }
}

function blob(flexible: boolean, nullable: boolean): Codec<Buffer | null> {
  return {
    read(reader) {
      const length = flexible ? reader.uvarint() - 1 : reader.int32()
      return length < 0 ? nullOr(nullable) : reader.bytes(length)
    },
    write(writer, value) {
      const length = value === null ? -1 : value.length
      if (flexible) writer.uvarint(length + 1)
      else writer.int32(length)
      if (value !== null) writer.bytes(value)
    },
  }
}

/** Record batches may come in several pieces, as they lie in several places. */
function batches(flexible: boolean, nullable: boolean): Codec<Buffer | readonly Buffer[] | null> {
  const inOnePiece = blob(flexible, nullable)
  return {
    read: (reader) => inOnePiece.read(reader),
    write(writer, value) {
      const pieces = value === null || Buffer.isBuffer(value) ? value && [value] : value
      const length = pieces === null ? -1 : pieces.reduce((sum, piece) => sum + piece.length, 0)
      if (flexible) writer.uvarint(length + 1)
      else writer.int32(length)
      for (const piece of pieces ?? []) writer.bytes(piece)
    },
  }
}

function nullOr(nullable: boolean): null {
  if (nullable) return null
  throw new EvplatError('malformed-message', 'a message of the Kafka protocol is broken: null where it is not allowed')
}

type FixedKind = Exclude<ScalarKind, 'string' | 'bytes' | 'records'>

const fixed: { readonly [K in FixedKind]: Codec<never> } = {
  bool: { read: (r: Reader) => r.bool() as never, write: (w: Writer, v: boolean) => w.bool(v) },
  int8: { read: (r: Reader) => r.int8() as never, write: (w: Writer, v: number) => w.int8(v) },
  int16: { read: (r: Reader) => r.int16() as never, write: (w: Writer, v: number) => w.int16(v) },
  int32: { read: (r: Reader) => r.int32() as never, write: (w: Writer, v: number) => w.int32(v) },
  int64: { read: (r: Reader) => r.int64() as never, write: (w: Writer, v: bigint) => w.int64(v) },
  uuid: { read: (r: Reader) => r.uuid() as never, write: (w: Writer, v: string) => w.uuid(v) },
}

/** The codec of one value. */
export function scalarCodec(kind: ScalarKind, nullable: boolean, flexible: boolean): Codec<never> {
  if (kind === 'string') return text(flexible, nullable) as Codec<never>
  if (kind === 'bytes') return blob(flexible, nullable) as Codec<never>
  if (kind === 'records') return batches(flexible, nullable) as Codec<never>
  return fixed[kind]
}
