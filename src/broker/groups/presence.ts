// Heartbeat and LeaveGroup: members say that they are still there, or that they go.
import type { ErrorName } from '../../protocol/error-table.ts'
import { forgetPending, type Group, memberOf } from './group.ts'
import type { Machine } from './machine.ts'
import { completeIfAllJoined, removeMember, touch } from './rebalance.ts'
import type { HeartbeatRequest, LeaveAnswer, LeaveRequest, Speaker } from './requests.ts'

/** REBALANCE_IN_PROGRESS tells the member to join again. */
export function heartbeat(machine: Machine, request: HeartbeatRequest): ErrorName {
  if (request.groupId === '') return 'INVALID_GROUP_ID'
  const group = machine.groups.get(request.groupId)
  if (!group) return 'UNKNOWN_MEMBER_ID'
  const member = memberOf(group, request)
  if (typeof member === 'string') return member
  if (request.generation !== group.generation) return 'ILLEGAL_GENERATION'
  touch(machine, group, member)
  return group.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
}

/** Members go; a static one goes also by its instance id alone, which is how tools remove it. */
export function leave(machine: Machine, { groupId, members }: LeaveRequest): LeaveAnswer {
  if (groupId === '') return { error: 'INVALID_GROUP_ID', members: [] }
  const group = machine.groups.get(groupId)
  const leaveOne = (who: Omit<Speaker, 'groupId'>): ErrorName =>
    group ? letGo(machine, group, who) : 'UNKNOWN_MEMBER_ID'
  return { error: 'NONE', members: members.map((who) => ({ ...who, error: leaveOne(who) })) }
}

function letGo(machine: Machine, group: Group, { memberId, instanceId }: Omit<Speaker, 'groupId'>): ErrorName {
  if (group.pending.has(memberId)) {
    forgetPending(group, memberId)
    completeIfAllJoined(machine, group)
    return 'NONE'
  }
  const isNamedByInstance = memberId === '' && instanceId !== null
  const id = isNamedByInstance ? (group.instances.get(instanceId) ?? '') : memberId
  const member = memberOf(group, { memberId: id, instanceId })
  if (typeof member === 'string') return member
  removeMember(machine, group, member)
  return 'NONE'
}
