// Consumer groups: which there are, who is in them, how far they are.
import { EvplatError } from '../../core/errors.ts'
import { groupBy } from '../../core/group-by.ts'
import { readAssignment } from '../../protocol/consumer-protocol.ts'
import { errorName } from '../../protocol/error-table.ts'
import { consumerGroupDescribe } from '../../protocol/messages/consumer-group-describe.ts'
import { describeGroups } from '../../protocol/messages/describe-groups.ts'
import { listGroups as listGroupsApi } from '../../protocol/messages/list-groups.ts'
import type { Cluster } from '../cluster.ts'
import { listOffsets } from '../read/list-offsets.ts'
import { passing, throughTakeover } from '../takeover.ts'
import { askCoordinator, type Committed, committedOffsets, groupError, type TopicPartition } from './coordinator.ts'

export interface GroupListing {
  readonly name: string
  /** Stable, Empty, PreparingRebalance, ...; empty where the broker does not tell */
  readonly state: string
  /** classic or consumer (KIP-848); empty where the broker does not tell */
  readonly type: string
}

export interface GroupMember {
  readonly id: string
  readonly client: string
  readonly host: string
  readonly partitions: readonly TopicPartition[]
}

export interface GroupOffset extends TopicPartition {
  readonly committed: number
  readonly end: number
  /** records that the group has not yet read; -1 where the topic is gone */
  readonly lag: number
}

export interface GroupDescription extends GroupListing {
  readonly members: readonly GroupMember[]
  readonly offsets: readonly GroupOffset[]
}

/** All consumer groups that the user may see, by name. */
export async function listGroups(cluster: Cluster): Promise<GroupListing[]> {
  const { brokers } = await cluster.describe()
  const ask = (id: number) =>
    throughTakeover(cluster, async () => {
      const answer = await cluster.send(listGroupsApi, {}, id)
      if (answer.errorCode !== 0 && errorName(answer.errorCode) !== 'COORDINATOR_NOT_AVAILABLE')
        throw passing(answer.errorCode, groupError('*', answer.errorCode))
      return answer
    })
  return (await Promise.all([...brokers.keys()].map(ask)))
    .flatMap((answer) => {
      return answer.groups.filter((group) => group.protocolType === 'consumer' || group.protocolType === '')
    })
    .map((group) => ({ name: group.groupId, state: group.groupState, type: group.groupType.toLowerCase() }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

type Head = Omit<GroupDescription, 'offsets'>

const errorOfFirst = ({ groups }: { readonly groups: readonly { readonly errorCode: number }[] }): number =>
  groups[0]?.errorCode ?? 0

async function describeClassic(cluster: Cluster, name: string): Promise<Head | undefined> {
  const ask = (coordinator: number) => cluster.send(describeGroups, { groups: [name] }, coordinator)
  const group = (await askCoordinator(cluster, name, ask, errorOfFirst)).groups[0]
  if (!group || errorName(group.errorCode) === 'GROUP_ID_NOT_FOUND') return undefined
  if (group.errorCode !== 0) throw groupError(name, group.errorCode)
  if (group.groupState === 'Dead') return undefined
  const members = group.members.map((member) => ({
    id: member.memberId,
    client: member.clientId,
    host: member.clientHost,
    partitions: [...readAssignment(member.memberAssignment)].flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    ),
  }))
  return { name, state: group.groupState, type: 'classic', members }
}

/** A group of the newer protocol (KIP-848); undefined where there is none or the broker does not speak it. */
async function describeConsumer(cluster: Cluster, name: string): Promise<Head | undefined> {
  const request = { groupIds: [name], includeAuthorizedOperations: false }
  const ask = (coordinator: number) => cluster.send(consumerGroupDescribe, request, coordinator)
  let answer
  try {
    answer = await askCoordinator(cluster, name, ask, errorOfFirst)
  } catch (thrown) {
    if (thrown instanceof EvplatError && thrown.code === 'broker-too-old') return undefined
    throw thrown
  }
  const group = answer.groups[0]
  if (!group || group.errorCode !== 0) return undefined
  const members = group.members.map((member) => ({
    id: member.memberId,
    client: member.clientId,
    host: member.clientHost,
    partitions: member.assignment.topicPartitions.flatMap(({ topicName, partitions }) =>
      partitions.map((partition) => ({ topic: topicName, partition })),
    ),
  }))
  return { name, state: group.groupState, type: 'consumer', members }
}

async function withLag(cluster: Cluster, committed: readonly Committed[]): Promise<GroupOffset[]> {
  const ends = await Promise.all(
    [...groupBy(committed, (offset) => offset.topic)].map(async ([topic, offsets]) => {
      const partitions = offsets.map((offset) => offset.partition)
      const found = await listOffsets(cluster, { topic, partitions, at: 'end', readCommitted: false }).catch(
        (thrown: unknown) => {
          if (thrown instanceof EvplatError && thrown.code === 'topic-missing') return new Map<number, number>()
          throw thrown
        },
      )
      return [topic, found] as const
    }),
  )
  const byTopic = new Map(ends)
  return committed.map((offset) => {
    const end = byTopic.get(offset.topic)?.get(offset.partition) ?? -1
    return { ...offset, end, lag: end < 0 ? -1 : Math.max(0, end - offset.committed) }
  })
}

/** One group with its members, committed offsets and lag. Throws `group-missing`, `not-authorised`. */
export async function describeGroup(cluster: Cluster, name: string): Promise<GroupDescription> {
  const head = (await describeConsumer(cluster, name)) ?? (await describeClassic(cluster, name))
  if (!head) throw new EvplatError('group-missing', `there is no group "${name}"`, { hint: 'see `evplat groups list`' })
  return { ...head, offsets: await withLag(cluster, await committedOffsets(cluster, name)) }
}
