// What the clients of a run share.
import type { Random } from '../fuzz/random.ts'
import type { Commits } from './commits.ts'
import type { Ledger } from './ledger.ts'
import type { PartitionHistory } from './partition-history.ts'

export interface Run {
  readonly port: number
  readonly random: Random
  readonly ledger: Ledger
  readonly histories: readonly PartitionHistory[]
  readonly commits: ReadonlyMap<PartitionHistory, Commits>
  readonly report: (problem: string) => void
  readonly count: (what: string, more?: number) => void
  readonly most: (what: string, value: number) => void
  readonly producerIds: Set<bigint>
  /** of each compacted partition the records that are gone */
  readonly compacted: Map<string, number>
  /** nothing new is to be sent any more */
  isOver: boolean
}

export const groupId = 'crash-group'
