// Everything the registry knows, as the records of the log make it. Only `applyRecord` changes it.
import type { Config, Content, Mode, Scope, StoredVersion } from './content.ts'
import type { RegistryRecord } from './records.ts'

export interface RegistryState {
  readonly subjects: Map<string, Map<number, StoredVersion>>
  /** the versions, softly deleted ones too, that stand for an id */
  readonly ids: Map<number, Set<StoredVersion>>
  readonly configs: Map<Scope, Config>
  readonly modes: Map<Scope, Mode>
  /** the highest id that was ever seen, also of what is gone */
  maxId: number
  /** ids by the key of their content, filled when it is asked for: a key needs references, which may come later in the log */
  readonly idsByContent: Map<string, Set<number>>
  /** ids that stand not yet in `idsByContent` */
  readonly newIds: Set<number>
}

export function emptyState(): RegistryState {
  return {
    subjects: new Map(),
    ids: new Map(),
    configs: new Map(),
    modes: new Map(),
    maxId: 0,
    idsByContent: new Map(),
    newIds: new Set(),
  }
}

/** Takes one record into the state. Records that say what is so already change nothing. */
export function applyRecord(state: RegistryState, record: RegistryRecord): void {
  switch (record.kind) {
    case 'schema':
      return put(state, record.version)
    case 'removed':
      return remove(state, record.subject, record.version)
    case 'config':
      return setOrDelete(state.configs, record.scope, record.config)
    case 'mode':
      return setOrDelete(state.modes, record.scope, record.mode)
    case 'delete-subject':
      for (const version of versionsOf(state, record.subject, true))
        if (version.version <= record.upTo && !version.deleted) put(state, { ...version, deleted: true })
      return
    case 'clear-subject':
      for (const subject of record.scope === null ? [...state.subjects.keys()] : [record.scope])
        for (const version of versionsOf(state, subject, true))
          if (version.deleted) remove(state, subject, version.version)
      return
    case 'noop':
  }
}

function put(state: RegistryState, version: StoredVersion): void {
  const known = state.subjects.get(version.subject)?.get(version.version)
  if (known) forgetUse(state, known)
  getOrAdd(state.subjects, version.subject, () => new Map<number, StoredVersion>()).set(version.version, version)
  getOrAdd(state.ids, version.id, () => new Set<StoredVersion>()).add(version)
  if (known?.id !== version.id || known.content !== version.content) state.newIds.add(version.id)
  state.maxId = Math.max(state.maxId, version.id)
}

function remove(state: RegistryState, subject: string, version: number): void {
  const versions = state.subjects.get(subject)
  const known = versions?.get(version)
  if (!versions || !known) return
  forgetUse(state, known)
  versions.delete(version)
  if (versions.size === 0) state.subjects.delete(subject)
}

function forgetUse(state: RegistryState, version: StoredVersion): void {
  const uses = state.ids.get(version.id)
  uses?.delete(version)
  if (uses?.size === 0) state.ids.delete(version.id)
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}

function setOrDelete<K, V>(map: Map<K, V>, key: K, value: V | null): void {
  if (value === null) map.delete(key)
  else map.set(key, value)
}

/** The versions of a subject by number, the oldest first; none for a subject that there is not. */
export function versionsOf(state: RegistryState, subject: string, withDeleted = false): StoredVersion[] {
  const all = [...(state.subjects.get(subject)?.values() ?? [])]
  return all.filter((v) => withDeleted || !v.deleted).sort((a, b) => a.version - b.version)
}

/** The content that an id stands for. */
export function contentOf(state: RegistryState, id: number): Content | undefined {
  for (const version of state.ids.get(id) ?? []) return version.content
  return undefined
}

/** The versions, in any subject, that refer to one version of a subject. One to "the latest" (only other logs hold such) may mean any. */
export function referrersOf(state: RegistryState, subject: string, version: number): StoredVersion[] {
  const referrers: StoredVersion[] = []
  for (const versions of state.subjects.values())
    for (const candidate of versions.values())
      if (
        candidate.content.references.some((r) => r.subject === subject && (r.version === version || r.version === -1))
      )
        referrers.push(candidate)
  return referrers
}

const defaults = { compatibilityLevel: 'BACKWARD', normalize: false } as const satisfies Config

/** What holds for a subject: its own settings over those of the registry over the defaults. */
export function configFor(state: RegistryState, scope: Scope): Required<Config> {
  return { ...defaults, ...state.configs.get(null), ...(scope !== null && state.configs.get(scope)) }
}

/** The mode that holds for a subject. READONLY_OVERRIDE of the registry beats a subject's own. */
export function modeFor(state: RegistryState, scope: Scope): Mode {
  const whole = state.modes.get(null) ?? 'READWRITE'
  if (whole === 'READONLY_OVERRIDE' || scope === null) return whole
  return state.modes.get(scope) ?? whole
}
