// Registering a schema and looking one up: which id and version it has or gets. Pure decisions over the state.
import { acceptContent, contentKey, idOfContent, schemaKey } from './avro-content.ts'
import { incompatibilitiesWith } from './compatibility.ts'
import type { Content, StoredVersion } from './content.ts'
import type { Decision } from './journal.ts'
import { refusals } from './refusals.ts'
import type { SchemaRequest } from './schema-request.ts'
import { type RegistryState, configFor, contentOf, modeFor, versionsOf } from './state.ts'
import { checkWritable } from './write-access.ts'

/**
 * The id under which a schema stands in a subject, and the record that puts it there if it does not yet.
 * What is there already keeps its id and version, also where nothing may be written. Refuses with 409, 42201, 42205, 42207.
 */
export function register(state: RegistryState, subject: string, request: SchemaRequest): Decision<number> {
  const live = versionsOf(state, subject)
  const latest = live.at(-1)
  if (request.content.schema.trim() === '' && latest) return { records: [], answer: latest.id }
  const { content, schema } = acceptContent(state, inherited(normalized(state, subject, request), request, latest))
  const key = contentKey(state, content)
  const there = live.findLast((version) => contentKey(state, version.content) === key)
  if (there) {
    if (request.id !== undefined && request.id !== there.id) throw refusals.idMismatch(request.id, there.id)
    return { records: [], answer: there.id }
  }
  checkMode(state, subject, request.id)
  if (request.id !== undefined) return importVersion(state, subject, request, content)
  const number = nextVersion(state, subject)
  if (request.version !== undefined && request.version !== number)
    throw refusals.invalidSchema(`Version ${request.version} is not one more than previous version ${number - 1}`)
  const problems = incompatibilitiesWith(state, configFor(state, subject).compatibilityLevel, schema, live.toReversed())
  if (problems.length > 0) throw refusals.incompatible(subject, problems)
  const id = idOfContent(state, key) ?? state.maxId + 1
  return added({ subject, version: number, id, content: contentOf(state, id) ?? content, deleted: false })
}

/** The newest version of a subject that holds the schema, or undefined. A lookup without metadata or rules finds any. Refuses with 42201. */
export function lookUp(
  state: RegistryState,
  subject: string,
  request: SchemaRequest,
  withDeleted: boolean,
): StoredVersion | undefined {
  const { content } = acceptContent(state, normalized(state, subject, request))
  const keyOf = content.metadata || content.ruleSet ? contentKey : schemaKey
  const key = keyOf(state, content)
  const matching = versionsOf(state, subject, withDeleted).filter((v) => keyOf(state, v.content) === key)
  return matching.findLast((version) => !version.deleted) ?? matching.at(-1)
}

function added(version: StoredVersion): Decision<number> {
  return { records: [{ kind: 'schema', version }], answer: version.id }
}

function nextVersion(state: RegistryState, subject: string): number {
  return (versionsOf(state, subject, true).at(-1)?.version ?? 0) + 1
}

/** With `normalize`, the order of references does not count and none stands twice; Avro text has one form in any case. */
function normalized(state: RegistryState, subject: string, { content, normalize }: SchemaRequest): Content {
  if (!(normalize ?? configFor(state, subject).normalize)) return content
  const byName = new Map(content.references.map((reference) => [reference.name, reference]))
  const references = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  return { ...content, references }
}

/** A schema without metadata or rules takes over those of the version before it; an import means what it says. */
function inherited(content: Content, { id }: SchemaRequest, latest: StoredVersion | undefined): Content {
  if (id !== undefined) return content
  const { metadata = latest?.content.metadata, ruleSet = latest?.content.ruleSet } = content
  return { ...content, ...(metadata && { metadata }), ...(ruleSet && { ruleSet }) }
}

function checkMode(state: RegistryState, subject: string, id: number | undefined): void {
  checkWritable(state, subject)
  const mode = modeFor(state, subject)
  if (id !== undefined && mode !== 'IMPORT') throw refusals.notPermitted(`Subject ${subject} is not in import mode`)
  if (id === undefined && mode === 'IMPORT') throw refusals.notPermitted(`Subject ${subject} is not in read-write mode`)
}

/** IMPORT takes id and version as they are given and compares with nothing, but never gives what is taken a new meaning. */
function importVersion(
  state: RegistryState,
  subject: string,
  { id, version = nextVersion(state, subject) }: SchemaRequest,
  content: Content,
): Decision<number> {
  const key = contentKey(state, content)
  const differs = (other: Content | undefined): boolean => other !== undefined && contentKey(state, other) !== key
  if (differs(contentOf(state, id!)))
    throw refusals.notPermitted(`Overwrite new schema with id ${id} is not permitted.`)
  const there = state.subjects.get(subject)?.get(version)
  if (differs(there?.content))
    throw refusals.notPermitted(`Overwrite version ${version} of subject ${subject} is not permitted.`)
  if (there && there.id !== id) throw refusals.idMismatch(id!, there.id)
  return added({ subject, version, id: id!, content: contentOf(state, id!) ?? content, deleted: false })
}
