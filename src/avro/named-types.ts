import type { NamedSchema, Schema } from './schema.ts'

/** Every object of a named type that a tree holds, each once, in the order of first use. */
export function namedTypesIn(schema: Schema): NamedSchema[] {
  const found = new Set<NamedSchema>()
  gather(schema, found)
  return [...found]
}

/** Every named type that a tree holds, by full name, those included that came as `known` ones from other schemas. */
export function definedTypes(schema: Schema): ReadonlyMap<string, NamedSchema> {
  return new Map(namedTypesIn(schema).map((type) => [type.name, type]))
}

function gather(schema: Schema, found: Set<NamedSchema>): void {
  switch (schema.type) {
    case 'array':
      return gather(schema.items, found)
    case 'map':
      return gather(schema.values, found)
    case 'union':
      return schema.branches.forEach((branch) => gather(branch, found))
    case 'record':
    case 'error':
      if (found.has(schema)) return
      found.add(schema)
      return schema.fields.forEach((field) => gather(field.type, found))
    case 'enum':
    case 'fixed':
      found.add(schema)
      return
    default:
      return
  }
}
