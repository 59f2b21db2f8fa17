// What changes between two versions of a record's schema, field by field; for people, not for judging compatibility.

interface FieldText {
  readonly name: string
  readonly type: string
  readonly default?: string
}

/** A name without the namespace that it stands in: both ways of writing it mean the same type. */
function shortName(name: string, namespace: string): string {
  const own = `${namespace}.`
  return namespace !== '' && name.startsWith(own) && !name.includes('.', own.length) ? name.slice(own.length) : name
}

function typeText(type: unknown, namespace: string): string {
  if (typeof type === 'string') return shortName(type, namespace)
  if (Array.isArray(type)) return type.map((branch) => typeText(branch, namespace)).join(' | ')
  if (typeof type !== 'object' || type === null) return JSON.stringify(type)
  const schema = type as Record<string, unknown>
  if (typeof schema['logicalType'] === 'string') return schema['logicalType']
  if (typeof schema['name'] === 'string') return shortName(schema['name'], namespace)
  if (schema['type'] === 'array') return `array of ${typeText(schema['items'], namespace)}`
  if (schema['type'] === 'map') return `map of ${typeText(schema['values'], namespace)}`
  return typeText(schema['type'], namespace)
}

/** The namespace of a record: its own, else that of its full name. */
function namespaceOf({ name = '', namespace }: { name?: string; namespace?: string }): string {
  return name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : (namespace ?? '')
}

function fieldsOf(text: unknown): Map<string, FieldText> | undefined {
  if (typeof text !== 'string') return undefined
  try {
    const schema = JSON.parse(text) as {
      name?: string
      namespace?: string
      fields?: { name: string; type: unknown; default?: unknown }[]
    }
    const { fields } = schema
    if (!Array.isArray(fields)) return undefined
    const namespace = namespaceOf(schema)
    return new Map(
      fields.map((field) => [
        field.name,
        {
          name: field.name,
          type: typeText(field.type, namespace),
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
