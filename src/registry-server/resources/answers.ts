// How versions and lists look in answers.
import { resolvedText } from '../avro-content.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Content, StoredVersion } from '../content.ts'
import { refusals } from '../refusals.ts'
import type { RegistryState } from '../state.ts'

/** The fields of a stored content; the schema text as `format` asks for it. Throws 501 for a format that is not for Avro. */
export function contentFields(state: RegistryState, content: Content, query: URLSearchParams): JsonObject {
  const { type, references, metadata, ruleSet } = content
  return {
    ...(type !== 'AVRO' && { schemaType: type }),
    ...(references.length > 0 && { references }),
    ...(metadata && { metadata }),
    ...(ruleSet && { ruleSet }),
    schema: schemaText(state, content, query),
  }
}

/** A version with all that is known of it. */
export function versionFields(
  state: RegistryState,
  { subject, version, id, content }: StoredVersion,
  query: URLSearchParams,
): JsonObject {
  return { subject, version, id, ...contentFields(state, content, query) }
}

export function schemaText(state: RegistryState, content: Content, query: URLSearchParams): string {
  const format = query.get('format')?.trim() ?? ''
  if (format === '') return content.schema
  if (format === 'resolved' && content.type === 'AVRO') return resolvedText(state, content)
  throw refusals.notBuilt(`The format "${format}" of schemas of type ${content.type}`)
}

export function isSet(query: URLSearchParams, name: string): boolean {
  return query.get(name)?.toLowerCase() === 'true'
}

/** The part of a list that `offset` and `limit` ask for; without a limit, or with a negative one, all of the rest. */
export function page<T>(items: readonly T[], query: URLSearchParams): T[] {
  const offset = Math.max(0, integer(query, 'offset', 0))
  const limit = integer(query, 'limit', -1)
  return items.slice(offset, limit < 0 ? undefined : offset + limit)
}

function integer(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name)
  if (text === null || text === '') return otherwise
  if (!/^-?\d{1,10}$/.test(text)) throw refusals.badRequest(`"${name}" is not an integer`)
  return Number(text)
}
