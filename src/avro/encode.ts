// JSON -> Avro. A schema is compiled once into functions that look at nothing but their value.
import { didYouMean } from '../core/did-you-mean.ts'
import { type Json, type JsonObject, isJsonObject } from '../core/json.ts'
import { BinaryOut } from './binary-out.ts'
import { type Encode, arrayEncoder, encodeAt, mapEncoder } from './encode-parts.ts'
import { defaultUnionEncoder, plainUnionEncoder, wrappedUnionEncoder } from './encode-union.ts'
import { leafCode } from './leaf-code.ts'
import type { ValueForm } from './leaf-form.ts'
import type { Field, RecordSchema, Schema, UnionSchema } from './schema.ts'
import { Misfit, atRim, describeValue, throwFrom } from './value-error.ts'

/**
 * Compiles a schema into a function that turns a JSON value into its binary encoding.
 * `plain` is the form of docs/formats.md, `avro` the specification's own ("JSON Encoding"). The function throws an AvroValueError
 * with the JSON path for a value that does not go with the schema. What it returns begins with the prefix.
 */
export function createEncoder(schema: Schema, form: ValueForm = 'plain'): (value: Json, prefix?: Buffer) => Buffer {
  const encode = compile({ form, records: new Map() }, schema)
  const out = new BinaryOut()
  return (value, prefix) => {
    try {
      return bytesOf(encode, value, out, prefix)
    } catch (thrown) {
      throw atRim(thrown)
    }
  }
}

/** The encoding of a default of a field, which has a JSON form of its own (default-value.ts). Throws a Misfit. */
export function encodeDefault(schema: Schema, value: Json): Buffer {
  return bytesOf(compile({ form: 'default', records: new Map() }, schema), value, new BinaryOut())
}

function bytesOf(encode: Encode, value: Json, out: BinaryOut, prefix?: Buffer): Buffer {
  out.open()
  if (prefix) out.fixed(prefix)
  encode(value, out)
  return out.take()
}

interface Compiling {
  readonly form: ValueForm | 'default'
  /** records that are compiled or under way */
  readonly records: Map<RecordSchema, Encode>
}

function compile(compiling: Compiling, schema: Schema): Encode {
  switch (schema.type) {
    case 'array':
      return arrayEncoder(compile(compiling, schema.items))
    case 'map':
      return mapEncoder(compile(compiling, schema.values))
    case 'union':
      return unionEncoder(compiling, schema)
    case 'record':
    case 'error':
      return compiling.records.get(schema) ?? recordEncoder(compiling, schema)
    default:
      return leafCode(schema, compiling.form === 'plain' ? 'plain' : 'avro').encode
  }
}

interface FieldEncoder {
  readonly name: string
  /** every object has something under this name, like `constructor` */
  readonly isInherited: boolean
  readonly encode: Encode
  /** the bytes of the default; undefined where the field may not be missing */
  readonly fallback: (() => Buffer) | undefined
}

function recordEncoder(compiling: Compiling, schema: RecordSchema): Encode {
  const fields: FieldEncoder[] = []
  const encode: Encode = (json, out) => {
    if (!isJsonObject(json)) throw new Misfit(`an object with the fields of "${schema.name}"`, describeValue(json))
    out.enter()
    let given = 0
    for (const field of fields) {
      const value = field.isInherited && !Object.hasOwn(json, field.name) ? undefined : json[field.name]
      if (value === undefined) encodeMissing(field, out)
      else {
        given++
        encodeAt(field.encode, value, field.name, out)
      }
    }
    if (given < Object.keys(json).length) refuseUnknown(schema, json)
    out.leave()
  }
  compiling.records.set(schema, encode)
  for (const field of schema.fields)
    fields.push({
      name: field.name,
      isInherited: field.name in Object.prototype,
      encode: compile(compiling, field.type),
      fallback: fallbackOf(compiling, field),
    })
  return encode
}

/** The specification's own JSON has every field; the other forms may leave out what has a default. */
function fallbackOf(compiling: Compiling, field: Field): (() => Buffer) | undefined {
  const value = field.default
  if (value === undefined || compiling.form === 'avro') return undefined
  let bytes: Buffer | undefined
  return () => (bytes ??= encodeDefault(field.type, value))
}

function encodeMissing(field: FieldEncoder, out: BinaryOut): void {
  try {
    if (!field.fallback) throw new Misfit(`a value for the field`, 'none')
    out.fixed(field.fallback())
  } catch (thrown) {
    throwFrom(thrown, field.name)
  }
}

function refuseUnknown(schema: RecordSchema, json: JsonObject): void {
  const names = schema.fields.map((field) => field.name)
  const unknown = Object.keys(json).find((key) => json[key] !== undefined && !names.includes(key))
  if (unknown === undefined) return
  throwFrom(new Misfit(`no field but those of "${schema.name}"`, `"${unknown}"`, didYouMean(unknown, names)), unknown)
}

function unionEncoder(compiling: Compiling, schema: UnionSchema): Encode {
  const branches = schema.branches.map((branch) => compile(compiling, branch))
  switch (compiling.form) {
    case 'plain':
      return plainUnionEncoder(schema, branches)
    case 'avro':
      return wrappedUnionEncoder(schema, branches)
    case 'default':
      return defaultUnionEncoder(schema, branches)
  }
}
