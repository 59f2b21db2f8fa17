// Defaults of fields: JSON in a form of their own (specification 1.12, the table of "Complex Types, Records"): bytes and
// fixed as text of one character per byte, a union as the bare value of the first branch that it fits.
import { type Json, isJsonArray, isJsonObject } from '../core/json.ts'
import { pointerTo } from './json-pointer.ts'
import type { RecordSchema, Schema } from './schema.ts'

/** Where in a default (JSON pointer into it) something does not fit, and what would. */
export interface DefaultProblem {
  readonly pointer: string
  readonly expected: string
}

/** What is wrong with a default of a type, or undefined when it is a valid one. */
export function defaultProblem(schema: Schema, value: Json): DefaultProblem | undefined {
  return problemAt(schema, value, '', new Map())
}

/** The index of the first branch of a union that a default fits, or -1. */
export function defaultBranch(branches: readonly Schema[], value: Json): number {
  const seen: Seen = new Map()
  return branches.findIndex((branch) => problemAt(branch, value, '', seen) === undefined)
}

/** What was found for a type and an object: else unions in unions would be tried over and over. */
type Seen = Map<Schema, Map<Json, DefaultProblem | undefined>>

function problemAt(schema: Schema, value: Json, pointer: string, seen: Seen): DefaultProblem | undefined {
  switch (schema.type) {
    case 'array':
      if (!isJsonArray(value)) return { pointer, expected: 'an array' }
      return first(value.keys(), (at) => problemAt(schema.items, value[at]!, pointerTo(pointer, at), seen))
    case 'map':
      if (!isJsonObject(value)) return { pointer, expected: 'an object' }
      return first(Object.keys(value), (key) => problemAt(schema.values, value[key]!, pointerTo(pointer, key), seen))
    case 'union':
      return schema.branches.some((branch) => !problemAt(branch, value, pointer, seen))
        ? undefined
        : { pointer, expected: 'a value of one of the branches' }
    case 'record':
    case 'error':
      return remembered(schema, value, seen, () => recordProblem(schema, value, pointer, seen))
    default: {
      const expected = leafProblem(schema, value)
      return expected === undefined ? undefined : { pointer, expected }
    }
  }
}

function recordProblem(schema: RecordSchema, value: Json, pointer: string, seen: Seen): DefaultProblem | undefined {
  if (!isJsonObject(value)) return { pointer, expected: `an object with the fields of "${schema.name}"` }
  return first(schema.fields, (field) => {
    const given = Object.hasOwn(value, field.name) ? value[field.name] : field.default
    if (given === undefined) return { pointer, expected: `a value for "${field.name}"` }
    return problemAt(field.type, given, pointerTo(pointer, field.name), seen)
  })
}

function remembered(
  schema: Schema,
  value: Json,
  seen: Seen,
  find: () => DefaultProblem | undefined,
): DefaultProblem | undefined {
  const known = seen.get(schema) ?? new Map<Json, DefaultProblem | undefined>()
  seen.set(schema, known)
  if (!known.has(value)) known.set(value, find())
  return known.get(value)
}

function first<T>(items: Iterable<T>, find: (item: T) => DefaultProblem | undefined): DefaultProblem | undefined {
  for (const item of items) {
    const problem = find(item)
    if (problem) return problem
  }
  return undefined
}

type Leaf = Exclude<Schema, { type: 'array' | 'map' | 'union' | 'record' | 'error' }>

/** What a leaf expects, when the value is not that. */
function leafProblem(schema: Leaf, value: Json): string | undefined {
  const { fits, expected } = leafRule(schema)
  return fits(value) ? undefined : expected
}

interface LeafRule {
  readonly fits: (value: Json) => boolean
  readonly expected: string
}

function leafRule(schema: Leaf): LeafRule {
  switch (schema.type) {
    case 'null':
      return { fits: (value) => value === null, expected: 'null' }
    case 'boolean':
      return { fits: (value) => typeof value === 'boolean', expected: 'true or false' }
    case 'int':
      return { fits: (value) => isWhole(value, 32), expected: 'a whole number of 32 bits' }
    case 'long':
      return { fits: (value) => isWhole(value, 64), expected: 'a whole number of 64 bits' }
    case 'float':
    case 'double':
      return { fits: isFloating, expected: 'a number' }
    case 'string':
      return { fits: (value) => typeof value === 'string', expected: 'a string' }
    case 'bytes':
      return { fits: isByteText, expected: 'a string of characters up to U+00FF' }
    case 'fixed': {
      const expected = `a string of ${schema.size} characters up to U+00FF`
      return { fits: (value) => isByteText(value) && value.length === schema.size, expected }
    }
    case 'enum':
      return { fits: (value) => schema.symbols.some((symbol) => symbol === value), expected: 'one of the symbols' }
  }
}

function isWhole(value: Json, bits: number): boolean {
  if (typeof value === 'bigint') return BigInt.asIntN(bits, value) === value
  return Number.isSafeInteger(value) && isWhole(BigInt(Number(value)), bits)
}

function isFloating(value: Json): boolean {
  if (typeof value === 'string') return /^(NaN|-?Infinity)$/.test(value)
  return typeof value === 'number' || typeof value === 'bigint'
}

function isByteText(value: Json): value is string {
  return typeof value === 'string' && !/[\u0100-\uffff]/.test(value)
}
