// A schema -> the type of its values in TypeScript, in the plain JSON form of docs/formats.md.
import { branchName } from '../../avro/branch-fit.ts'
import { logicalTypeOf } from '../../avro/logical-type.ts'
import type { Schema, UnionSchema } from '../../avro/schema.ts'
import { type Direction, branchShape } from './branch-shape.ts'
import { keyText } from './literal.ts'

/** Gives the name of a named type; the one for `sent` is another where fields may be missing. */
export type NameOf = (fullName: string, direction: Direction) => string

const floating = ['number', "'NaN'", "'Infinity'", "'-Infinity'"]

/** The type of the values that a decoder gives, or that may be sent. */
export function typeText(schema: Schema, direction: Direction, nameOf: NameOf): string {
  const members = [...new Set(membersOf(schema, direction, nameOf))]
  const isText = members.includes('string')
  return members.filter((member) => !isText || !member.startsWith("'")).join(' | ')
}

/** The parts of a union of TypeScript; one for most types. */
function membersOf(schema: Schema, direction: Direction, nameOf: NameOf): string[] {
  switch (schema.type) {
    case 'null':
    case 'boolean':
    case 'string':
      return [schema.type]
    case 'bytes':
      return ['string']
    case 'int':
    case 'long':
      return wholeMembers(schema)
    case 'float':
    case 'double':
      return floating
    case 'array': {
      const items = typeText(schema.items, direction, nameOf)
      return [`readonly ${/[ |]/.test(items) ? `(${items})` : items}[]`]
    }
    case 'map':
      return [`{ readonly [key: string]: ${typeText(schema.values, direction, nameOf)} }`]
    case 'union':
      return schema.branches.flatMap((_, at) => branchMembers(schema, at, direction, nameOf))
    default:
      return [nameOf(schema.name, direction)]
  }
}

/** Dates and times are text; a count that has none (a year beyond 275760, a time beyond a day) stays a number. */
function wholeMembers(schema: Schema): string[] {
  const count = schema.type === 'int' ? ['number'] : ['number', 'bigint']
  const kind = logicalTypeOf(schema)?.kind
  const isTime = kind === 'date' || kind === 'time' || kind === 'timestamp' || kind === 'local-timestamp'
  return isTime ? ['string', ...count] : count
}

function branchMembers(union: UnionSchema, at: number, direction: Direction, nameOf: NameOf): string[] {
  const branch = union.branches[at]!
  const shape = branchShape(union, at, direction)
  const bare = membersOf(branch, direction, nameOf)
  const named = `{ readonly ${keyText(branchName(branch))}: ${typeText(branch, direction, nameOf)} }`
  if (shape === 'bare') return bare
  return shape === 'named' ? [named] : [...bare, named]
}
