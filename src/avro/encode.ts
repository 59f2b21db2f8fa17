// JSON -> Avro. A schema is compiled once into functions that look at nothing but their value.
import { didYouMean } from '../core/did-you-mean.ts'
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../core/json.ts'
import { BinaryOut } from './binary-out.ts'
import { branchName, onlyKey } from './branch-fit.ts'
import { defaultBranch } from './default-value.ts'
import { leafCode } from './leaf-code.ts'
import { type ValueForm, stringForm } from './leaf-form.ts'
import { type Field, type RecordSchema, type Schema, type UnionSchema } from './schema.ts'
import { createChoice, noBranch, severalBranches } from './union-choice.ts'
import { Misfit, atRim, describeValue, throwFrom } from './value-error.ts'

/**
 * Compiles a schema into a function that turns a JSON value into its binary encoding.
 * `plain` is the form of design 8, `avro` the specification's own ("JSON Encoding"). The function throws an AvroValueError
 * with the JSON path for a value that does not go with the schema.
 */
export function createEncoder(schema: Schema, form: ValueForm = 'plain'): (value: Json) => Buffer {
  const encode = compile({ form, records: new Map() }, schema)
  const out = new BinaryOut()
  return (value) => {
    try {
      return bytesOf(encode, value, out)
    } catch (thrown) {
      throw atRim(thrown)
    }
  }
}

/** The encoding of a default of a field, which has a JSON form of its own (default-value.ts). Throws a Misfit. */
export function encodeDefault(schema: Schema, value: Json): Buffer {
  return bytesOf(compile({ form: 'default', records: new Map() }, schema), value, new BinaryOut())
}

function bytesOf(encode: Encode, value: Json, out: BinaryOut): Buffer {
  out.open()
  encode(value, out)
  return out.take()
}

type Encode = (json: Json, out: BinaryOut) => void

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

function arrayEncoder(encodeItem: Encode): Encode {
  return (json, out) => {
    if (!isJsonArray(json)) throw new Misfit('an array', describeValue(json))
    out.enter()
    if (json.length > 0) out.long(json.length)
    for (let at = 0; at < json.length; at++) encodeAt(encodeItem, json[at]!, at, out)
    out.long(0)
    out.leave()
  }
}

function mapEncoder(encodeValue: Encode): Encode {
  return (json, out) => {
    if (!isJsonObject(json)) throw new Misfit('an object', describeValue(json))
    out.enter()
    const keys = Object.keys(json)
    if (keys.length > 0) out.long(keys.length)
    for (const key of keys) {
      if (stringForm.fromJson(key) === undefined) throw new Misfit('keys that are text in UTF-8', describeValue(key))
      out.string(key)
      encodeAt(encodeValue, json[key]!, key, out)
    }
    out.long(0)
    out.leave()
  }
}

function encodeAt(encode: Encode, json: Json, step: string | number, out: BinaryOut): void {
  try {
    encode(json, out)
  } catch (thrown) {
    throwFrom(thrown, step)
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
      return (json, out) => {
        const at = defaultBranch(schema.branches, json)
        if (at < 0) throw new Misfit(namesOf(schema), describeValue(json))
        out.long(at)
        branches[at]!(json, out)
      }
  }
}

function plainUnionEncoder(schema: UnionSchema, branches: readonly Encode[]): Encode {
  const choice = createChoice(schema)
  return (json, out) => {
    const named = choice.named(json)
    const at = named === noBranch ? choice.bare(json) : named
    if (at === noBranch) throw new Misfit(namesOf(schema), describeValue(json))
    if (at === severalBranches) throw several(schema, json)
    out.long(at)
    if (named === noBranch) branches[at]!(json, out)
    else encodeNamed(branches[at]!, json as JsonObject, out)
  }
}

function encodeNamed(encode: Encode, json: JsonObject, out: BinaryOut): void {
  const name = onlyKey(json)!
  out.enter()
  encodeAt(encode, json[name]!, name, out)
  out.leave()
}

/** The specification's own form: null is bare, all else stands in an object under the name of its branch. */
function wrappedUnionEncoder(schema: UnionSchema, branches: readonly Encode[]): Encode {
  const labels = new Map(schema.branches.map((branch, at) => [branchName(branch), at]))
  return (json, out) => {
    const name = json === null ? 'null' : isJsonObject(json) ? onlyKey(json) : undefined
    const at = name === undefined ? undefined : labels.get(name)
    if (at === undefined || (name === 'null' && json !== null)) {
      const expected = schema.branches.map((branch) =>
        branch.type === 'null' ? 'null' : `{"${branchName(branch)}": ...}`,
      )
      throw new Misfit(expected.join(' or '), describeValue(json))
    }
    out.long(at)
    if (json === null) return
    encodeNamed(branches[at]!, json as JsonObject, out)
  }
}

function namesOf(schema: UnionSchema): string {
  return schema.branches.map((branch) => ('name' in branch ? `"${branch.name}"` : branch.type)).join(' or ')
}

function several(schema: UnionSchema, json: Json): Misfit {
  const hint = `name the branch as in {"${branchName(schema.branches.at(-1)!)}": ...}`
  return new Misfit(namesOf(schema), `${describeValue(json)}, which may be several of them`, hint)
}
