// Fields as a line may show them: plain JSON values that end, without secrets.
import { hidden, withoutUsers } from '../actuator/settings.ts'
import { EvplatError } from '../../core/errors.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { shortened } from './shortened.ts'

const secretName =
  /passw|secret|token|credential|passphrase|authorization|sasl|cookie|private_?key|api-?_?key|access_?key/i
/** `Authorization: Bearer eyJh...`, and `password=...` of addresses and of JAAS */
const credentials = /\b(bearer|basic)(\s+)(?=[^\s]*[\d+/=._~-])[\w.~+/=-]{8,}/gi
const assigned = /(\b\w*(?:passw(?:or)?d|secret|token|api_?key)=)("[^"]*"|[^\s&,;"]+)/gi
const longestText = 16_384
const deepest = 8
const mostMembers = 100
const mostBytes = 32

/** Plain data of any value. Never throws: what can't be read says so; what contains itself, or is too deep or too long, is cut. */
export function plain(value: unknown): Json {
  return plainWithin(value, [])
}

/** The fields of a line. What is undefined is left out. */
export function plainFields(fields: object): JsonObject {
  return membersOf(fields, [fields])
}

/** Text that is not too long, without what opens doors: passwords of addresses and of JAAS, credentials of HTTP. */
export function plainText(text: string): string {
  return withoutUsers(shortened(text, longestText))
    .replace(credentials, `$1$2${hidden}`)
    .replace(assigned, `$1${hidden}`)
}

function plainWithin(value: unknown, outer: readonly object[]): Json {
  switch (typeof value) {
    case 'string':
      return plainText(value)
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'boolean':
    case 'bigint':
      return value
    case 'object':
      return value === null ? null : plainObject(value, outer)
    case 'function':
      return `[function ${value.name}]`
    default:
      return String(value)
  }
}

function plainObject(value: object, outer: readonly object[]): Json {
  if (outer.includes(value)) return '[circular]'
  if (outer.length >= deepest) return '[deeper]'
  const inner = [...outer, value]
  try {
    if (value instanceof Error) return plainError(value, inner)
    if (value instanceof Uint8Array) return plainBytes(value)
    if (value instanceof Map) return membersOf(Object.fromEntries(value), inner)
    if (value instanceof Set) return itemsOf([...value], inner)
    if (Array.isArray(value)) return itemsOf(value, inner)
    if ('toJSON' in value && typeof value.toJSON === 'function') return plainWithin(value.toJSON(), inner)
    return membersOf(value, inner)
  } catch {
    return '[not readable]'
  }
}

function itemsOf(items: readonly unknown[], outer: readonly object[]): Json {
  const kept = items.slice(0, mostMembers).map((item) => plainWithin(item, outer))
  return items.length > mostMembers ? [...kept, `… ${items.length - mostMembers} more`] : kept
}

function membersOf(value: object, outer: readonly object[]): JsonObject {
  const members: [string, Json][] = []
  for (const name of Object.keys(value).slice(0, mostMembers)) {
    const member = memberOf(value, name)
    if (member === undefined) continue
    const isHidden = secretName.test(name) && member !== null
    members.push([name, isHidden ? hidden : plainWithin(member, outer)])
  }
  return Object.fromEntries(members)
}

function memberOf(value: object, name: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[name]
  } catch {
    return '[not readable]'
  }
}

function plainBytes(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, mostBytes)).toString('hex')
  return `[${bytes.length} bytes: ${start}${bytes.length > mostBytes ? '…' : ''}]`
}

/** What Node hides in errors: their name, message and stack are no members of their own. */
function plainError(error: Error, outer: readonly object[]): JsonObject {
  const of = (value: unknown): Json => plainWithin(value, outer)
  const code = 'code' in error ? error.code : undefined
  return {
    name: of(error.name),
    message: of(error.message),
    ...(code !== undefined && { code: of(code) }),
    ...(error instanceof EvplatError && error.parts.hint !== undefined && { hint: of(error.parts.hint) }),
    ...(error.stack !== undefined && { stack: of(error.stack) }),
    ...(error.cause !== undefined && { cause: of(error.cause) }),
    ...(error instanceof AggregateError && { errors: of(error.errors) }),
  }
}
