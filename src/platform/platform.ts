// What one platform.yaml declares for one environment, as every other part sees it: resolved, defaulted, with places.
import type { CompatibilityLevel } from '../avro/compatibility-level.ts'
import type { Schema } from '../avro/schema.ts'
import type { ClusterSettings, RegistrySettings } from '../core/connection-settings.ts'
import type { Place, Severity } from '../core/finding.ts'

/** How the bytes of a key or a value are written. `subject` names the subject whose schema describes them. */
export type Format =
  | { readonly kind: 'string' | 'json' | 'bytes' }
  | { readonly kind: 'avro'; readonly subject: string }

export interface Topic {
  readonly name: string
  readonly at: Place
  /**
   * the place of a field: `partitions`, `replication`, `config.retention.ms`, and those of `owner`, `key`, `value` and `external`
   * that are written; of `topicDefaults` where they say it, of the topic where nothing does
   */
  readonly places: ReadonlyMap<string, Place>
  readonly owner?: string
  readonly partitions: number
  readonly replication: number
  /** Kafka's own strings: `7d` stands here as `604800000` */
  readonly config: ReadonlyMap<string, string>
  readonly key: Format
  readonly value: Format
  /** others produce it */
  readonly external: boolean
  /** set for the retry and dead-letter topics that a service's `failures` ask for */
  readonly madeFor?: { readonly service: string; readonly source: string }
}

/** One declared schema. Subjects come in the order of registration: what is referenced stands before what refers to it. */
export interface Subject {
  readonly name: string
  /** where platform.yaml names it; for a type found in `schemas.dir`, its file */
  readonly at: Place
  /** the schema file, relative to the folder of platform.yaml */
  readonly file: string
  /** the text of the file, as the user wrote it */
  readonly text: string
  readonly schema: Schema
  /** types of other subjects that this schema uses: full name of the type, and the subject that registers it */
  readonly references: readonly { readonly name: string; readonly subject: string }[]
  /** the level that the file asks for; without one the registry's own holds */
  readonly compatibility?: CompatibilityLevel
}

export interface Service {
  readonly name: string
  readonly at: Place
  /** folder of the service, relative to the folder of platform.yaml */
  readonly dir: string
  readonly port?: number
  readonly database?: Database
  readonly group: string
  readonly produces: readonly string[]
  readonly consumes: readonly string[]
  readonly failures?: {
    readonly attempts: number
    readonly retryMs: readonly number[]
    readonly then: 'dlt' | 'skip' | 'stop'
  }
}

interface PolicyBase {
  readonly at: Place
  readonly severity: Severity
}
/** A rule that holds in the chosen environment; rules for other environments are left out. */
export type Policy =
  | (PolicyBase & { readonly rule: 'topic-name'; readonly pattern: RegExp })
  | (PolicyBase & { readonly rule: 'topic-owner' })
  | (PolicyBase & { readonly rule: 'replication'; readonly min: number })
  | (PolicyBase & { readonly rule: 'no-deletes' })

export type Runtime = 'auto' | 'embedded' | 'docker' | 'native'

export type Database = 'postgres' | 'mongodb'

/** A server of the stack beside Kafka and the registry. */
export type StackService = Database | 'kafka-ui'

/** The stack of this machine, every default filled in. */
export interface StackSettings {
  readonly at?: Place
  /** where these are written, as far as they are */
  readonly places?: { readonly runtime?: Place; readonly version?: Place; readonly coordination?: Place }
  readonly runtime: Runtime
  readonly kafka: { readonly version: string; readonly coordination: 'zookeeper' | 'kraft'; readonly brokers: 1 | 3 }
  readonly registry: 'confluent' | 'evplat'
  /** by server, for the docker runtime */
  readonly images: Readonly<Record<string, string>>
  /** a registry that has the usual images: `registry.example:5000/mirror` */
  readonly imagePrefix?: string
  readonly ports: Readonly<Record<'kafka' | 'registry' | StackService, number | 'auto'>>
  readonly services: readonly StackService[]
  /** the services of the platform that have a database of their own there */
  readonly databases: Readonly<Record<Database, readonly string[]>>
}

/** `local` has no settings of its own: the stack says where it is. */
export interface Environment {
  readonly name: string
  readonly cluster?: ClusterSettings
  readonly registry?: RegistrySettings
}

export interface Platform {
  readonly name: string
  /** platform.yaml as people call it: relative to the folder that evplat works in */
  readonly file: string
  /** its folder, absolute */
  readonly folder: string
  readonly environment: Environment
  /** the names of all environments that the file declares, `local` first */
  readonly environments: readonly string[]
  readonly stack: StackSettings
  readonly ownedPrefixes: readonly string[]
  /** declared topics in the order of the file, then those that services need */
  readonly topics: readonly Topic[]
  readonly subjects: readonly Subject[]
  readonly services: readonly Service[]
  readonly policies: readonly Policy[]
}
