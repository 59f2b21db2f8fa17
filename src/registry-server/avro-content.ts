// From the texts that the registry stores to Avro trees and to the keys that tell whether two of them mean the same.
import { canonicalText, inlinedText } from '../avro/canonical.ts'
import { definedTypes } from '../avro/named-types.ts'
import { parseSchema } from '../avro/parse.ts'
import { AvroSchemaError } from '../avro/schema-error.ts'
import type { NamedSchema, Schema } from '../avro/schema.ts'
import { type Json, isJsonArray, isJsonObject, stringifyJson } from '../core/json.ts'
import type { Content, SchemaReference, StoredVersion } from './content.ts'
import { refusals } from './refusals.ts'
import { type RegistryState, contentOf, versionsOf } from './state.ts'

type Types = ReadonlyMap<string, NamedSchema>

interface Parsed {
  readonly schema: Schema
  /** all that a schema may use that refers to this one: its types and those of its own references, all the way down */
  readonly types: Types
  /** the part of `types` that comes from references */
  readonly known: Types
}

/** Content never changes, and what it refers to can't go away while it is there: what was parsed once stays true. */
const parsed = new WeakMap<Content, Parsed>()
const keys = new WeakMap<Content, string>()

/**
 * A new schema as the registry would store it: the canonical text, references to "the latest" pinned to its number.
 * Throws 42201 for what is no valid schema or refers to what there is not.
 */
export function acceptContent(state: RegistryState, given: Content): { content: Content; schema: Schema } {
  if (given.type !== 'AVRO')
    throw refusals.invalidSchema(invalidText(given, 'this registry takes schemas of type AVRO only'))
  if (given.schema.trim() === '') throw refusals.invalidSchema(invalidText(given, 'the schema is empty'))
  return orInvalid(given, () => {
    const references = given.references.map((r) => ({ ...r, version: referenced(state, r).version }))
    const known = knownTypes(state, references, new Set())
    const schema = parseSchema(given.schema, { known })
    const content = { ...given, schema: canonicalText(schema, { external: new Set(known.keys()) }), references }
    parsed.set(content, { schema, known, types: new Map([...known, ...definedTypes(schema)]) })
    return { content, schema }
  })
}

/** The tree of a stored schema, read as leniently as it was when it was stored. Throws for one that can't be read any more. */
export function storedSchema(state: RegistryState, content: Content): Schema {
  return parseStored(state, content, new Set()).schema
}

/** The stored schema as one text that needs no other: `format=resolved`. Throws 42201 where it can't be read any more. */
export function resolvedText(state: RegistryState, content: Content): string {
  return orInvalid(content, () => inlinedText(storedSchema(state, content)))
}

/** Equal for two contents if and only if they mean the same: canonical text, references, metadata and rules. */
export function contentKey(state: RegistryState, content: Content): string {
  let key = keys.get(content)
  if (key === undefined) keys.set(content, (key = makeKey(state, content)))
  return key
}

/** The same without metadata and rules. */
export function schemaKey(state: RegistryState, content: Content): string {
  const { type, schema, references, metadata, ruleSet } = content
  return metadata || ruleSet ? makeKey(state, { type, schema, references }) : contentKey(state, content)
}

/** The id that stands for a content already; the lowest where another registry gave several. */
export function idOfContent(state: RegistryState, key: string): number | undefined {
  for (const id of state.newIds) {
    const content = contentOf(state, id)
    if (!content) continue
    const ids = state.idsByContent.get(contentKey(state, content)) ?? new Set()
    state.idsByContent.set(contentKey(state, content), ids.add(id))
  }
  state.newIds.clear()
  const stillThere = [...(state.idsByContent.get(key) ?? [])].filter((id) => {
    const content = contentOf(state, id)
    return content !== undefined && contentKey(state, content) === key
  })
  return stillThere.length === 0 ? undefined : Math.min(...stillThere)
}

class BrokenReference extends Error {}

/** What `work` gives; a schema or a reference that is wrong becomes the refusal 42201. */
function orInvalid<T>(content: Content, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    if (!(thrown instanceof AvroSchemaError || thrown instanceof BrokenReference)) throw thrown
    const place = thrown instanceof AvroSchemaError && thrown.pointer !== '' ? ` (at ${thrown.pointer})` : ''
    throw refusals.invalidSchema(invalidText(content, thrown.message + place))
  }
}

function referenced(state: RegistryState, { subject, version }: SchemaReference): StoredVersion {
  const found = version === -1 ? versionsOf(state, subject).at(-1) : state.subjects.get(subject)?.get(version)
  if (!found) throw new BrokenReference(`No schema reference found for subject "${subject}" and version ${version}`)
  return found
}

/** `open` holds what is being read: a circle of references, which only another registry's log can hold, ends there. */
function knownTypes(state: RegistryState, references: readonly SchemaReference[], open: Set<Content>): Types {
  const known = new Map<string, NamedSchema>()
  for (const reference of references) {
    const { content } = referenced(state, reference)
    if (open.has(content)) throw new BrokenReference(`The references of subject "${reference.subject}" form a circle`)
    for (const [name, type] of parseStored(state, content, open).types) known.set(name, type)
  }
  return known
}

function parseStored(state: RegistryState, content: Content, open: Set<Content>): Parsed {
  const before = parsed.get(content)
  if (before) return before
  if (content.type !== 'AVRO') throw new BrokenReference(`a schema of type ${content.type} can't be read`)
  const known = knownTypes(state, content.references, new Set([...open, content]))
  const schema = parseSchema(content.schema, { known, lenient: true })
  const result = { schema, known, types: new Map([...known, ...definedTypes(schema)]) }
  parsed.set(content, result)
  return result
}

function makeKey(state: RegistryState, content: Content): string {
  const { type, references, metadata = null, ruleSet = null } = content
  const refers = references.map(({ name, subject, version }) => [name, subject, version])
  return stringifyJson([type, comparable(state, content), refers, sorted(metadata), sorted(ruleSet)])
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

/** What can't be read is the same only where its text is. */
function comparable(state: RegistryState, content: Content): string {
  try {
    const { schema, known } = parseStored(state, content, new Set())
    return canonicalText(schema, { external: new Set(known.keys()) })
  } catch {
    return content.schema
  }
}

function invalidText({ schema, references, type }: Content, why: string): string {
  const shown = schema.length > 1000 ? `${schema.slice(0, 1000)}...` : schema
  return `Invalid schema ${shown} with refs ${JSON.stringify(references)} of type ${type}, details: ${why}`
}
