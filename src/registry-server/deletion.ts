// Deleting, softly and for good. Soft comes first: the number stays taken and the id resolvable until the permanent delete.
import type { StoredVersion } from './content.ts'
import type { Decision } from './journal.ts'
import type { RegistryRecord } from './records.ts'
import { refusals } from './refusals.ts'
import { type RegistryState, referrersOf, versionsOf } from './state.ts'
import type { VersionText } from './version-text.ts'
import { checkWritable } from './write-access.ts'

/** Deletes all versions of a subject; answers their numbers. Refuses with 40401, 40404, 40405, 42205, 42206. */
export function deleteSubject(state: RegistryState, subject: string, permanent: boolean): Decision<number[]> {
  const all = versionsOf(state, subject, true)
  const live = all.filter((version) => !version.deleted)
  if (all.length === 0) throw refusals.subjectNotFound(subject)
  if (permanent && live.length > 0) throw refusals.subjectNotSoftDeleted(subject)
  if (!permanent && live.length === 0) throw refusals.subjectSoftDeleted(subject)
  checkWritable(state, subject)
  const going = permanent ? all : live
  for (const version of going) checkUnreferenced(state, version, (referrer) => referrer.subject !== subject, permanent)
  return {
    records: permanent
      ? [...going.map(removal), ...settingsOf(state, subject)]
      : [{ kind: 'delete-subject', subject, upTo: all.at(-1)!.version }],
    answer: going.map((version) => version.version),
  }
}

/** Deletes one version; answers its number. Refuses with 40401, 40402, 40406, 40407, 42205, 42206. */
export function deleteVersion(
  state: RegistryState,
  subject: string,
  wanted: VersionText,
  permanent: boolean,
): Decision<number> {
  const all = versionsOf(state, subject, true)
  const live = all.filter((version) => !version.deleted)
  const version =
    wanted === 'latest' ? (permanent ? all : live).at(-1) : all.find((candidate) => candidate.version === wanted)
  if (!version)
    throw wanted === 'latest' || all.length === 0 ? refusals.subjectNotFound(subject) : refusals.versionNotFound(wanted)
  if (permanent && !version.deleted) throw refusals.versionNotSoftDeleted(subject, version.version)
  if (!permanent && version.deleted) throw refusals.versionSoftDeleted(subject, version.version)
  checkWritable(state, subject)
  checkUnreferenced(state, version, () => true, permanent)
  return {
    records: [permanent ? removal(version) : { kind: 'schema', version: { ...version, deleted: true } }],
    answer: version.version,
  }
}

/** The record that takes a version away for good. */
export function removal({ subject, version, keyText }: StoredVersion): RegistryRecord {
  return { kind: 'removed', subject, version, ...(keyText !== undefined && { keyText }) }
}

/** A subject that is gone for good leaves no settings to the next one of its name. */
function settingsOf(state: RegistryState, subject: string): RegistryRecord[] {
  return [
    ...(state.configs.has(subject) ? [{ kind: 'config', scope: subject, config: null } as const] : []),
    ...(state.modes.has(subject) ? [{ kind: 'mode', scope: subject, mode: null } as const] : []),
  ]
}

/** A soft delete is stopped by live referrers only, a permanent one by softly deleted ones too. */
function checkUnreferenced(
  state: RegistryState,
  { subject, version }: StoredVersion,
  counts: (referrer: StoredVersion) => boolean,
  permanent: boolean,
): void {
  const referrers = referrersOf(state, subject, version).filter((r) => counts(r) && (permanent || !r.deleted))
  if (referrers.length > 0) throw refusals.referenced(subject, version)
}
