// /subjects/{subject}/versions and what is below it: registration, the versions one by one, who refers to them, deletion.
import type { StoredVersion } from '../content.ts'
import { deleteVersion } from '../deletion.ts'
import type { Call, Route } from '../http/routes.ts'
import { refusals } from '../refusals.ts'
import { register } from '../registration.ts'
import { readSchemaRequest } from '../schema-request.ts'
import { type RegistryState, referrersOf, versionsOf } from '../state.ts'
import { subjectName } from '../subject-name.ts'
import { type VersionText, parseVersion } from '../version-text.ts'
import { isSet, page, schemaText, versionFields } from './answers.ts'

const all = '/subjects/:subject/versions'
const one = '/subjects/:subject/versions/:version'

export const versionRoutes: readonly Route[] = [
  { method: 'GET', path: all, handle: listVersions },
  {
    method: 'POST',
    path: all,
    handle: async ({ part, query, body, journal }) => {
      const subject = subjectName(part('subject'))
      const request = readSchemaRequest(body, query)
      return { json: { id: await journal.write((state) => register(state, subject, request)) } }
    },
  },
  {
    method: 'GET',
    path: one,
    handle: (call) => ({ json: versionFields(call.journal.state, versionOfCall(call), call.query) }),
  },
  {
    method: 'GET',
    path: `${one}/schema`,
    handle: (call) => ({ text: schemaText(call.journal.state, versionOfCall(call).content, call.query) }),
  },
  {
    method: 'GET',
    path: `${one}/referencedby`,
    handle: (call) => {
      const { subject, version } = versionOfCall(call)
      const referrers = referrersOf(call.journal.state, subject, version).filter(
        (referrer) => !referrer.deleted || isSet(call.query, 'deleted'),
      )
      const ids = [...new Set(referrers.map((referrer) => referrer.id))].sort((a, b) => a - b)
      return { json: page(ids, call.query) }
    },
  },
  {
    method: 'DELETE',
    path: one,
    handle: async ({ part, query, journal }) => {
      const version = parseVersion(part('version'))
      const subject = subjectName(part('subject'))
      return { json: await journal.write((state) => deleteVersion(state, subject, version, isSet(query, 'permanent'))) }
    },
  },
]

function listVersions({ part, query, journal: { state } }: Call): { json: number[] } {
  const subject = subjectName(part('subject'))
  const onlyDeleted = isSet(query, 'deletedOnly')
  const versions = versionsOf(state, subject, onlyDeleted || isSet(query, 'deleted'))
  if (versions.length === 0) throw refusals.subjectNotFound(subject)
  const wanted = onlyDeleted ? versions.filter((version) => version.deleted) : versions
  return {
    json: page(
      wanted.map((version) => version.version),
      query,
    ),
  }
}

/** The version that the path of a call names. Throws 42202, 40401, 40402. */
function versionOfCall({ part, query, journal: { state } }: Call): StoredVersion {
  const wanted = parseVersion(part('version'))
  return findVersion(state, subjectName(part('subject')), wanted, isSet(query, 'deleted'))
}

function findVersion(state: RegistryState, subject: string, wanted: VersionText, withDeleted: boolean): StoredVersion {
  const versions = versionsOf(state, subject, withDeleted)
  if (versions.length === 0) throw refusals.subjectNotFound(subject)
  if (wanted === 'latest') return versions.at(-1)!
  const found = versions.find((version) => version.version === wanted)
  if (!found) throw refusals.versionNotFound(wanted)
  return found
}
