// /schemas: schemas by their id, all of them as a list, and the types of schema that this registry takes.
import type { JsonObject } from '../../core/json.ts'
import type { Content, StoredVersion } from '../content.ts'
import type { Call, Route } from '../http/routes.ts'
import { refusals } from '../refusals.ts'
import { contentOf, versionsOf } from '../state.ts'
import { contentFields, isSet, page, schemaText, versionFields } from './answers.ts'
import { subjectNames } from './subjects.ts'

export const schemaRoutes: readonly Route[] = [
  { method: 'GET', path: '/schemas/types', handle: () => ({ json: ['AVRO'] }) },
  { method: 'GET', path: '/schemas', handle: listSchemas },
  {
    method: 'GET',
    path: '/schemas/ids/:id',
    handle: (call) => {
      const { state } = call.journal
      const maxId = isSet(call.query, 'fetchMaxId') ? { maxId: state.maxId } : {}
      return { json: { ...contentFields(state, contentOfCall(call), call.query), ...maxId } }
    },
  },
  {
    method: 'GET',
    path: '/schemas/ids/:id/schema',
    handle: (call) => ({ text: schemaText(call.journal.state, contentOfCall(call), call.query) }),
  },
  {
    method: 'GET',
    path: '/schemas/ids/:id/subjects',
    handle: (call) => {
      const subjects = new Set(usesOfCall(call).map((use) => use.subject))
      return { json: page([...subjects], call.query) }
    },
  },
  {
    method: 'GET',
    path: '/schemas/ids/:id/versions',
    handle: (call) => {
      const uses = usesOfCall(call).map(({ subject, version }) => ({ subject, version }))
      return { json: page(uses, call.query) }
    },
  },
]

function listSchemas({ query, journal: { state } }: Call): { json: JsonObject[] } {
  if (query.get('ruleType')) throw refusals.notBuilt('Searching by the type of rules')
  const latestOnly = isSet(query, 'latestOnly')
  const versions = subjectNames(state, query).flatMap((subject) => {
    const ofSubject = versionsOf(state, subject, isSet(query, 'deleted'))
    return latestOnly ? ofSubject.slice(-1) : ofSubject
  })
  return { json: page(versions, query).map((version) => versionFields(state, version, query)) }
}

/** What the id in the path stands for, also after a soft delete. Throws 40403. */
function contentOfCall(call: Call): Content {
  const id = idOfCall(call)
  const content = contentOf(call.journal.state, id)
  if (!content) throw refusals.schemaNotFound(id)
  return content
}

/** The versions with the id in the path, by subject and number; softly deleted ones with `deleted=true` only. Throws 40403. */
function usesOfCall(call: Call): StoredVersion[] {
  const id = idOfCall(call)
  const uses = call.journal.state.ids.get(id)
  if (!uses) throw refusals.schemaNotFound(id)
  return [...uses]
    .filter((use) => !use.deleted || isSet(call.query, 'deleted'))
    .sort((a, b) => (a.subject === b.subject ? a.version - b.version : a.subject < b.subject ? -1 : 1))
}

function idOfCall({ part }: Call): number {
  if (!/^-?\d{1,10}$/.test(part('id'))) throw refusals.noSuchPath()
  return Number(part('id'))
}
