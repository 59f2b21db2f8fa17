// What tools ask: which groups there are, who is in them, and to delete them or their offsets.
import type { ErrorName } from '../../protocol/error-table.ts'
import type { Group } from './group.ts'
import type { Machine } from './machine.ts'
import { metadataOf, noBytes } from './member.ts'
import type { DescribedGroup, ListedGroup, OffsetDeleteAnswer, PartitionName } from './requests.ts'
import { consumerType } from './subscription.ts'
import { removeOffsets } from './upkeep.ts'

/** All groups, or those in one of the states and of one of the types; empty lists filter nothing, upper case does not matter. */
export function list(
  { groups }: Machine,
  states: readonly string[] = [],
  types: readonly string[] = [],
): readonly ListedGroup[] {
  const has = (names: readonly string[], name: string): boolean =>
    names.length === 0 || names.some((each) => each.toLowerCase() === name.toLowerCase())
  return [...groups.values()]
    .filter(({ state }) => has(states, state) && has(types, 'classic'))
    .map(({ id, protocolType, state }) => ({
      groupId: id,
      protocolType: protocolType ?? '',
      state,
      type: 'classic' as const,
    }))
}

/** A group that is not there is described as dead. What members said and got is told of stable groups alone. */
export function describe({ groups }: Machine, groupId: string): DescribedGroup {
  const group = groups.get(groupId)
  if (!group) return { groupId, state: 'Dead', protocolType: '', protocolName: '', members: [] }
  const isStable = group.state === 'Stable'
  const members = [...group.members.values()].map((member) => ({
    memberId: member.id,
    instanceId: member.instanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    metadata: isStable ? metadataOf(member, group.protocolName) : noBytes,
    assignment: isStable ? member.assignment : noBytes,
  }))
  const protocolName = (isStable ? group.protocolName : '') ?? ''
  return { groupId, state: group.state, protocolType: group.protocolType ?? '', protocolName, members }
}

/** Deletes an empty group with its offsets. */
export function deleteGroup(machine: Machine, groupId: string): ErrorName {
  const group = machine.groups.get(groupId)
  if (!group) return 'GROUP_ID_NOT_FOUND'
  if (group.state !== 'Empty') return 'NON_EMPTY_GROUP'
  removeOffsets(machine, group, group.offsets.names())
  return 'NONE'
}

/** Deletes offsets that no member of a running consumer group uses. */
export function deleteOffsets(
  machine: Machine,
  groupId: string,
  partitions: readonly PartitionName[],
): OffsetDeleteAnswer {
  if (groupId === '') return { error: 'INVALID_GROUP_ID', errors: [] }
  const group = machine.groups.get(groupId)
  if (!group) return { error: 'GROUP_ID_NOT_FOUND', errors: [] }
  if (group.state !== 'Empty' && group.protocolType !== consumerType) return { error: 'NON_EMPTY_GROUP', errors: [] }
  const errors = partitions.map(({ topic }): ErrorName => (isUsed(group, topic) ? 'GROUP_SUBSCRIBED_TO_TOPIC' : 'NONE'))
  const unused = partitions.filter((_, i) => errors[i] === 'NONE')
  if (unused.length > 0) removeOffsets(machine, group, unused)
  return { error: 'NONE', errors }
}

/** Where the subscriptions can't be read, every topic counts as used. */
function isUsed({ state, subscribed }: Group, topic: string): boolean {
  return state !== 'Empty' && (subscribed?.has(topic) ?? true)
}

/** Forgets what all groups committed for a topic that is gone. */
export function topicDeleted(machine: Machine, topic: string): void {
  for (const group of machine.groups.values()) {
    const names = group.offsets.names().filter((name) => name.topic === topic)
    removeOffsets(machine, group, names)
  }
}
