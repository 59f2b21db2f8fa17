// What a member of a group is set up with, and what it tells.
import type { TopicPartitions } from '../../protocol/consumer-protocol.ts'

export interface MemberOptions {
  readonly group: string
  readonly topics: readonly string[]
  /** of a member that comes back under its name within its session and goes on with what it had (KIP-345) */
  readonly instanceId?: string
  readonly clientId?: string
  /** how long a member that died keeps its partitions from the others */
  readonly sessionMs?: number
  readonly heartbeatMs?: number
  /** how long the others wait for this member to finish what it has in work */
  readonly rebalanceMs?: number
  /** how often the leader looks whether a topic has got more partitions */
  readonly topicsEveryMs?: number
  /** ends every connection when it aborts */
  readonly signal?: AbortSignal
}

/** What a member is told. It goes on when they return or resolve. */
export interface Duties {
  /** these are read from now on, from where the group has committed */
  readonly assigned: (partitions: TopicPartitions) => void
  /** another one gets these: resolves when nothing of them is in work any more and what was done is committed */
  readonly revoked: (partitions: TopicPartitions) => Promise<void>
  /** another one may have these already: nothing of them can be committed any more */
  readonly lost: (partitions: TopicPartitions) => void
  /** something that passes, or that a member lives with */
  readonly trouble: (message: string) => void
}
