// What is there: topics and subjects of the platform as the cluster and the registry have them.
import type { CompatibilityLevel } from '../avro/compatibility-level.ts'

export interface ActualConfig {
  /** null when the broker keeps it secret */
  readonly value: string | null
  /** only `topic` means that it is set on the topic itself */
  readonly source: 'topic' | 'broker' | 'cluster' | 'static' | 'default' | 'unknown'
  readonly isReadOnly: boolean
}

export interface ActualTopic {
  readonly name: string
  /** for each partition the number of its replicas */
  readonly replicaCounts: readonly number[]
  /** replicas are being moved right now, so their number says nothing */
  readonly isReassigning: boolean
  readonly configs: ReadonlyMap<string, ActualConfig>
}

export interface RegisteredReference {
  readonly name: string
  readonly subject: string
  readonly version: number
}

export interface ActualSubject {
  readonly name: string
  readonly latest: {
    readonly version: number
    readonly text: string
    readonly references: readonly RegisteredReference[]
  }
  /** the version that is the declared schema with its declared references, where there is one */
  readonly matchingVersion?: number
  /** the level that is set on the subject itself */
  readonly ownLevel?: CompatibilityLevel
}

export interface Actual {
  readonly clusterId: string | null
  readonly topics: ReadonlyMap<string, ActualTopic>
  readonly subjects: ReadonlyMap<string, ActualSubject>
  /** levels that are set on subjects, also on those that have no version yet; only of subjects that declare a level */
  readonly levels: ReadonlyMap<string, CompatibilityLevel>
  readonly globalLevel: CompatibilityLevel
}
