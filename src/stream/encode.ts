// JSON or text -> the bytes of a key or value, by the format that is declared for them.
import { EvplatError } from '../core/errors.ts'
import { type Json, parseJson, stringifyJson } from '../core/json.ts'
import { withSchemaId } from '../avro/wire-format.ts'

export type EncodeAvro = (value: Json) => Buffer

/** How a key or value is written. `text`: undeclared; strings as they are, other JSON as its text. */
export type WrittenAs =
  | { readonly kind: 'string' | 'json' | 'bytes' | 'text' }
  | { readonly kind: 'avro'; readonly schemaId: number; readonly encode: EncodeAvro }

/** The bytes that `{ "$base64": ... }` stands for; undefined for any other value. */
export function base64Of(value: Json): Buffer | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  const entries = Object.entries(value)
  const [name, text] = entries[0] ?? []
  if (entries.length !== 1 || name !== '$base64' || typeof text !== 'string') return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? bytes : undefined
}

function wrong(value: Json, expected: string): EvplatError {
  const got = stringifyJson(value)
  return new EvplatError('bad-input', `expected ${expected}, got ${got.length > 60 ? `${got.slice(0, 57)}...` : got}`)
}

/**
 * The bytes of a JSON value; null is a tombstone. `{ "$base64": ... }` stands for bytes in every format. Throws what does not fit.
 * `text` is the value as it was written, where it was: JSON goes on with all the digits that it has.
 */
export function encodeJson(value: Json, as: WrittenAs, text: () => string = () => stringifyJson(value)): Buffer | null {
  if (value === null) return null
  const raw = base64Of(value)
  if (raw) return raw
  switch (as.kind) {
    case 'avro':
      return withSchemaId(as.schemaId, as.encode(value))
    case 'json':
      return Buffer.from(text())
    case 'string':
      if (typeof value !== 'string') throw wrong(value, 'a string')
      return Buffer.from(value)
    case 'bytes':
      if (typeof value !== 'string') throw wrong(value, 'a string or { "$base64": ... }')
      return Buffer.from(value)
    case 'text':
      return Buffer.from(typeof value === 'string' ? value : text())
  }
}

/** The bytes of a line of input: JSON where the format is JSON or Avro, else the line itself. */
export function encodeLine(line: Buffer, as: WrittenAs): Buffer | null {
  if (as.kind === 'avro') return encodeJson(parseJson(line.toString('utf8')), as)
  if (as.kind !== 'json') return line
  parseJson(line.toString('utf8'))
  return line
}
