// A value of a schema for people to start from.
import type { Json } from '../core/json.ts'
import { branchName } from './branch-fit.ts'
import { leafCode } from './leaf-code.ts'
import type { RecordSchema, Schema, UnionSchema } from './schema.ts'
import { createChoice, noBranch } from './union-choice.ts'

/**
 * A small value of a schema in the plain form: every field, one item in each array and map, text that tells the field's
 * name, the first branch of a union that is not null. Where a record would stand within itself, arrays are empty and unions
 * null; one that holds itself without such a way out has no value, and null in its place.
 */
export function exampleValue(schema: Schema): Json {
  return exampleOf(schema, 'text', new Set()) ?? null
}

/** Undefined where the type leads back into a record that is under way. */
function exampleOf(schema: Schema, name: string, underWay: ReadonlySet<RecordSchema>): Json | undefined {
  switch (schema.type) {
    case 'array': {
      const item = exampleOf(schema.items, name, underWay)
      return item === undefined ? [] : [item]
    }
    case 'map': {
      const value = exampleOf(schema.values, name, underWay)
      return value === undefined ? {} : { key: value }
    }
    case 'union':
      return exampleOfUnion(schema, name, underWay)
    case 'record':
    case 'error':
      return underWay.has(schema) ? undefined : exampleOfRecord(schema, new Set([...underWay, schema]))
    default: {
      const { example } = leafCode(schema, 'plain')
      return example === undefined ? name : example
    }
  }
}

function exampleOfRecord(schema: RecordSchema, underWay: ReadonlySet<RecordSchema>): Json | undefined {
  const entries: [string, Json][] = []
  for (const field of schema.fields) {
    const value = exampleOf(field.type, field.name, underWay)
    if (value === undefined) return undefined
    entries.push([field.name, value])
  }
  return Object.fromEntries(entries)
}

function exampleOfUnion(schema: UnionSchema, name: string, underWay: ReadonlySet<RecordSchema>): Json | undefined {
  const choice = createChoice(schema)
  const nullLast = schema.branches.toSorted((a, b) => Number(a.type === 'null') - Number(b.type === 'null'))
  for (const branch of nullLast) {
    const value = exampleOf(branch, name, underWay)
    if (value === undefined) continue
    const isFound = choice.named(value) === noBranch && choice.bare(value) === schema.branches.indexOf(branch)
    return isFound ? value : { [branchName(branch)]: value }
  }
  return undefined
}
