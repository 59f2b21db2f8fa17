import type { Schema } from './schema.ts'

/** How many bytes a value of a type takes at least: what a claimed number of items is measured by. */
export function leastWidth(schema: Schema): number {
  return widthOf(schema, new Map())
}

/** `known` has the records that were met; one that is under way counts as nothing. */
function widthOf(schema: Schema, known: Map<Schema, number>): number {
  switch (schema.type) {
    case 'null':
      return 0
    case 'float':
      return 4
    case 'double':
      return 8
    case 'fixed':
      return schema.size
    case 'record':
    case 'error': {
      const seen = known.get(schema)
      if (seen !== undefined) return seen
      known.set(schema, 0)
      const width = schema.fields.reduce((sum, field) => sum + widthOf(field.type, known), 0)
      known.set(schema, width)
      return width
    }
    default:
      return 1
  }
}
