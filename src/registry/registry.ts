// What a Schema Registry holds and answers, in our own words.
import type { CompatibilityLevel } from '../avro/compatibility-level.ts'

/** A type that a schema uses and another subject defines. */
export interface SchemaReference {
  /** full name of the type */
  readonly name: string
  readonly subject: string
  readonly version: number
}

/** An Avro schema as it is handed to the registry: the text as the user wrote it. */
export interface SchemaText {
  readonly schema: string
  readonly references?: readonly SchemaReference[]
}

/** What an id stands for. Registries rewrite the text: compare it as JSON, or by its canonical text. */
export interface SchemaById {
  readonly id: number
  /** AVRO, JSON, PROTOBUF */
  readonly type: string
  readonly schema: string
  readonly references: readonly SchemaReference[]
}

export interface SchemaVersion extends SchemaById {
  readonly subject: string
  readonly version: number
}

/** What the registry's own check says. */
export interface Check {
  readonly compatible: boolean
  /** why not, in the registry's words; may be empty, old registries give none */
  readonly messages: readonly string[]
}

export const registryModes = ['READWRITE', 'READONLY', 'READONLY_OVERRIDE', 'IMPORT'] as const
export type RegistryMode = (typeof registryModes)[number]

/**
 * A registry. What is not there is `undefined`, never an error; every call throws EvplatErrors with the codes
 * `registry-unreachable`, `registry-unauthorised`, `registry-not-a-registry`, `registry-refused`.
 */
export interface RegistryClient {
  /** without user and password */
  readonly url: string
  /** Names in the order of the registry; `deleted` adds the softly deleted ones. */
  subjects(options?: { readonly prefix?: string; readonly deleted?: boolean }): Promise<string[]>
  /** The newest version of every subject: one request per 1,000, or one per subject where the registry has no list. */
  latestVersions(options?: { readonly prefix?: string }): Promise<SchemaVersion[]>
  /** Version numbers of a subject, oldest first. */
  versions(subject: string): Promise<number[] | undefined>
  version(subject: string, version: number | 'latest'): Promise<SchemaVersion | undefined>
  /** Kept once read; calls at the same time share one request. */
  schema(id: number): Promise<SchemaById | undefined>
  /** The version of a subject that holds the schema. */
  lookup(subject: string, schema: SchemaText): Promise<SchemaVersion | undefined>
  /** The id of the schema, which becomes the subject's newest version unless it is there already. */
  register(subject: string, schema: SchemaText): Promise<number>
  /**
   * The registry's own check by the level of the subject. A subject without versions goes with everything; undefined for a
   * version that there is not. A number compares with that version only; `all` with those that the level names.
   */
  check(subject: string, schema: SchemaText, versions: 'latest' | 'all' | number): Promise<Check | undefined>
  /** The level that a subject has of its own. */
  level(subject: string): Promise<CompatibilityLevel | undefined>
  /** The level of all subjects without one of their own. */
  globalLevel(): Promise<CompatibilityLevel>
  /** Sets the level of a subject, or with undefined the global one. */
  setLevel(subject: string | undefined, level: CompatibilityLevel): Promise<void>
  /** The mode that holds for a subject, or for the whole registry. */
  mode(subject?: string): Promise<RegistryMode>
  /** The deleted version numbers; undefined when nothing (more) was there to delete. Permanent needs a soft delete before. */
  deleteSubject(subject: string, how: 'soft' | 'permanent'): Promise<number[] | undefined>
  /** The number of the deleted version; undefined when it was not there. Permanent needs a soft delete before. */
  deleteVersion(subject: string, version: number, how: 'soft' | 'permanent'): Promise<number | undefined>
  /** Ids of the schemas that refer to a version. */
  referencedBy(subject: string, version: number): Promise<number[]>
  /** Ends idle connections. */
  close(): void
}
