// Avro -> JSON, read with the writer's schema or resolved to a reader's. Compiled once into functions that only look at bytes.
import type { Json } from '../core/json.ts'
import { BinaryIn } from './binary-in.ts'
import type { ValueForm } from './leaf-form.ts'
import { compileDecode } from './resolve.ts'
import type { Schema } from './schema.ts'
import { atRim } from './value-error.ts'

/**
 * Compiles a schema into a function that turns a binary encoding into a JSON value, in the forms of `createEncoder`.
 * With a `reader`, the value is one of the reader's schema: renamed, promoted, with defaults for what was not written
 * (specification 1.12, "Schema Resolution"). The first `start` bytes are not looked at. The function throws an AvroValueError for bytes that are no value, for bytes
 * that are missing or left over, and for a value that the reader cannot take.
 */
export function createDecoder(
  writer: Schema,
  form: ValueForm = 'plain',
  reader: Schema = writer,
): (bytes: Buffer, start?: number) => Json {
  const decode = compileDecode({ form, records: new Map(), choices: new Map() }, writer, reader)
  const input = new BinaryIn()
  return (bytes, start = 0) => {
    try {
      input.open(bytes, start)
      const value = decode(input)
      input.close()
      return value
    } catch (thrown) {
      throw atRim(thrown)
    }
  }
}
