// What the registry stores, in its own words.
import type { CompatibilityLevel } from '../avro/compatibility-level.ts'
import type { JsonObject } from '../core/json.ts'

export type SchemaReference = {
  readonly name: string
  readonly subject: string
  readonly version: number
}

/** What an id stands for. Two of the same meaning share one id. */
export interface Content {
  /** AVRO, or what another registry wrote into the log */
  readonly type: string
  readonly schema: string
  readonly references: readonly SchemaReference[]
  readonly metadata?: JsonObject
  readonly ruleSet?: JsonObject
}

export interface StoredVersion {
  readonly subject: string
  readonly version: number
  readonly id: number
  readonly content: Content
  /** softly: its number stays taken, its id resolvable */
  readonly deleted: boolean
  /** the key of its record where that is spelled unlike ours: only the same bytes replace it in a compacted log */
  readonly keyText?: string
  /** what else another registry wrote into the record; written back when the version changes */
  readonly extra?: JsonObject
}

export const modes = ['READWRITE', 'READONLY', 'READONLY_OVERRIDE', 'IMPORT'] as const
export type Mode = (typeof modes)[number]

export type Config = {
  readonly compatibilityLevel?: CompatibilityLevel
  readonly normalize?: boolean
}

/** A subject, or the whole registry. */
export type Scope = string | null
