// Schema text -> tree, after the Avro 1.12 specification, "Schema Declaration".
import { type Json, JsonError, parseJson } from '../core/json.ts'
import { canonicalText } from './canonical.ts'
import { defaultProblem } from './default-value.ts'
import { namedTypesIn } from './named-types.ts'
import type { Parsing, Spot } from './parse-context.ts'
import { parseType } from './parse-type.ts'
import { AvroSchemaError } from './schema-error.ts'
import type { NamedSchema, Schema } from './schema.ts'

export interface ParseOptions {
  /** types that other schemas define: full name -> tree */
  readonly known?: ReadonlyMap<string, NamedSchema>
  /** takes what a registry takes that holds the schema already: any name, any default, doubled keys of JSON */
  readonly lenient?: boolean
}

const wholeText: Spot = { pointer: '', namespace: '' }

/**
 * Parses the JSON text of an Avro schema. Named types stand in the tree where they are defined; each use of them, and of
 * the `known` types, is the same object. Logical types are no matter of the parser: see `logicalTypeOf`.
 * Throws an AvroSchemaError for the first problem: its kind, its place in the text, and what is wrong.
 */
export function parseSchema(text: string, options: ParseOptions = {}): Schema {
  const { known = new Map(), lenient = false } = options
  const parsing: Parsing = { lenient, known, defined: new Map(), defaults: [] }
  const json = readJson(text, lenient)
  const schema = parseOrTellOrder(parsing, json)
  refuseTwoMeanings(schema)
  if (!lenient) checkDefaults(parsing)
  return schema
}

/**
 * The full names that a schema text uses and does not define, in the order of their first use.
 * Throws an AvroSchemaError for what is no schema; names and defaults are not looked at.
 */
export function unknownTypes(text: string): string[] {
  return unknownTypesIn(readJson(text, true))
}

function unknownTypesIn(json: Json): string[] {
  const unknown = new Set<string>()
  const parsing: Parsing = { lenient: true, known: new Map(), defined: new Map(), defaults: [], unknown }
  parseType(parsing, json, wholeText)
  return [...unknown].filter((name) => !parsing.defined.has(name))
}

/** A type that the text defines, but only further on, is no unknown one. */
function parseOrTellOrder(parsing: Parsing, json: Json): Schema {
  try {
    return parseType(parsing, json, wholeText)
  } catch (thrown) {
    if (!(thrown instanceof AvroSchemaError) || thrown.unknownType === undefined) throw thrown
    if (unknownTypesIn(json).includes(thrown.unknownType)) throw thrown
    throw new AvroSchemaError('schema', thrown.pointer, `the type "${thrown.unknownType}" is used before it is defined`)
  }
}

function readJson(text: string, lenient: boolean): Json {
  try {
    return parseJson(text, { uniqueKeys: !lenient })
  } catch (thrown) {
    throw thrown instanceof JsonError ? new AvroSchemaError('json', '', thrown.message) : thrown
  }
}

/** A type of the text may have the name of a known one that is used too, as long as both are the same. */
function refuseTwoMeanings(schema: Schema): void {
  const seen = new Map<string, NamedSchema>()
  for (const type of namedTypesIn(schema)) {
    const other = seen.get(type.name)
    if (other && canonicalText(other) !== canonicalText(type))
      throw new AvroSchemaError('schema', '', `"${type.name}" is defined differently in a schema that this one uses`)
    seen.set(type.name, type)
  }
}

function checkDefaults(parsing: Parsing): void {
  for (const { field, pointer } of parsing.defaults) {
    const problem = defaultProblem(field.type, field.default!)
    if (!problem) continue
    const where =
      problem.pointer === '' ? `the default of "${field.name}"` : `the default of "${field.name}" at ${problem.pointer}`
    throw new AvroSchemaError('schema', pointer + problem.pointer, `${where} is not ${problem.expected}`)
  }
}
