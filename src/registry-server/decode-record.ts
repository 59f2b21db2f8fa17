// From the bytes of the log to records, also of a log that Confluent's registry wrote.
import { compatibilityLevels } from '../avro/compatibility-level.ts'
import { type Json, type JsonObject, JsonError, isJsonArray, isJsonObject, parseJson } from '../core/json.ts'
import { type Config, type Content, type SchemaReference, type Scope, modes } from './content.ts'
import { type RegistryRecord, schemaKey } from './records.ts'
import { isInDefaultContext } from './subject-name.ts'

/** `ignored` is for other programs, or says nothing; `unreadable` should say something and does not. */
type Decoded = RegistryRecord | 'ignored' | 'unreadable'

/** The meaning of a record of the log. */
export function decodeRecord(key: Buffer | null, value: Buffer | null): Decoded {
  const keyFields = objectOf(key)
  const valueFields = objectOf(value)
  if (!keyFields || (value && !valueFields)) return 'unreadable'
  const { keytype, subject } = keyFields
  if (typeof subject === 'string' && !isInDefaultContext(subject)) return 'ignored'
  if (keytype === 'SCHEMA') return decodeSchema(key!.toString(), keyFields, valueFields)
  const decode = scoped.get(keytype)
  return decode ? decode(typeof subject === 'string' ? subject : null, valueFields) : 'ignored'
}

const scoped = new Map<Json | undefined, (scope: Scope, value: JsonObject | null) => Decoded>(
  Object.entries({
    CONFIG: (scope, value) => ({ kind: 'config', scope, config: value && configOf(value) }),
    MODE: (scope, value) => {
      const mode = value ? modes.find((known) => known === value['mode']) : null
      return mode === undefined ? 'unreadable' : { kind: 'mode', scope, mode }
    },
    DELETE_SUBJECT: (subject, value) => {
      if (!value) return 'ignored'
      const { version } = value
      return subject !== null && isWhole(version) ? { kind: 'delete-subject', subject, upTo: version } : 'unreadable'
    },
    CLEAR_SUBJECT: (scope, value) => (value ? { kind: 'clear-subject', scope } : 'ignored'),
    NOOP: () => ({ kind: 'noop' }),
  }),
)

function decodeSchema(keyText: string, key: JsonObject, value: JsonObject | null): Decoded {
  const { subject, version } = key
  if (typeof subject !== 'string' || !isWhole(version)) return 'unreadable'
  const named = { subject, version, ...(keyText !== schemaKey({ subject, version }) && { keyText }) }
  if (!value) return { kind: 'removed', ...named }
  const content = contentOf(value)
  const { id, deleted } = value
  if (!content || !isWhole(id)) return 'unreadable'
  const others = Object.entries(value).filter(([name]) => !ownFields.has(name))
  const extra = others.length > 0 && { extra: Object.fromEntries(others) }
  return { kind: 'schema', version: { ...named, id, content, deleted: deleted === true, ...extra } }
}

const ownFields = new Set([
  'subject',
  'version',
  'id',
  'schemaType',
  'references',
  'metadata',
  'ruleSet',
  'schema',
  'deleted',
])

function contentOf({
  schema,
  schemaType,
  references,
  metadata = null,
  ruleSet = null,
}: JsonObject): Content | undefined {
  const read = readReferences(references ?? [])
  if (typeof schema !== 'string' || !read) return undefined
  return {
    type: typeof schemaType === 'string' ? schemaType : 'AVRO',
    schema,
    references: read,
    ...(isJsonObject(metadata) && { metadata }),
    ...(isJsonObject(ruleSet) && { ruleSet }),
  }
}

/** References as registries write them in JSON, or undefined for anything else. */
export function readReferences(value: Json): SchemaReference[] | undefined {
  if (!isJsonArray(value)) return undefined
  const read: SchemaReference[] = []
  for (const item of value) {
    if (!isJsonObject(item)) return undefined
    const { name, subject, version } = item
    if (typeof name !== 'string' || typeof subject !== 'string' || !Number.isSafeInteger(version)) return undefined
    read.push({ name, subject, version: version as number })
  }
  return read
}

function configOf({ compatibilityLevel, normalize }: JsonObject): Config {
  const level = compatibilityLevels.find((known) => known === compatibilityLevel)
  return { ...(level && { compatibilityLevel: level }), ...(typeof normalize === 'boolean' && { normalize }) }
}

function objectOf(bytes: Buffer | null): JsonObject | null {
  if (!bytes) return null
  try {
    const value = parseJson(bytes.toString())
    return isJsonObject(value) ? value : null
  } catch (thrown) {
    if (thrown instanceof JsonError) return null
    throw thrown
  }
}

function isWhole(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}
