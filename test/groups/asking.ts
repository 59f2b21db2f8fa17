// Short ways to ask what members ask, for scenarios.
import type { RequestOf, ResponseOf } from '../../src/protocol/api.ts'
import { describeGroups } from '../../src/protocol/messages/describe-groups.ts'
import { heartbeat } from '../../src/protocol/messages/heartbeat.ts'
import { joinGroup } from '../../src/protocol/messages/join-group.ts'
import { leaveGroup } from '../../src/protocol/messages/leave-group.ts'
import { listGroups } from '../../src/protocol/messages/list-groups.ts'
import { offsetCommit } from '../../src/protocol/messages/offset-commit.ts'
import { offsetFetch } from '../../src/protocol/messages/offset-fetch.ts'
import { syncGroup } from '../../src/protocol/messages/sync-group.ts'
import { subscription } from '../support/group-world.ts'
import type { Client, Sent, Stage } from './stage.ts'

type JoinBody = Partial<RequestOf<typeof joinGroup>>
type SyncBody = Partial<RequestOf<typeof syncGroup>>

export const protocol = (name: string, ...topics: string[]) => ({ name, metadata: subscription(...topics) })

const consumer = {
  memberId: '',
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 5_000,
  protocolType: 'consumer',
  protocols: [protocol('range', 't')],
}

/** A member as an answer told it. */
export interface Member {
  readonly groupId: string
  readonly memberId: string
  readonly generationId: number
}

export const memberIn = (groupId: string, { memberId, generationId }: ResponseOf<typeof joinGroup>): Member => ({
  groupId,
  memberId,
  generationId,
})

export const join = (client: Client, version: number, groupId: string, more: JoinBody = {}) =>
  client.ask(joinGroup, version, { groupId, ...consumer, ...more })

export const sendJoin = (client: Client, version: number, groupId: string, more: JoinBody = {}) =>
  client.send(joinGroup, version, { groupId, ...consumer, ...more })

export const sync = (client: Client, version: number, member: Member, more: SyncBody = {}) =>
  client.ask(syncGroup, version, { ...member, assignments: [], ...more })

export const sendSync = (client: Client, version: number, member: Member, more: SyncBody = {}) =>
  client.send(syncGroup, version, { ...member, assignments: [], ...more })

export const beat = (client: Client, version: number, member: Member, more: { groupInstanceId?: string } = {}) =>
  client.ask(heartbeat, version, { ...member, ...more })

/** One member leaves, in the versions that know of one alone. */
export const leave = (client: Client, version: number, { groupId, memberId }: Member) =>
  client.ask(leaveGroup, version, { groupId, memberId })

export const leaveMany = (
  client: Client,
  version: number,
  groupId: string,
  members: { readonly memberId: string; readonly groupInstanceId?: string }[],
) => client.ask(leaveGroup, version, { groupId, memberId: '', members })

export const describe = (client: Client, version: number, ...groups: string[]) =>
  client.ask(describeGroups, version, { groups })

/** Lists groups; those whose names begin otherwise are other scenarios'. */
export const list = (
  client: Client,
  version: number,
  own: string,
  filters: { readonly statesFilter?: string[]; readonly typesFilter?: string[] } = {},
) =>
  client.ask(listGroups, version, filters, (answer) => ({
    ...answer,
    groups: answer.groups.filter(({ groupId }) => groupId.startsWith(own)),
  }))

/** An offset for a partition of topic t. */
export const offsetAt = (partitionIndex: number, committedOffset: number, committedMetadata: string | null = '') => ({
  partitionIndex,
  committedOffset: BigInt(committedOffset),
  committedMetadata,
})

type CommitBody = Partial<RequestOf<typeof offsetCommit>>

export const commit = (client: Client, version: number, groupId: string, more: CommitBody = {}) =>
  client.ask(offsetCommit, version, { groupId, topics: [{ name: 't', partitions: [offsetAt(0, 7)] }], ...more })

/** A commit of a member. */
export const commitAs = (client: Client, version: number, member: Member, more: CommitBody = {}) => {
  const { groupId, memberId, generationId } = member
  return commit(client, version, groupId, { memberId, generationIdOrMemberEpoch: generationId, ...more })
}

export const fetched = (
  client: Client,
  version: number,
  groupId: string,
  partitionIndexes: readonly number[] = [0],
) => {
  const topics = [{ name: 't', partitionIndexes }]
  return client.ask(offsetFetch, version, version >= 8 ? { groups: [{ groupId, topics }] } : { groupId, topics })
}

/** Brings clients into one stable group, the first as its leader; each gets its own name as its assignment. */
export async function stable(
  clients: readonly Client[],
  groupId: string,
  more: readonly JoinBody[] = [],
): Promise<Member[]> {
  let members: Member[] = []
  for (const [at, client] of clients.entries()) {
    const newcomer = await sendJoin(client, 5, groupId, await withId(client, groupId, more[at]))
    const others: Sent<typeof joinGroup>[] = []
    for (const [i, { memberId }] of members.entries())
      others.push(await sendJoin(clients[i]!, 5, groupId, { ...more[i], memberId }))
    members = []
    for (const sent of [...others, newcomer]) members.push(memberIn(groupId, await sent.answer()))
  }
  const assignments = members.map(({ memberId }, i) => ({ memberId, assignment: Buffer.from(clients[i]!.name) }))
  for (const [at, member] of members.entries()) {
    const groupInstanceId = more[at]?.groupInstanceId ?? null
    await sync(clients[at]!, 3, member, { groupInstanceId, assignments: at === 0 ? assignments : [] })
  }
  return members
}

/** A static member needs no id; a dynamic one is given one first. */
async function withId(client: Client, groupId: string, more: JoinBody = {}): Promise<JoinBody> {
  if (typeof more.groupInstanceId === 'string') return more
  const { memberId } = await join(client, 5, groupId, more)
  return { ...more, memberId }
}

export async function clients(stage: Stage, ...names: string[]): Promise<Client[]> {
  return Promise.all(names.map((name) => stage.client(name)))
}
