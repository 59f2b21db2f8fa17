// One declared schema against what is registered.
import type { Finding } from '../core/finding.ts'
import type { Subject } from '../platform/platform.ts'
import type { Actual, ActualSubject } from './actual.ts'
import type { Change, FieldChange, PlannedReference } from './plan.ts'

export interface SubjectDiff {
  readonly change?: Change
  readonly findings: readonly Finding[]
}

/** The change that makes a subject as declared. `moving` names the subjects of which this plan registers a new version. */
export function diffSubject(subject: Subject, actual: Actual, moving: ReadonlySet<string>): SubjectDiff {
  const registered = actual.subjects.get(subject.name)
  const isMoving = subject.references.some((reference) => moving.has(reference.subject))
  const matches = registered?.matchingVersion !== undefined && !isMoving
  const fields = [...diffLevel(subject, actual), ...(matches ? [] : diffSchema(subject, actual, moving))]
  const findings = registered && matches ? newerVersion(subject, registered) : []
  if (fields.length === 0) return { findings }
  return { change: { kind: 'subject', name: subject.name, action: registered ? 'update' : 'create', fields }, findings }
}

function diffLevel({ name, compatibility }: Subject, { levels }: Actual): FieldChange[] {
  const now = levels.get(name) ?? null
  return compatibility === undefined || compatibility === now
    ? []
    : [{ path: 'compatibility', before: now, after: compatibility }]
}

function diffSchema(subject: Subject, { subjects }: Actual, moving: ReadonlySet<string>): FieldChange[] {
  const registered = subjects.get(subject.name)
  const before = registered?.latest.references ?? []
  const references: PlannedReference[] = subject.references.map(({ name, subject: other }) => ({
    name,
    subject: other,
    version: moving.has(other) ? null : (subjects.get(other)?.matchingVersion ?? null),
  }))
  const text: FieldChange = { path: 'schema', before: registered?.latest.text ?? null, after: subject.text }
  return before.length === 0 && references.length === 0
    ? [text]
    : [text, { path: 'references', before, after: references }]
}

function newerVersion({ name, at }: Subject, { latest, matchingVersion }: ActualSubject): Finding[] {
  if (matchingVersion === undefined || matchingVersion >= latest.version) return []
  const message = `subject "${name}" has a newer version (${latest.version}) than the one that platform.yaml declares (${matchingVersion})`
  return [{ severity: 'warning', code: 'newer-version-registered', message, at }]
}
