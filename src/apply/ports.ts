// What apply needs of the world: a cluster and a registry, in the plan's own words. commands/ puts the real ones behind these.
import type { Level } from '../plan/judge-schema.ts'
import type { ActualTopic, RegisteredReference } from '../plan/actual.ts'

/** What became of one item of a request; `message` in the words of the server. */
export interface ItemOutcome {
  readonly name: string
  readonly error?: { readonly code: 'broker-refused' | 'not-authorised'; readonly message: string }
}

export interface NewTopic {
  readonly name: string
  readonly partitions: number
  readonly replication: number
  readonly configs: readonly (readonly [key: string, value: string])[]
}

export interface ClusterPort {
  /** the topics of these names that exist, and the id of the cluster */
  readTopics(names: readonly string[]): Promise<{ clusterId: string | null; topics: ReadonlyMap<string, ActualTopic> }>
  createTopics(topics: readonly NewTopic[], validateOnly: boolean): Promise<readonly ItemOutcome[]>
  createPartitions(
    topics: readonly { name: string; count: number }[],
    validateOnly: boolean,
  ): Promise<readonly ItemOutcome[]>
  /** sets the given keys and touches no other */
  alterConfigs(
    topics: readonly { name: string; set: readonly (readonly [string, string])[] }[],
    validateOnly: boolean,
  ): Promise<readonly ItemOutcome[]>
  /** waits until new topics can be used; returns the names of those that still can't */
  awaitTopics(names: readonly string[]): Promise<readonly string[]>
}

/** A schema on its way to the registry. */
export interface SchemaText {
  readonly text: string
  readonly references: readonly RegisteredReference[]
}

export interface RegisteredVersion extends SchemaText {
  readonly version: number
}

export interface RegistryPort {
  /** version numbers, ascending; empty for an unknown subject */
  versions(subject: string): Promise<readonly number[]>
  version(subject: string, version: number): Promise<RegisteredVersion | undefined>
  /** the version of the subject that is this very schema */
  lookup(subject: string, schema: SchemaText): Promise<number | undefined>
  /** the level set on the subject itself */
  level(subject: string): Promise<Level | undefined>
  globalLevel(): Promise<Level>
  isReadOnly(subject: string): Promise<boolean>
  /** the registry's own check under the subject's present level, against every version that it names */
  check(
    subject: string,
    schema: SchemaText,
  ): Promise<{ readonly compatible: boolean; readonly messages: readonly string[] }>
  setLevel(subject: string, level: Level): Promise<void>
  /** returns the version */
  register(subject: string, schema: SchemaText): Promise<number>
}

export interface Ports {
  readonly cluster: ClusterPort
  /** absent when the platform declares no schemas */
  readonly registry?: RegistryPort
}
