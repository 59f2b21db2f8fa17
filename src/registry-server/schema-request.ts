import { type JsonObject, isJsonObject } from '../core/json.ts'
import type { Content } from './content.ts'
import { readReferences } from './decode-record.ts'
import { refusals } from './refusals.ts'

/** The body of a registration, a lookup or a check, as it was sent. */
export interface SchemaRequest {
  readonly content: Content
  /** for IMPORT */
  readonly id?: number
  readonly version?: number
  /** undefined where the request leaves it to the config */
  readonly normalize?: boolean
}

/** Reads a body; properties that are not named here are ignored. Throws 400 for one of the wrong JSON type. */
export function readSchemaRequest(body: JsonObject, query: URLSearchParams): SchemaRequest {
  const id = positive(body, 'id')
  const version = positive(body, 'version')
  const normalize = query.get('normalize')
  const metadata = object(body, 'metadata')
  const ruleSet = object(body, 'ruleSet')
  const references = readReferences(body['references'] ?? [])
  if (!references) throw refusals.badRequest('"references" is not a list of { name, subject, version }')
  const content: Content = {
    type: text(body, 'schemaType') ?? 'AVRO',
    schema: text(body, 'schema') ?? '',
    references,
    ...(metadata && { metadata }),
    ...(ruleSet && { ruleSet }),
  }
  return {
    content,
    ...(id !== undefined && { id }),
    ...(version !== undefined && { version }),
    ...(normalize !== null && { normalize: normalize === 'true' }),
  }
}

function text(body: JsonObject, key: string): string | undefined {
  const value = body[key] ?? undefined
  if (value !== undefined && typeof value !== 'string') throw refusals.badRequest(`"${key}" is not a string`)
  return value
}

/** Clients send -1 and 0 for "none". */
function positive(body: JsonObject, key: string): number | undefined {
  const value = body[key] ?? undefined
  if (value === undefined) return undefined
  if (!Number.isInteger(value) || (value as number) > 2 ** 31 - 1)
    throw refusals.badRequest(`"${key}" is not an integer`)
  return (value as number) > 0 ? (value as number) : undefined
}

function object(body: JsonObject, key: string): JsonObject | undefined {
  const value = body[key] ?? undefined
  if (value !== undefined && !isJsonObject(value)) throw refusals.badRequest(`"${key}" is not an object`)
  return value
}
