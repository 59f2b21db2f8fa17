// /mode: whether the registry, or a subject, may be written to, and whether ids and versions are given from outside (IMPORT).
import type { JsonObject } from '../../core/json.ts'
import { type Mode, type Scope, modes } from '../content.ts'
import { removal } from '../deletion.ts'
import type { Call, Route } from '../http/routes.ts'
import type { Decision } from '../journal.ts'
import type { RegistryRecord } from '../records.ts'
import { refusals } from '../refusals.ts'
import { type RegistryState, modeFor, referrersOf, versionsOf } from '../state.ts'
import { subjectName } from '../subject-name.ts'
import { isSet } from './answers.ts'

export const modeRoutes: readonly Route[] = [
  { method: 'GET', path: '/mode', handle: ({ journal: { state } }) => ({ json: { mode: modeFor(state, null) } }) },
  { method: 'PUT', path: '/mode', handle: (call) => putMode(call, null) },
  { method: 'DELETE', path: '/mode', handle: (call) => deleteMode(call, null) },
  {
    method: 'GET',
    path: '/mode/:subject',
    handle: ({ part, query, journal: { state } }) => {
      const subject = subjectName(part('subject'))
      const own = state.modes.get(subject)
      if (own === undefined && !isSet(query, 'defaultToGlobal')) throw refusals.noModeOfItsOwn(subject)
      return { json: { mode: own ?? modeFor(state, null) } }
    },
  },
  { method: 'PUT', path: '/mode/:subject', handle: (call) => putMode(call, subjectName(call.part('subject'))) },
  { method: 'DELETE', path: '/mode/:subject', handle: (call) => deleteMode(call, subjectName(call.part('subject'))) },
]

async function putMode({ body, query, journal }: Call, scope: Scope): Promise<{ json: JsonObject }> {
  const given = body['mode']
  const mode = modes.find((known) => typeof given === 'string' && known === given.toUpperCase())
  if (!mode) throw refusals.invalidMode()
  await journal.write((state) => setMode(state, scope, mode, isSet(query, 'force')))
  return { json: { mode } }
}

/** IMPORT without force begins with nothing: refused with 42205 while schemas live in the scope; softly deleted ones go for good. */
function setMode(state: RegistryState, scope: Scope, mode: Mode, force: boolean): Decision<undefined> {
  const cleared = mode === 'IMPORT' && modeFor(state, scope) !== 'IMPORT' && !force ? clearing(state, scope) : []
  return { records: [...cleared, { kind: 'mode', scope, mode }], answer: undefined }
}

/** One tombstone each: a record that says "clear what is deleted" would mean something else in a compacted log. */
function clearing(state: RegistryState, scope: Scope): RegistryRecord[] {
  const subjects = scope === null ? [...state.subjects.keys()] : [scope]
  const all = subjects.flatMap((subject) => versionsOf(state, subject, true))
  if (all.some((version) => !version.deleted))
    throw refusals.notPermitted('Cannot import since found existing subjects')
  const going = new Set(subjects)
  for (const { subject, version } of all)
    if (referrersOf(state, subject, version).some((referrer) => !going.has(referrer.subject)))
      throw refusals.referenced(subject, version)
  return all.map(removal)
}

async function deleteMode({ journal }: Call, scope: Scope): Promise<{ json: JsonObject }> {
  const decide = (state: RegistryState): Decision<{ mode: Mode }> => {
    const before = state.modes.get(scope)
    if (before === undefined && scope !== null) throw refusals.subjectNotFound(scope)
    return { records: [{ kind: 'mode', scope, mode: null }], answer: { mode: before ?? 'READWRITE' } }
  }
  return { json: await journal.write(decide) }
}
