// /subjects and /subjects/{subject}: the list, the lookup of a schema, deletion, the latest version by its metadata.
import { type JsonObject, isJsonObject } from '../../core/json.ts'
import { deleteSubject } from '../deletion.ts'
import type { Call, Route } from '../http/routes.ts'
import { refusals } from '../refusals.ts'
import { lookUp } from '../registration.ts'
import { readSchemaRequest } from '../schema-request.ts'
import { type RegistryState, versionsOf } from '../state.ts'
import { subjectName, subjectPrefix } from '../subject-name.ts'
import { isSet, page, versionFields } from './answers.ts'

export const subjectRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/subjects',
    handle: ({ query, journal: { state } }) => ({ json: page(subjectNames(state, query), query) }),
  },
  {
    method: 'POST',
    path: '/subjects/:subject',
    handle: ({ part, query, body, journal: { state } }) => {
      const subject = subjectName(part('subject'))
      const withDeleted = isSet(query, 'deleted')
      if (versionsOf(state, subject, withDeleted).length === 0) throw refusals.subjectNotFound(subject)
      const found = lookUp(state, subject, readSchemaRequest(body, query), withDeleted)
      if (!found) throw refusals.schemaNotFound()
      return { json: versionFields(state, found, query) }
    },
  },
  {
    method: 'DELETE',
    path: '/subjects/:subject',
    handle: async ({ part, query, journal }) => {
      const subject = subjectName(part('subject'))
      return { json: await journal.write((state) => deleteSubject(state, subject, isSet(query, 'permanent'))) }
    },
  },
  { method: 'GET', path: '/subjects/:subject/metadata', handle: latestWithMetadata },
]

/** Names in order, chosen by `subjectPrefix`, `deleted` (softly deleted too) and `deletedOnly`. */
export function subjectNames(state: RegistryState, query: URLSearchParams): string[] {
  const prefix = subjectPrefix(query.get('subjectPrefix') ?? '')
  if (prefix === undefined) return []
  const wanted = (name: string): boolean => {
    const live = versionsOf(state, name).length > 0
    return isSet(query, 'deletedOnly') ? !live : live || isSet(query, 'deleted')
  }
  return [...state.subjects.keys()].filter((name) => name.startsWith(prefix) && wanted(name)).sort()
}

/** The newest version whose metadata has all the properties that pairs of `key` and `value` name. */
function latestWithMetadata({ part, query, journal: { state } }: Call): { json: JsonObject } {
  const subject = subjectName(part('subject'))
  const versions = versionsOf(state, subject, isSet(query, 'deleted'))
  if (versions.length === 0) throw refusals.subjectNotFound(subject)
  const values = query.getAll('value')
  const wanted = query.getAll('key').map((key, i) => [key, values[i]] as const)
  const found = versions.findLast(({ content }) => {
    const properties = content.metadata?.['properties'] ?? null
    return wanted.every(([key, value]) => isJsonObject(properties) && properties[key] === value)
  })
  if (!found) throw refusals.schemaNotFound()
  return { json: versionFields(state, found, query) }
}
