// Which plain JSON may be a value of a branch of a union, and which of the branches that it fits is meant.
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../core/json.ts'
import { leafCode } from './leaf-code.ts'
import { logicalTypeOf } from './logical-type.ts'
import { shortName } from './names.ts'
import type { RecordSchema, Schema, UnionSchema } from './schema.ts'

export type JsonKind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object'

export function kindOf(json: Json): JsonKind {
  if (json === null) return 'null'
  const kind = typeof json
  if (kind === 'bigint') return 'number'
  if (kind === 'object') return isJsonArray(json) ? 'array' : 'object'
  return kind as JsonKind
}

const kinds: Readonly<Record<Schema['type'], readonly JsonKind[]>> = {
  null: ['null'],
  boolean: ['boolean'],
  int: ['number'],
  long: ['number'],
  float: ['number', 'string'],
  double: ['number', 'string'],
  bytes: ['string'],
  string: ['string'],
  enum: ['string'],
  fixed: ['string'],
  array: ['array'],
  map: ['object'],
  record: ['object'],
  error: ['object'],
  union: [],
}

/** The kinds of JSON that a branch takes and that its values are written as. */
export function kindsOf(branch: Schema): readonly JsonKind[] {
  const logical = logicalTypeOf(branch)?.kind
  return logical === undefined || logical === 'uuid' || logical === 'duration'
    ? kinds[branch.type]
    : ['number', 'string']
}

/** Narrower types first; what is not listed comes last. Text is a string before anything else. */
const ranks: Readonly<Partial<Record<JsonKind, readonly Schema['type'][]>>> = {
  number: ['int', 'long', 'double', 'float'],
  string: ['string', 'double', 'float'],
}

/** Of the branches that fit, the one with the lowest rank is meant; equal ranks are several. */
export function rankOf(branch: Schema, kind: JsonKind): number {
  const order = ranks[kind] ?? []
  const rank = logicalTypeOf(branch) === undefined ? order.indexOf(branch.type) : -1
  return rank < 0 ? order.length : rank
}

/** The name that stands around a value of a branch in JSON: the full name of a named type, else the type. */
export function branchName(branch: Schema): string {
  return 'name' in branch ? branch.name : branch.type
}

/** What may name a branch on input, and its index: its name, and its short name where that is no other branch's. */
export function branchLabels(union: UnionSchema): ReadonlyMap<string, number> {
  const names = union.branches.map(branchName)
  const short = names.map(shortName)
  const labels = new Map<string, number>()
  for (const [at, name] of short.entries()) if (short.indexOf(name) === short.lastIndexOf(name)) labels.set(name, at)
  for (const [at, name] of names.entries()) labels.set(name, at)
  return labels
}

/** The key of an object that has but one. */
export function onlyKey(json: JsonObject): string | undefined {
  let only: string | undefined
  for (const key in json) {
    if (only !== undefined) return undefined
    only = key
  }
  return only
}

export type Fits = (json: Json) => boolean

/** Whether JSON may be a value of a branch. Only the first level is looked at, so that the cost does not multiply. */
export function branchFits(branch: Schema): Fits {
  if (branch.type === 'map') {
    const fits = partFits(branch.values)
    return (json) => isJsonObject(json) && Object.values(json).every(fits)
  }
  return branch.type === 'record' || branch.type === 'error' ? recordFits(branch) : partFits(branch)
}

function recordFits(record: RecordSchema): Fits {
  const fields = new Map(record.fields.map((field) => [field.name, partFits(field.type)]))
  const required = record.fields.filter((field) => field.default === undefined).map((field) => field.name)
  return (json) => {
    if (!isJsonObject(json) || required.some((name) => !Object.hasOwn(json, name))) return false
    for (const key in json) if (!fields.get(key)?.(json[key]!)) return false
    return true
  }
}

function partFits(part: Schema): Fits {
  switch (part.type) {
    case 'array':
      return isJsonArray
    case 'map':
    case 'record':
    case 'error':
      return isJsonObject
    case 'union': {
      const fits = part.branches.map(partFits)
      const labels = branchLabels(part)
      return (json) => fits.some((each) => each(json)) || (isJsonObject(json) && labels.has(onlyKey(json) ?? ''))
    }
    default:
      return leafCode(part, 'plain').fits
  }
}
