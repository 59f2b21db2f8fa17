// What changes between two versions of a record's schema, field by field; for people, not for judging compatibility.

interface FieldText {
  readonly name: string
  readonly type: string
  readonly default?: string
}

function typeText(type: unknown): string {
  if (typeof type === 'string') return type
  if (Array.isArray(type)) return type.map(typeText).join(' | ')
  if (typeof type !== 'object' || type === null) return JSON.stringify(type)
  const schema = type as Record<string, unknown>
  if (typeof schema['logicalType'] === 'string') return schema['logicalType']
  if (typeof schema['name'] === 'string') return schema['name']
  if (schema['type'] === 'array') return `array of ${typeText(schema['items'])}`
  if (schema['type'] === 'map') return `map of ${typeText(schema['values'])}`
  return typeText(schema['type'])
}

function fieldsOf(text: unknown): Map<string, FieldText> | undefined {
  if (typeof text !== 'string') return undefined
  try {
    const { fields } = JSON.parse(text) as { fields?: { name: string; type: unknown; default?: unknown }[] }
    if (!Array.isArray(fields)) return undefined
    return new Map(
      fields.map((field) => [
        field.name,
        {
          name: field.name,
          type: typeText(field.type),
          ...('default' in field && { default: JSON.stringify(field.default) }),
        },
      ]),
    )
  } catch {
    return undefined
  }
}

function fieldText(field: FieldText): string {
  return `${field.name}: ${field.type}${field.default === undefined ? '' : ` = ${field.default}`}`
}

/** Lines such as `+ field currency: string = "EUR"`; none for schemas that are not records, or when only texts differ. */
export function schemaDiffLines(before: unknown, after: unknown): string[] {
  const [old, next] = [fieldsOf(before), fieldsOf(after)]
  if (!old || !next) return []
  const lines: string[] = []
  for (const [name, field] of next) {
    const was = old.get(name)
    if (!was) lines.push(`+ field ${fieldText(field)}`)
    else if (fieldText(was) !== fieldText(field)) lines.push(`~ field ${fieldText(was)} -> ${fieldText(field)}`)
  }
  for (const [name, field] of old) if (!next.has(name)) lines.push(`- field ${fieldText(field)}`)
  return lines
}
