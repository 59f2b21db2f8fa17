import type { NamedSchema, Schema } from '../../avro/schema.ts'

/** The full names of the records that may be sent with less than a decoder gives: they, or parts of them, have fields with a default. */
export function typesWithDefaults(types: readonly NamedSchema[]): ReadonlySet<string> {
  const found = new Set<string>()
  const fieldsOf = (type: NamedSchema) => ('fields' in type ? type.fields : [])
  // what uses a found record is one, too: until there is no more
  for (let before = -1; before < found.size;) {
    before = found.size
    for (const type of types)
      if (fieldsOf(type).some((field) => field.default !== undefined || usesAny(field.type, found)))
        found.add(type.name)
  }
  return found
}

/** Whether a type is one of the named ones, or has one of them as a part that is not within another named type. */
export function usesAny(schema: Schema, names: ReadonlySet<string>): boolean {
  switch (schema.type) {
    case 'array':
      return usesAny(schema.items, names)
    case 'map':
      return usesAny(schema.values, names)
    case 'union':
      return schema.branches.some((branch) => usesAny(branch, names))
    default:
      return 'name' in schema && names.has(schema.name)
  }
}
