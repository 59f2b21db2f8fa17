// What members and tools ask of the coordinator, and its answers: the fields of the protocol without its versions.
import type { ErrorName } from '../../protocol/error-table.ts'

/** One of the assignment protocols that a member can follow, with what it has to say to the leader. */
export interface Protocol {
  readonly name: string
  readonly metadata: Buffer
}

/** Who speaks: '' is a member without an id; a static member names its instance too (KIP-345). */
export interface Speaker {
  readonly groupId: string
  readonly memberId: string
  readonly instanceId: string | null
}

export interface JoinRequest extends Speaker {
  readonly clientId: string
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly protocolType: string
  /** in the order of preference; names are unique */
  readonly protocols: readonly Protocol[]
  /** a dynamic member without an id is given one and has to come again with it (KIP-394) */
  readonly needsKnownId: boolean
  /** the member understands that it leads a group whose assignment stands (KIP-814) */
  readonly canSkipAssignment: boolean
}

export interface JoinedMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly metadata: Buffer
}

export interface JoinAnswer {
  readonly error: ErrorName
  /** -1 with an error */
  readonly generation: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly leaderId: string
  readonly skipAssignment: boolean
  readonly memberId: string
  /** for the leader alone: everybody, with their metadata of the chosen protocol */
  readonly members: readonly JoinedMember[]
}

export interface SyncRequest extends Speaker {
  readonly generation: number
  /** null where the version has no such field */
  readonly protocolType: string | null
  readonly protocolName: string | null
  /** the leader's; others send none */
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[]
}

export interface SyncAnswer {
  readonly error: ErrorName
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly assignment: Buffer
}

export interface HeartbeatRequest extends Speaker {
  readonly generation: number
}

export interface LeaveRequest {
  readonly groupId: string
  readonly members: readonly Omit<Speaker, 'groupId'>[]
}

/** Members in the order of the request, each with what became of it. */
export interface LeaveAnswer {
  readonly error: ErrorName
  readonly members: readonly (Omit<Speaker, 'groupId'> & { readonly error: ErrorName })[]
}

export interface PartitionName {
  readonly topic: string
  readonly partition: number
}

/** Offsets that clients commit are theirs: any 64-bit number is kept as it came, none is calculated with. */
export interface OffsetToCommit extends PartitionName {
  readonly offset: bigint
  /** -1 when the client does not tell */
  readonly leaderEpoch: number
  readonly metadata: string | null
  /** ms since 1970, where a client sets it (version 1) */
  readonly commitTime: number | undefined
}

export interface CommitRequest extends Speaker {
  /** -1 from tools and from consumers that assign their partitions themselves */
  readonly generation: number
  /** how long the offsets are kept, in ms, where a client sets it (versions 2 to 4) */
  readonly retentionMs: number | undefined
  readonly offsets: readonly OffsetToCommit[]
}

/** What became of each offset, in the order of the request. */
export type CommitAnswer = readonly ErrorName[]

export interface OffsetsRequest {
  readonly groupId: string
  /** undefined: all that the group has */
  readonly partitions: readonly PartitionName[] | undefined
  /** offsets that are being committed are refused instead of answered (KIP-447) */
  readonly requireStable: boolean
}

export interface FetchedOffset extends PartitionName {
  readonly error: ErrorName
  /** -1 when there is none */
  readonly offset: bigint
  readonly leaderEpoch: number
  readonly metadata: string
}

export interface OffsetsAnswer {
  readonly error: ErrorName
  readonly offsets: readonly FetchedOffset[]
}

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

export interface ListedGroup {
  readonly groupId: string
  readonly protocolType: string
  readonly state: GroupState
  readonly type: 'classic'
}

export interface DescribedMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly metadata: Buffer
  readonly assignment: Buffer
}

export interface DescribedGroup {
  readonly groupId: string
  readonly state: GroupState
  readonly protocolType: string
  readonly protocolName: string
  readonly members: readonly DescribedMember[]
}

export interface OffsetDeleteAnswer {
  readonly error: ErrorName
  /** in the order of the request; empty with an error of the whole */
  readonly errors: readonly ErrorName[]
}
