// /compatibility: whether a schema could be registered, told without registering it.
import type { JsonObject } from '../../core/json.ts'
import { acceptContent } from '../avro-content.ts'
import { incompatibilitiesWith } from '../compatibility.ts'
import type { StoredVersion } from '../content.ts'
import type { Call, Route } from '../http/routes.ts'
import { Refusal, refusals } from '../refusals.ts'
import { readSchemaRequest } from '../schema-request.ts'
import { configFor, versionsOf } from '../state.ts'
import { subjectName } from '../subject-name.ts'
import { parseVersion } from '../version-text.ts'
import { isSet } from './answers.ts'

export const compatibilityRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/compatibility/subjects/:subject/versions/:version',
    handle: (call) => {
      const wanted = parseVersion(call.part('version'))
      const live = versionsOf(call.journal.state, subjectName(call.part('subject')))
      const compared = wanted === 'latest' ? live.slice(-1) : live.filter((version) => version.version === wanted)
      if (wanted !== 'latest' && compared.length === 0) throw refusals.versionNotFound(wanted)
      return check(call, compared)
    },
  },
  {
    method: 'POST',
    path: '/compatibility/subjects/:subject/versions',
    handle: (call) => check(call, versionsOf(call.journal.state, subjectName(call.part('subject')))),
  },
]

/** Compares by the subject's level; one that is not transitive looks at the newest of the versions only. */
function check(
  { part, query, body, journal: { state } }: Call,
  versions: readonly StoredVersion[],
): { json: JsonObject } {
  const verbose = isSet(query, 'verbose')
  const { content } = readSchemaRequest(body, query)
  try {
    const { schema } = acceptContent(state, content)
    const level = configFor(state, subjectName(part('subject'))).compatibilityLevel
    const messages = incompatibilitiesWith(state, level, schema, versions.toReversed())
    return { json: { is_compatible: messages.length === 0, ...(verbose && { messages }) } }
  } catch (thrown) {
    if (!verbose || !(thrown instanceof Refusal) || thrown.code !== 42201) throw thrown
    return { json: { is_compatible: false, messages: [thrown.message] } }
  }
}
