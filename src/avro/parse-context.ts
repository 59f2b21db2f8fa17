import { type Json, type JsonObject, isJsonArray } from '../core/json.ts'
import { pointerTo } from './json-pointer.ts'
import { isName } from './names.ts'
import { AvroSchemaError } from './schema-error.ts'
import type { Field, NamedSchema } from './schema.ts'

/** What one run of the parser knows and gathers. */
export interface Parsing {
  readonly lenient: boolean
  /** types that other schemas define, by full name */
  readonly known: ReadonlyMap<string, NamedSchema>
  /** types that this text has defined so far, by full name */
  readonly defined: Map<string, NamedSchema>
  /** fields with a default, which is looked at when all types are complete */
  readonly defaults: { readonly field: Field; readonly pointer: string }[]
  /** when there, names that nothing defines are gathered here instead of being refused */
  readonly unknown?: Set<string>
}

/** Where the parser is: the JSON pointer of the place and the namespace that holds there ('' is the null one). */
export interface Spot {
  readonly pointer: string
  readonly namespace: string
}

export function below(spot: Spot, ...steps: readonly (string | number)[]): Spot {
  return { pointer: pointerTo(spot.pointer, ...steps), namespace: spot.namespace }
}

export function refuse(spot: Spot, message: string): never {
  throw new AvroSchemaError('schema', spot.pointer, message)
}

/** The text at a key, or undefined where there is none. Another type is refused, or ignored when lenient. */
export function optionalText(parsing: Parsing, node: JsonObject, key: string, spot: Spot): string | undefined {
  const value = node[key]
  if (value === undefined || typeof value === 'string') return value
  return parsing.lenient ? undefined : refuse(below(spot, key), `"${key}" is not a string`)
}

export function requiredText(node: JsonObject, key: string, spot: Spot): string {
  const value = node[key]
  if (value === undefined) refuse(spot, `"${key}" is missing`)
  return typeof value === 'string' ? value : refuse(below(spot, key), `"${key}" is not a string`)
}

/** The array of texts at a key. */
export function textList(node: JsonObject, key: string, spot: Spot): readonly string[] {
  const list = node[key]
  if (list === undefined || !isJsonArray(list)) return refuse(spot, `"${key}" is not an array of strings`)
  return list.map((text, at) =>
    typeof text === 'string' ? text : refuse(below(spot, key, at), `"${key}" holds what is not a string`),
  )
}

/** Refuses a text that is no Avro name; a lenient parser takes any. */
export function checkName(parsing: Parsing, name: string, spot: Spot): void {
  if (parsing.lenient || isName(name)) return
  refuse(spot, `"${name}" is not a name: letters, digits and _ are allowed, and no digit at the start`)
}

/** The attributes that users add: all but the reserved ones. */
export function propertiesOf(node: JsonObject, reserved: ReadonlySet<string>): ReadonlyMap<string, Json> {
  const entries = Object.entries(node).filter(([key]) => !reserved.has(key))
  return entries.length === 0 ? noProperties : new Map(entries)
}

export const noProperties: ReadonlyMap<string, Json> = new Map()

/** Attributes of types that Avro itself knows, whether or not the type at hand uses them. */
export const reservedInTypes: ReadonlySet<string> = new Set([
  'aliases',
  'doc',
  'fields',
  'items',
  'name',
  'namespace',
  'size',
  'symbols',
  'type',
  'values',
])
export const reservedInEnums: ReadonlySet<string> = new Set([...reservedInTypes, 'default'])
export const reservedInFields: ReadonlySet<string> = new Set(['aliases', 'default', 'doc', 'name', 'order', 'type'])
