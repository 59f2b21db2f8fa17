// What all operations of the coordinator share.
import type { Clock } from '../clock.ts'
import type { GroupsConfig } from './config.ts'
import type { GroupJournal } from './group-journal.ts'
import { type Group, newGroup } from './group.ts'
import { encodeRecord } from './journal-records.ts'
import type { GroupState } from './requests.ts'

export interface Machine {
  readonly clock: Clock
  readonly config: GroupsConfig
  readonly journal: GroupJournal
  readonly groups: Map<string, Group>
  /** the part of a member's id that makes it unique */
  readonly newId: () => string
}

export function createGroup({ clock, groups }: Machine, id: string): Group {
  const group = newGroup(id, clock.now())
  groups.set(id, group)
  return group
}

export function enterState({ clock }: Machine, group: Group, state: GroupState): void {
  group.state = state
  group.stateSince = clock.now()
}

/** Writes what a group is, with the assignments that its members are to have. */
export function storeGroup(
  { journal }: Machine,
  group: Group,
  assignmentOf: (memberId: string) => Buffer,
  done?: (isDurable: boolean) => void,
): void {
  const { id, protocolType, protocolName, generation, leaderId, stateSince } = group
  const members = [...group.members.values()].map((member) => ({
    memberId: member.id,
    instanceId: member.instanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    ...member.terms,
    assignment: assignmentOf(member.id),
  }))
  const fields = {
    groupId: id,
    protocolType,
    protocolName,
    generation,
    leaderId,
    stateSince: BigInt(stateSince),
    members,
  }
  journal.writeGroup(id, encodeRecord('groupStored', fields), done)
}

/** Ends a group: nothing of it waits, and none of its timers is left. */
export function buryGroup(machine: Machine, group: Group): void {
  enterState(machine, group, 'Dead')
  machine.groups.delete(group.id)
  stopTimers(group)
  machine.journal.removeGroup(group.id)
}

export function stopTimers(group: Group): void {
  group.joinDeadline?.cancel()
  group.syncDeadline?.cancel()
  for (const timer of group.pending.values()) timer.cancel()
  for (const { session } of group.members.values()) session?.cancel()
}
