// How a group gets from one generation to the next: it collects the joins of its members, then waits for the leader's assignment.
import type { ErrorName } from '../../protocol/error-table.ts'
import { joinError, syncError } from './answers.ts'
import { addMember, dropMember, electLeader, forgetPending, type Group, rebalanceTimeoutOf } from './group.ts'
import { enterState, type Machine, storeGroup } from './machine.ts'
import { isExcused, type Member, metadataOf, noBytes } from './member.ts'
import { chooseProtocol } from './protocol-choice.ts'
import type { JoinAnswer } from './requests.ts'
import { subscribedTopics } from './subscription.ts'

/** A new member can't send heartbeats while its first join waits; whoever is gone by then is not waited for any longer. In ms. */
const longestFirstJoin = 300_000

/** Starts a member's session anew. When it ends, the member is out, unless one of its requests waits here. */
export function touch(machine: Machine, group: Group, member: Member, ms = member.terms.sessionTimeoutMs): void {
  member.session?.cancel()
  member.session = machine.clock.after(ms, () => {
    member.session = undefined
    if (!isExcused(member)) removeMember(machine, group, member)
  })
}

/** Adds a member that waits for its first generation. */
export function admitMember(machine: Machine, group: Group, member: Member, protocolType: string): void {
  if (group.isGathering && group.generation === 0) group.hasGrown = true
  addMember(group, member, protocolType)
  touch(machine, group, member, longestFirstJoin)
  prepareRebalance(machine, group)
}

/** Gives a member id out that has to be used within `ms`. Until then the next generation waits for it (KIP-394). */
export function expectMember(machine: Machine, group: Group, memberId: string, ms: number): void {
  const forget = (): void => {
    forgetPending(group, memberId)
    completeIfAllJoined(machine, group)
  }
  group.pending.set(memberId, machine.clock.after(ms, forget))
}

/** Takes a member out; the others come together anew. */
export function removeMember(machine: Machine, group: Group, member: Member): void {
  dropMember(group, member)
  if (group.state === 'PreparingRebalance') completeIfAllJoined(machine, group)
  else prepareRebalance(machine, group)
}

/** Asks all members to join again, if they are not being asked already. */
export function prepareRebalance(machine: Machine, group: Group): void {
  const { state } = group
  if (state === 'PreparingRebalance' || state === 'Dead') return
  enterState(machine, group, 'PreparingRebalance')
  stopSyncing(group)
  if (state === 'CompletingRebalance') refuseSyncs(machine, group, 'REBALANCE_IN_PROGRESS')
  if (state !== 'Empty') return awaitMembers(machine, group)
  const delay = machine.config['group.initial.rebalance.delay.ms']
  gather(machine, group, delay, Math.max(0, rebalanceTimeoutOf(group) - delay))
}

/** Whoever waits for an assignment of this generation gets an error instead. */
export function refuseSyncs(machine: Machine, group: Group, error: ErrorName): void {
  const waiting = [...group.members.values()].filter(({ syncing }) => syncing)
  for (const member of group.members.values()) member.assignment = noBytes
  for (const member of waiting) {
    const { syncing } = member
    member.syncing = undefined
    touch(machine, group, member)
    syncing?.answer(syncError(error))
  }
}

/** An empty group waits a while for its first members, and longer as long as more come, up to their patience (KIP-134). */
function gather(machine: Machine, group: Group, delay: number, left: number): void {
  group.isGathering = true
  group.hasGrown = false
  const end = (): void => {
    const more = Math.min(machine.config['group.initial.rebalance.delay.ms'], left)
    if (group.hasGrown && more > 0) return gather(machine, group, more, Math.max(0, left - delay))
    group.isGathering = false
    completeJoin(machine, group)
  }
  if (delay <= 0) end()
  else group.joinDeadline = machine.clock.after(delay, end)
}

/** Waits until all that are known have joined, or the most patient of them would give up. */
function awaitMembers(machine: Machine, group: Group): void {
  const completeLate = (): void => completeJoin(machine, group)
  group.joinDeadline = machine.clock.after(Math.max(1, rebalanceTimeoutOf(group)), completeLate)
  completeIfAllJoined(machine, group)
}

/** Begins the next generation when nobody is missing: members, or those who were given an id and have not come with it. */
export function completeIfAllJoined(machine: Machine, group: Group): void {
  if (group.state !== 'PreparingRebalance' || group.isGathering || group.pending.size > 0) return
  if ([...group.members.values()].every(({ joining }) => joining)) completeJoin(machine, group)
}

/** Begins the next generation with those who have joined. Static members are kept until their session ends (KIP-345). */
function completeJoin(machine: Machine, group: Group): void {
  group.joinDeadline?.cancel()
  group.joinDeadline = undefined
  for (const member of group.members.values())
    if (!member.joining && member.instanceId === null) dropMember(group, member)
  if (!electLeader(group)) return awaitMembers(machine, group)
  group.generation += 1
  group.unsynced.clear()
  if (group.members.size === 0) becomeEmpty(machine, group)
  else beginGeneration(machine, group)
}

function becomeEmpty(machine: Machine, group: Group): void {
  group.protocolName = null
  group.subscribed = subscribedTopics(group)
  enterState(machine, group, 'Empty')
  storeGroup(machine, group, () => noBytes)
}

function beginGeneration(machine: Machine, group: Group): void {
  group.protocolName = chooseProtocol(group) ?? null
  group.subscribed = subscribedTopics(group)
  enterState(machine, group, 'CompletingRebalance')
  const answers = [...group.members.values()].map((member) => {
    const { joining } = member
    member.joining = undefined
    member.isNew = false
    touch(machine, group, member)
    group.unsynced.add(member.id)
    return { joining, answer: joinAnswer(group, member) }
  })
  group.syncDeadline = machine.clock.after(Math.max(1, rebalanceTimeoutOf(group)), () => dropUnsynced(machine, group))
  for (const { joining, answer } of answers) joining?.answer(answer)
}

/** What a member of the current generation has to know; the leader also who else is in it, and what they said. */
export function joinAnswer(group: Group, member: Member): JoinAnswer {
  const { generation, protocolType, protocolName, leaderId, members } = group
  const others = leaderId === member.id ? [...members.values()] : []
  return {
    ...joinError('NONE', member.id),
    generation,
    protocolType,
    protocolName,
    leaderId: leaderId ?? '',
    members: others.map((other) => ({
      memberId: other.id,
      instanceId: other.instanceId,
      metadata: metadataOf(other, protocolName),
    })),
  }
}

/** A member has asked for its assignment. */
export function markSynced(group: Group, member: Member): void {
  group.unsynced.delete(member.id)
  if (group.unsynced.size === 0) stopSyncing(group)
}

function stopSyncing(group: Group): void {
  group.unsynced.clear()
  group.syncDeadline?.cancel()
  group.syncDeadline = undefined
}

function dropUnsynced(machine: Machine, group: Group): void {
  for (const id of group.unsynced) dropMember(group, group.members.get(id)!)
  prepareRebalance(machine, group)
}
