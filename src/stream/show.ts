// Bytes of a key or value -> JSON text, by the format that is declared for them.
import { isUtf8 } from 'node:buffer'
import { messageOf } from '../core/errors.ts'
import { parseJson, stringifyJson } from '../core/json.ts'
import { base64Of } from './encode.ts'
import { base64Form, quoted } from './json-text.ts'
import type { SchemaCache } from './schema-cache.ts'
import { schemaIdOf, wirePrefix } from '../avro/wire-format.ts'

/** `auto`: Avro where the bytes carry the id of a known schema, else text. */
export type ShownAs = 'string' | 'json' | 'bytes' | 'avro' | 'auto'

export interface Shown {
  /** JSON on one line */
  readonly json: string
  readonly schemaId?: number
  /** why the bytes stand there as they are */
  readonly error?: string
}

function undecodable(bytes: Buffer, error: string, schemaId?: number): Shown {
  return { json: base64Form(bytes), error, ...(schemaId !== undefined && { schemaId }) }
}

function showText(bytes: Buffer): Shown {
  return { json: quoted(bytes) ?? base64Form(bytes) }
}

/** JSON stays as it was written, but for line ends: numbers and key order are not touched. */
function showJson(bytes: Buffer): Shown {
  if (!isUtf8(bytes)) return undecodable(bytes, 'not JSON: not UTF-8')
  const text = bytes.toString('utf8')
  try {
    const value = parseJson(text)
    // null would read back as a tombstone, and bytes as what they stand for
    if (value === null || base64Of(value)) return { json: base64Form(bytes) }
    return { json: text.replaceAll(/[\r\n]\s*/g, '').trim() }
  } catch (thrown) {
    return undecodable(bytes, `not JSON: ${messageOf(thrown)}`)
  }
}

function showAvro(bytes: Buffer, schemas: SchemaCache): Shown {
  const id = schemaIdOf(bytes, 0, bytes.length)
  if (id === undefined)
    return undecodable(bytes, 'not in the wire format of the Schema Registry (a zero byte and a schema id)')
  const decode = schemas.get(id)
  if (!decode) return undecodable(bytes, `the registry does not know schema id ${id}`, id)
  try {
    const json = stringifyJson(decode(bytes.subarray(wirePrefix)))
    return { json: json.startsWith('{"$base64"') ? base64Form(bytes) : json, schemaId: id }
  } catch (thrown) {
    return undecodable(bytes, `not of schema ${id}: ${messageOf(thrown)}`, id)
  }
}

/** The JSON text of bytes. Never throws: what can't be decoded is shown as bytes, with the reason. */
export function show(bytes: Buffer, as: ShownAs, schemas: SchemaCache): Shown {
  switch (as) {
    case 'string':
      return showText(bytes)
    case 'json':
      return showJson(bytes)
    case 'bytes':
      return { json: base64Form(bytes) }
    case 'avro':
      return showAvro(bytes, schemas)
    case 'auto': {
      const id = schemaIdOf(bytes, 0, bytes.length)
      return id !== undefined && schemas.get(id) ? showAvro(bytes, schemas) : showText(bytes)
    }
  }
}

/** The schema id that has to be loaded before these bytes can be shown, if there is one. */
export function missingSchema(bytes: Buffer | null, as: ShownAs, schemas: SchemaCache): number | undefined {
  if (bytes === null || (as !== 'avro' && as !== 'auto')) return undefined
  const id = schemaIdOf(bytes, 0, bytes.length)
  return id !== undefined && schemas.get(id) === undefined ? id : undefined
}
