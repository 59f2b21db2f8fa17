// SyncGroup: the leader brings the assignment, and everybody gets their part of it.
import type { ErrorName } from '../../protocol/error-table.ts'
import { syncError } from './answers.ts'
import { type Group, memberOf } from './group.ts'
import { enterState, type Machine, storeGroup } from './machine.ts'
import { type Member, noBytes } from './member.ts'
import type { Parked } from './parked.ts'
import { markSynced, prepareRebalance, refuseSyncs, touch } from './rebalance.ts'
import type { SyncAnswer, SyncRequest } from './requests.ts'

/** Answers at once, or parks the request until the leader's assignment is durable: at the latest at the next rebalance. */
export function sync(machine: Machine, request: SyncRequest, parked: Parked<SyncAnswer>): void {
  if (request.groupId === '') return parked.answer(syncError('INVALID_GROUP_ID'))
  const group = machine.groups.get(request.groupId)
  if (!group) return parked.answer(syncError('UNKNOWN_MEMBER_ID'))
  const member = memberOf(group, request)
  if (typeof member === 'string') return parked.answer(syncError(member))
  const refusal = refusalOf(group, request)
  if (refusal) return parked.answer(syncError(refusal))
  if (group.state === 'Stable') {
    markSynced(group, member)
    touch(machine, group, member)
    return parked.answer(syncAnswer(group, member))
  }
  const outdated = member.syncing
  member.syncing = parked
  outdated?.answer(syncError('REBALANCE_IN_PROGRESS'))
  markSynced(group, member)
  if (group.leaderId === member.id) takeAssignments(machine, group, request)
}

function refusalOf(group: Group, { generation, protocolType, protocolName }: SyncRequest): ErrorName | undefined {
  if (generation !== group.generation) return 'ILLEGAL_GENERATION'
  if (protocolType !== null && protocolType !== group.protocolType) return 'INCONSISTENT_GROUP_PROTOCOL'
  if (protocolName !== null && protocolName !== group.protocolName) return 'INCONSISTENT_GROUP_PROTOCOL'
  return group.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : undefined
}

function syncAnswer({ protocolType, protocolName }: Group, { assignment }: Member): SyncAnswer {
  return { error: 'NONE', protocolType, protocolName, assignment }
}

/** Writes the assignment and hands it out when it is durable. Whom the leader left out gets an empty one. */
function takeAssignments(machine: Machine, group: Group, { generation, assignments }: SyncRequest): void {
  // the first one is on its way to the journal: a second would be there after a restart though nobody was given it
  if (group.assigned === generation) return
  group.assigned = generation
  const parts = new Map(assignments.map(({ memberId, assignment }) => [memberId, assignment]))
  const partOf = (id: string): Buffer => parts.get(id) ?? noBytes
  storeGroup(machine, group, partOf, (isDurable) => {
    if (group.state !== 'CompletingRebalance' || group.generation !== generation) return
    if (isDurable) return settle(machine, group, partOf)
    refuseSyncs(machine, group, 'NOT_COORDINATOR')
    prepareRebalance(machine, group)
  })
}

function settle(machine: Machine, group: Group, partOf: (memberId: string) => Buffer): void {
  enterState(machine, group, 'Stable')
  const waiting = [...group.members.values()].filter(({ syncing }) => syncing)
  for (const member of group.members.values()) member.assignment = partOf(member.id)
  for (const member of waiting) {
    const { syncing } = member
    member.syncing = undefined
    touch(machine, group, member)
    syncing?.answer(syncAnswer(group, member))
  }
}
