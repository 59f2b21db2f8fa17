// One text per meaning of a schema. The form is that of Apache Avro's own Schema.toString, which registries keep: attributes
// in a fixed order, short names within their namespace, a named type defined at its first use.
import { type Json, isJsonArray, isJsonObject, stringifyJson } from '../core/json.ts'
import { fullName, namespaceOf, shortName, typeNames } from './names.ts'
import { namedTypesIn } from './named-types.ts'
import type { Field, NamedSchema, Schema } from './schema.ts'

export interface CanonicalOptions {
  /** full names of the types that other schemas define: they are written as names only */
  readonly external?: ReadonlySet<string>
}

/**
 * The identity of a schema as a registry sees it: two schemas are the same if and only if their canonical texts are equal.
 * White space, the order of keys, `{"type":"int"}` for `"int"` and the spelling of namespaces do not count; documentation,
 * aliases, defaults, order and custom properties do. `parseSchema` reads the text back into the same tree.
 */
export function canonicalText(schema: Schema, options: CanonicalOptions = {}): string {
  const names = new Set([...namedTypesIn(schema).map((type) => type.name), ...(options.external ?? [])])
  return typeText({ names, written: new Set(options.external) }, schema, '')
}

/** The same as text that needs no other schema: each named type is defined at its first use. */
export function inlinedText(schema: Schema): string {
  return canonicalText(schema)
}

interface Writing {
  /** all names that the text may refer to */
  readonly names: ReadonlySet<string>
  /** those that are defined already */
  readonly written: Set<string>
}

/** Key and JSON text of its value; entries without a text are left out. */
type Entry = readonly [key: string, text: string | undefined]

function objectText(entries: readonly Entry[]): string {
  const members = entries
    .filter(([, text]) => text !== undefined)
    .map(([key, text]) => `${JSON.stringify(key)}:${text}`)
  return `{${members.join(',')}}`
}

function typeText(writing: Writing, schema: Schema, namespace: string): string {
  switch (schema.type) {
    case 'union':
      return `[${schema.branches.map((branch) => typeText(writing, branch, namespace)).join(',')}]`
    case 'array':
      return objectText([
        ['type', '"array"'],
        ['items', typeText(writing, schema.items, namespace)],
        ...propertyEntries(schema.properties),
      ])
    case 'map':
      return objectText([
        ['type', '"map"'],
        ['values', typeText(writing, schema.values, namespace)],
        ...propertyEntries(schema.properties),
      ])
    case 'record':
    case 'error':
    case 'enum':
    case 'fixed':
      return namedText(writing, schema, namespace)
    default:
      return schema.properties.size === 0
        ? `"${schema.type}"`
        : objectText([['type', `"${schema.type}"`], ...propertyEntries(schema.properties)])
  }
}

function namedText(writing: Writing, schema: NamedSchema, namespace: string): string {
  if (writing.written.has(schema.name)) return JSON.stringify(reference(writing, schema.name, namespace))
  writing.written.add(schema.name)
  const own = namespaceOf(schema.name)
  return objectText([
    ['type', `"${schema.type}"`],
    ['name', JSON.stringify(shortName(schema.name))],
    ['namespace', own === namespace ? undefined : JSON.stringify(own)],
    ['doc', optional(schema.doc)],
    ...shapeEntries(writing, schema, own),
    ...propertyEntries(schema.properties),
    ['aliases', listText(schema.aliases.map((alias) => nameWithin(alias, own)))],
  ])
}

function shapeEntries(writing: Writing, schema: NamedSchema, namespace: string): Entry[] {
  switch (schema.type) {
    case 'enum':
      return [
        ['symbols', JSON.stringify(schema.symbols)],
        ['default', optional(schema.default)],
      ]
    case 'fixed':
      return [['size', String(schema.size)]]
    default:
      return [['fields', `[${schema.fields.map((field) => fieldText(writing, field, namespace)).join(',')}]`]]
  }
}

function fieldText(writing: Writing, field: Field, namespace: string): string {
  return objectText([
    ['name', JSON.stringify(field.name)],
    ['type', typeText(writing, field.type, namespace)],
    ['doc', optional(field.doc)],
    ['default', field.default === undefined ? undefined : stringifyJson(sorted(field.default))],
    ['order', field.order === 'ascending' ? undefined : optional(field.order)],
    ['aliases', listText(field.aliases)],
    ...propertyEntries(field.properties),
  ])
}

/** The name of a defined type where it is used. One of the null namespace needs its dot only where it could be mistaken. */
function reference(writing: Writing, name: string, namespace: string): string {
  const bare = namespaceOf(name) === '' && !(namespace !== '' && writing.names.has(fullName(name, namespace)))
  return bare ? name : nameWithin(name, namespace)
}

/** A name as text that means it within a namespace: short where that is its own and the short name is no type's. */
function nameWithin(name: string, namespace: string): string {
  const own = namespaceOf(name)
  if (own === namespace) return typeNames.includes(shortName(name)) ? name : shortName(name)
  return own === '' ? `.${name}` : name
}

function optional(text: string | undefined): string | undefined {
  return text === undefined ? undefined : JSON.stringify(text)
}

function listText(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : JSON.stringify(names)
}

function propertyEntries(properties: ReadonlyMap<string, Json>): Entry[] {
  const keys = [...properties.keys()].toSorted()
  return keys.map((key) => [key, stringifyJson(sorted(properties.get(key)!))])
}

/** The same JSON with the keys of its objects in order. */
function sorted(value: Json): Json {
  if (isJsonArray(value)) return value.map(sorted)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, sorted(value[key]!)]),
  )
}
