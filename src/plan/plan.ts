// A plan is a value: an ordered list of changes, complete enough to be shown, proven and run. Its JSON is a published shape.
import type { Finding } from '../core/finding.ts'

export type Action = 'create' | 'update' | 'delete'

/** What is lost when the change is made: records, or the order of the records of a key. */
export type Danger = 'data-loss' | 'reorders-keys'

/** Why a change can't be made: a code, and the fact in the words of whoever refuses it. */
export interface Blocked {
  readonly code: BlockedCode
  readonly message: string
  /** a command or an edit that gets on */
  readonly remedy?: string
}

export type BlockedCode =
  | 'fewer-partitions'
  | 'replication-change'
  | 'needs-allow-repartition'
  | 'policy'
  | 'broker-refused'
  | 'not-authorised'
  | 'registry-refused'
  | 'incompatible'
  | 'registry-read-only'
  | 'reference-blocked'

/** `partitions`, `replication`, `config.KEY` of a topic; `schema`, `references`, `compatibility` of a subject. */
export interface FieldChange {
  readonly path: string
  readonly before: FieldValue
  readonly after: FieldValue
}
export type FieldValue = string | number | null | readonly PlannedReference[]

/** A reference of a schema; without a version it is the one that this plan registers. */
export interface PlannedReference {
  readonly name: string
  readonly subject: string
  readonly version: number | null
}

export interface Change {
  readonly kind: 'topic' | 'subject'
  readonly name: string
  readonly action: Action
  readonly fields: readonly FieldChange[]
  readonly danger?: Danger
  readonly blocked?: Blocked
}

export interface Plan {
  readonly platform: string
  readonly environment: string
  readonly clusterId: string | null
  readonly changes: readonly Change[]
  readonly unchanged: number
  readonly findings: readonly Finding[]
}

export interface Summary {
  readonly create: number
  readonly update: number
  readonly delete: number
  readonly blocked: number
  readonly unchanged: number
}

/** Counts of a plan; a blocked change counts as blocked alone. */
export function summarise({ changes, unchanged }: Plan): Summary {
  const open = changes.filter((change) => !change.blocked)
  const count = (action: Action): number => open.filter((change) => change.action === action).length
  return {
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
    blocked: changes.length - open.length,
    unchanged,
  }
}

/** The new value of a field that a change sets, or undefined where it does not touch it. */
export function after(change: Change, path: string): FieldValue | undefined {
  return change.fields.find((field) => field.path === path)?.after
}

const configPrefix = 'config.'

/** Keys and values of the topic configs that a change sets. */
export function configsOf(change: Change): (readonly [key: string, value: string])[] {
  return change.fields
    .filter((field) => field.path.startsWith(configPrefix))
    .map((field) => [field.path.slice(configPrefix.length), String(field.after)] as const)
}

export function configField(key: string, before: string | null, value: string): FieldChange {
  return { path: configPrefix + key, before, after: value }
}
