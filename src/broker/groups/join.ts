// JoinGroup: a member comes for the first time, comes again, or takes the place of its former self.
import { joinError } from './answers.ts'
import { dropMember, forgetPending, type Group, memberOf, renameMember } from './group.ts'
import { createGroup, type Machine, storeGroup } from './machine.ts'
import { type Member, newMember, saysTheSame, termsOf } from './member.ts'
import type { Parked } from './parked.ts'
import { chooseProtocol, fits } from './protocol-choice.ts'
import { admitMember, completeIfAllJoined, expectMember, joinAnswer, prepareRebalance, touch } from './rebalance.ts'
import type { JoinAnswer, JoinRequest } from './requests.ts'

interface Joining {
  readonly request: JoinRequest
  readonly parked: Parked<JoinAnswer>
}

/** Answers at once, or parks the request until the next generation begins: at the latest at the rebalance time-out. */
export function join(machine: Machine, request: JoinRequest, parked: Parked<JoinAnswer>): void {
  const { groupId, memberId, sessionTimeoutMs } = request
  if (groupId === '') return parked.answer(joinError('INVALID_GROUP_ID', memberId))
  const { 'group.min.session.timeout.ms': least, 'group.max.session.timeout.ms': most } = machine.config
  if (sessionTimeoutMs < least || sessionTimeoutMs > most)
    return parked.answer(joinError('INVALID_SESSION_TIMEOUT', memberId))
  const group = machine.groups.get(groupId) ?? (memberId === '' ? createGroup(machine, groupId) : undefined)
  if (!group) return parked.answer(joinError('UNKNOWN_MEMBER_ID', memberId))
  if (!hasRoom(machine, group, memberId)) refuseForSize(group, { request, parked })
  else if (memberId === '') joinWithoutId(machine, group, { request, parked })
  else joinWithId(machine, group, { request, parked })
  completeIfAllJoined(machine, group)
}

/** While a group rebalances, those who have come count, so that the last to come again go; else those who are in it. */
function hasRoom({ config }: Machine, group: Group, memberId: string): boolean {
  const most = config['group.max.size']
  const member = group.members.get(memberId)
  if (group.state === 'Empty') return true
  if (group.state !== 'PreparingRebalance') return member !== undefined || group.members.size < most
  const come = [...group.members.values()].filter(({ joining }) => joining)
  return member?.joining !== undefined || come.length < most
}

function refuseForSize(group: Group, { request, parked }: Joining): void {
  const member = group.members.get(request.memberId)
  if (member) dropMember(group, member)
  forgetPending(group, request.memberId)
  parked.answer(joinError('GROUP_MAX_SIZE_REACHED', ''))
}

function joinWithoutId(machine: Machine, group: Group, joining: Joining): void {
  const { request, parked } = joining
  if (!fits(group, request)) return parked.answer(joinError('INCONSISTENT_GROUP_PROTOCOL', ''))
  const { instanceId, clientId, protocolType } = request
  const memberId = `${instanceId ?? clientId}-${machine.newId()}`
  const former = instanceId === null ? undefined : group.instances.get(instanceId)
  if (former !== undefined) return replaceMember(machine, group.members.get(former)!, { group, memberId, ...joining })
  if (instanceId === null && request.needsKnownId) {
    expectMember(machine, group, memberId, request.sessionTimeoutMs)
    return parked.answer(joinError('MEMBER_ID_REQUIRED', memberId))
  }
  admitMember(machine, group, newMember(memberId, request, parked), protocolType)
}

function joinWithId(machine: Machine, group: Group, { request, parked }: Joining): void {
  const { memberId, protocolType, protocols } = request
  if (!fits(group, request)) return parked.answer(joinError('INCONSISTENT_GROUP_PROTOCOL', memberId))
  if (group.pending.has(memberId)) {
    // an id is given out to dynamic members alone
    if (request.instanceId !== null) return parked.answer(joinError('UNKNOWN_SERVER_ERROR', ''))
    return admitMember(machine, group, newMember(memberId, request, parked), protocolType)
  }
  const member = memberOf(group, request)
  if (typeof member === 'string') return parked.answer(joinError(member, memberId))
  const isLeader = group.leaderId === memberId
  const standsStill =
    saysTheSame(member, protocols) && (group.state === 'CompletingRebalance' || (group.state === 'Stable' && !isLeader))
  // it may have missed its answer; a leader that joins a stable group wants another assignment
  if (standsStill) return parked.answer(joinAnswer(group, member))
  rejoin(member, { request, parked })
  prepareRebalance(machine, group)
}

/** Takes what the member says now. A request of it that waits already is outdated, and its sender is told to ask again. */
function rejoin(member: Member, { request, parked }: Joining): void {
  const outdated = member.joining
  member.terms = termsOf(request)
  member.joining = parked
  outdated?.answer(joinError('REBALANCE_IN_PROGRESS', member.id))
}

interface Replacing extends Joining {
  readonly group: Group
  readonly memberId: string
}

/** A static member came back without its id: it gets a new one, and in a stable group its old assignment (KIP-345). */
function replaceMember(machine: Machine, member: Member, replacing: Replacing): void {
  const { group, memberId } = replacing
  const { leaderId: formerLeader, state } = group
  const formerId = member.id
  const formerTerms = member.terms
  renameMember(group, member, memberId)
  rejoin(member, replacing)
  touch(machine, group, member)
  if (state !== 'Stable') return state === 'CompletingRebalance' ? prepareRebalance(machine, group) : undefined
  if (chooseProtocol(group) !== group.protocolName) return prepareRebalance(machine, group)
  const assignments = new Map([...group.members.values()].map(({ id, assignment }) => [id, assignment]))
  const assignmentOf = (id: string): Buffer => assignments.get(id)!
  storeGroup(machine, group, assignmentOf, (isDurable) => {
    // a rebalance that began in between answers it
    if (group.state !== 'Stable' || member.joining !== replacing.parked) return
    member.joining = undefined
    if (isDurable) return replacing.parked.answer(standingAnswer(group, member, { ...replacing, formerLeader }))
    renameMember(group, member, formerId)
    member.terms = formerTerms
    touch(machine, group, member)
    replacing.parked.answer({ ...standingAnswer(group, member, { ...replacing, formerLeader }), ...notStored })
  })
}

const notStored = { error: 'NOT_COORDINATOR', memberId: '', members: [], skipAssignment: false } as const

/**
 * The assignment stands. A leader that understands this is told so (KIP-814); an older one is told that its former self leads, so
 * that it makes no assignment that nobody would get.
 */
function standingAnswer(
  group: Group,
  member: Member,
  { request, formerLeader }: Replacing & { readonly formerLeader: string | null },
): JoinAnswer {
  const answer = joinAnswer(group, member)
  if (request.canSkipAssignment) return { ...answer, skipAssignment: group.leaderId === member.id }
  return { ...answer, leaderId: formerLeader ?? '', members: [] }
}
