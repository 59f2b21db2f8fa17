// Drift: what a plan would still change is a difference between platform.yaml and what is there.
import type { Finding, Place } from '../core/finding.ts'
import type { Change, FieldChange, Plan } from '../plan/plan.ts'
import type { Platform } from '../platform/platform.ts'

function placeOf({ kind, name }: Change, { topics, subjects }: Platform, path?: string): Place | undefined {
  if (kind === 'subject') return subjects.find((subject) => subject.name === name)?.at
  const topic = topics.find((candidate) => candidate.name === name)
  return (path === undefined ? undefined : topic?.places.get(path)) ?? topic?.at
}

function fieldText(change: Change, { path, before, after }: FieldChange): string {
  if (path === 'schema') return `the schema of subject "${change.name}" is not the declared one`
  if (path === 'references') return `subject "${change.name}" refers to other versions than the declared ones`
  const shown = (value: FieldChange['before']): string => (value === null ? 'not set' : String(value))
  return `${path} of ${change.kind} "${change.name}" is ${shown(before)}, platform.yaml says ${shown(after)}`
}

function driftOf(change: Change, platform: Platform): Finding[] {
  const remedy = change.blocked ? `apply is blocked: ${change.blocked.message}` : '`evplat apply` makes it so'
  const finding = (message: string, at: Place | undefined): Finding => ({
    severity: 'error',
    code: 'drift',
    message,
    remedy,
    ...(at && { at }),
  })
  if (change.action === 'create')
    return [finding(`${change.kind} "${change.name}" does not exist`, placeOf(change, platform))]
  return change.fields.map((field) => finding(fieldText(change, field), placeOf(change, platform, field.path)))
}

/** A finding for every field that differs, with the place in platform.yaml that declares it. */
export function driftFindings(plan: Plan, platform: Platform): Finding[] {
  return plan.changes.flatMap((change) => driftOf(change, platform))
}
