// Avro -> JSON Schema (2020-12, as OpenAPI 3.1 has it), of the JSON form of values in docs/formats.md. Pure.
import { logicalTypeOf } from '../../avro/logical-type.ts'
import type { Field, NamedSchema, PrimitiveName, RecordSchema, Schema } from '../../avro/schema.ts'
import type { Json, JsonObject } from '../../core/json.ts'

/** Full names of Avro types -> their JSON Schemas, which the returned schemas refer to. */
export type Definitions = Map<string, JsonObject>

/** The JSON Schema of a type; named types go to the definitions, under `prefix` and their full name. */
export function jsonSchemaOf(schema: Schema, definitions: Definitions, prefix = '#/components/schemas/'): JsonObject {
  const of = (type: Schema): JsonObject => jsonSchemaOf(type, definitions, prefix)
  switch (schema.type) {
    case 'array':
      return { type: 'array', items: of(schema.items) }
    case 'map':
      return { type: 'object', additionalProperties: of(schema.values) }
    case 'union':
      return schema.branches.length === 1 ? of(schema.branches[0]!) : { anyOf: schema.branches.map(of) }
    case 'record':
    case 'error':
    case 'enum':
    case 'fixed':
      if (!definitions.has(schema.name)) define(schema, definitions, of)
      return { $ref: `${prefix}${schema.name}` }
    default:
      return primitive(schema.type, logicalText(schema))
  }
}

function define(schema: NamedSchema, definitions: Definitions, of: (type: Schema) => JsonObject): void {
  definitions.set(schema.name, {})
  const doc = schema.doc === undefined ? {} : { description: schema.doc }
  if (schema.type === 'enum') definitions.set(schema.name, { type: 'string', enum: schema.symbols, ...doc })
  else if (schema.type === 'fixed') definitions.set(schema.name, { ...(logicalText(schema) ?? base64), ...doc })
  else definitions.set(schema.name, { ...recordSchema(schema, of), ...doc })
}

function recordSchema({ fields }: RecordSchema, of: (type: Schema) => JsonObject): JsonObject {
  const required = fields.filter((field) => field.default === undefined).map((field) => field.name)
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, property(field, of(field.type))])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  }
}

/** Defaults of bytes have a form of their own in Avro: they are not shown. */
function property(field: Field, schema: JsonObject): JsonObject {
  const showsDefault = field.default !== undefined && isPlainDefault(field.type)
  return {
    ...schema,
    ...(field.doc !== undefined && { description: field.doc }),
    ...(showsDefault && { default: field.default as Json }),
  }
}

function isPlainDefault(schema: Schema): boolean {
  if (schema.type === 'union') return isPlainDefault(schema.branches[0]!)
  if (schema.type === 'bytes' || schema.type === 'fixed' || logicalTypeOf(schema)) return false
  return schema.type === 'array' || schema.type === 'map' || !('fields' in schema)
}

const base64: JsonObject = { type: 'string', contentEncoding: 'base64' }

const primitives: Readonly<Record<PrimitiveName, JsonObject>> = {
  null: { type: 'null' },
  boolean: { type: 'boolean' },
  int: { type: 'integer', format: 'int32', minimum: -2147483648, maximum: 2147483647 },
  long: { type: 'integer', format: 'int64' },
  float: { type: 'number', format: 'float' },
  double: { type: 'number', format: 'double' },
  bytes: base64,
  string: { type: 'string' },
}

function primitive(name: PrimitiveName, logical: JsonObject | undefined): JsonObject {
  return logical ?? primitives[name]
}

/** The text that values of a logical type are. */
function logicalText(schema: Schema): JsonObject | undefined {
  const logical = logicalTypeOf(schema)
  switch (logical?.kind) {
    case undefined:
      return undefined
    case 'uuid':
    case 'date':
      return { type: 'string', format: logical.kind }
    case 'timestamp':
      return { type: 'string', format: 'date-time' }
    case 'duration':
      return undefined
    case 'decimal':
    case 'big-decimal':
      return { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' }
    case 'time':
    case 'local-timestamp':
      return { type: 'string' }
  }
}
