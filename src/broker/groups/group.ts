// What the coordinator knows of one group, and how its members come and go. Nothing here sets a timer or answers a waiting request
// but with the end of a membership.
import type { ErrorName } from '../../protocol/error-table.ts'
import type { Timer } from '../clock.ts'
import { joinError, syncError } from './answers.ts'
import type { Member } from './member.ts'
import { Offsets } from './offsets.ts'
import type { GroupState, Speaker } from './requests.ts'

export interface Group {
  readonly id: string
  state: GroupState
  /** when the state was entered, ms since 1970 */
  stateSince: number
  /** null until the first member came */
  protocolType: string | null
  protocolName: string | null
  generation: number
  leaderId: string | null
  readonly members: Map<string, Member>
  /** static members: instance id -> member id */
  readonly instances: Map<string, string>
  /** ids that were given out and not used yet, with the timers that forget them (KIP-394) */
  readonly pending: Map<string, Timer>
  /** members of this generation that have not asked for their assignment yet */
  readonly unsynced: Set<string>
  /** the last generation whose assignment was written: it is never written twice */
  assigned: number
  subscribed: ReadonlySet<string> | undefined
  /** The group waits a fixed time for its first members, whoever has come already. */
  isGathering: boolean
  /** somebody came while the group was gathering */
  hasGrown: boolean
  joinDeadline: Timer | undefined
  syncDeadline: Timer | undefined
  readonly offsets: Offsets
}

export function newGroup(id: string, now: number): Group {
  return {
    id,
    state: 'Empty',
    stateSince: now,
    protocolType: null,
    protocolName: null,
    generation: 0,
    leaderId: null,
    members: new Map(),
    instances: new Map(),
    pending: new Map(),
    unsynced: new Set(),
    assigned: 0,
    subscribed: undefined,
    isGathering: false,
    hasGrown: false,
    joinDeadline: undefined,
    syncDeadline: undefined,
    offsets: new Offsets(),
  }
}

export function addMember(group: Group, member: Member, protocolType: string): void {
  if (group.members.size === 0) group.protocolType = protocolType
  group.leaderId ??= member.id
  group.members.set(member.id, member)
  if (member.instanceId !== null) group.instances.set(member.instanceId, member.id)
  forgetPending(group, member.id)
}

export function forgetPending(group: Group, memberId: string): void {
  group.pending.get(memberId)?.cancel()
  group.pending.delete(memberId)
}

/** Ends a membership: what the member waits for is answered by UNKNOWN_MEMBER_ID, so that it starts anew. */
export function dropMember(group: Group, member: Member): void {
  member.session?.cancel()
  group.members.delete(member.id)
  group.unsynced.delete(member.id)
  if (member.instanceId !== null) group.instances.delete(member.instanceId)
  if (group.leaderId === member.id) group.leaderId = [...group.members.keys()][0] ?? null
  answerBoth(member, 'UNKNOWN_MEMBER_ID', '')
}

/** Gives a static member another id. Whoever still waits under the old one is fenced. */
export function renameMember(group: Group, member: Member, newId: string): void {
  const oldId = member.id
  group.members.delete(oldId)
  member.id = newId
  group.members.set(newId, member)
  group.instances.set(member.instanceId!, newId)
  if (group.leaderId === oldId) group.leaderId = newId
  if (group.unsynced.delete(oldId)) group.unsynced.add(newId)
  answerBoth(member, 'FENCED_INSTANCE_ID', oldId)
}

function answerBoth(member: Member, error: ErrorName, memberId: string): void {
  const { joining, syncing } = member
  member.joining = undefined
  member.syncing = undefined
  joining?.answer(joinError(error, memberId))
  syncing?.answer(syncError(error))
}

/** The member that speaks, or why it is none: it is not known, or another one took its instance id over. */
export function memberOf(group: Group, { memberId, instanceId }: Omit<Speaker, 'groupId'>): Member | ErrorName {
  if (instanceId !== null) {
    const current = group.instances.get(instanceId)
    if (current === undefined) return 'UNKNOWN_MEMBER_ID'
    if (current !== memberId) return 'FENCED_INSTANCE_ID'
  }
  return group.members.get(memberId) ?? 'UNKNOWN_MEMBER_ID'
}

/** Makes sure that a member that is there leads. False when there are members and none has come to this rebalance. */
export function electLeader(group: Group): boolean {
  const leader = group.leaderId === null ? undefined : group.members.get(group.leaderId)
  if (!leader || leader.joining) return true
  const other = [...group.members.values()].find(({ joining }) => joining)
  if (!other) return false
  group.leaderId = other.id
  return true
}

/** Members have until the most patient of them gives up, in ms. */
export function rebalanceTimeoutOf({ members }: Group): number {
  return Math.max(0, ...[...members.values()].map(({ terms }) => terms.rebalanceTimeoutMs))
}
