// The parsed tree of an Avro schema (Avro 1.12 specification, "Schema Declaration"). Named types stand in the tree where they are
// defined; where they are used again stands a reference to the same object, so recursion is a cycle of objects.

import type { Json } from '../core/json.ts'

export type PrimitiveName = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string'

/** What a type may carry beside its own attributes: `logicalType`, `precision`, and anything that users add. */
interface Attributes {
  readonly properties: ReadonlyMap<string, Json>
}

export interface PrimitiveSchema extends Attributes {
  readonly type: PrimitiveName
}
export interface ArraySchema extends Attributes {
  readonly type: 'array'
  readonly items: Schema
}
export interface MapSchema extends Attributes {
  readonly type: 'map'
  readonly values: Schema
}
export interface UnionSchema {
  readonly type: 'union'
  readonly branches: readonly Schema[]
}

interface Named extends Attributes {
  /** the full name: namespace and name */
  readonly name: string
  /** full names */
  readonly aliases: readonly string[]
  readonly doc?: string
}
export interface Field {
  readonly name: string
  readonly type: Schema
  readonly aliases: readonly string[]
  readonly doc?: string
  /** absent when the field has none; `null` is a default */
  readonly default?: Json
  readonly order?: 'ascending' | 'descending' | 'ignore'
  readonly properties: ReadonlyMap<string, Json>
}
export interface RecordSchema extends Named {
  readonly type: 'record' | 'error'
  /** filled while the record is parsed: a field may use the record itself */
  readonly fields: readonly Field[]
}
export interface EnumSchema extends Named {
  readonly type: 'enum'
  readonly symbols: readonly string[]
  readonly default?: string
}
export interface FixedSchema extends Named {
  readonly type: 'fixed'
  readonly size: number
}

export type NamedSchema = RecordSchema | EnumSchema | FixedSchema
export type Schema = PrimitiveSchema | ArraySchema | MapSchema | UnionSchema | NamedSchema
