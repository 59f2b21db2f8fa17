// Offsets are committed, fetched, deleted.
import { offsetCommit } from '../../../src/protocol/messages/offset-commit.ts'
import { offsetDelete } from '../../../src/protocol/messages/offset-delete.ts'
import { offsetFetch } from '../../../src/protocol/messages/offset-fetch.ts'
import {
  clients,
  commit,
  commitAs,
  describe,
  fetched,
  join,
  memberIn,
  offsetAt,
  protocol,
  sendJoin,
  stable,
} from '../asking.ts'
import type { Client, Scenario } from '../stage.ts'

const commitOf = (client: Client, version: number, groupId: string, topic: string, ...partitions: number[]) =>
  commit(client, version, groupId, {
    topics: [{ name: topic, partitions: partitions.map((partition) => offsetAt(partition, 7)) }],
  })

const deleteOf = (client: Client, groupId: string, ...topics: [name: string, ...partitions: number[]][]) =>
  client.ask(offsetDelete, 0, {
    groupId,
    topics: topics.map(([name, ...partitions]) => ({
      name,
      partitions: partitions.map((partitionIndex) => ({ partitionIndex })),
    })),
  })

export const offsets: readonly Scenario[] = [
  {
    name: 'commits of a member in each version',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      const [one] = await stable([a!], 'commits')
      for (const version of [1, 2, 4, 5, 6, 7, 8, 9]) {
        const partitions = [offsetAt(0, version, `v${version}`)]
        await commitAs(a!, version, one!, { topics: [{ name: 't', partitions }] })
        await fetched(a!, Math.min(version, 9), 'commits', [0, 1])
      }
    },
  },
  {
    name: 'commits while the group rebalances',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const [one] = await stable([a!], 'moving')
      const second = await sendJoin(b!, 3, 'moving')
      await commitAs(a!, 5, one!)
      const leader = memberIn('moving', await join(a!, 3, 'moving', { memberId: one!.memberId }))
      await second.answer()
      await commitAs(a!, 5, leader)
      await commitAs(a!, 9, leader)
      await commitAs(a!, 5, one!)
      await fetched(a!, 5, 'moving')
    },
  },
  {
    name: 'commits of somebody who is no member',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      for (const version of [1, 2, 5, 9]) await commit(a!, version, `simple-${version}`)
      await commit(a!, 5, 'simple-5', { generationIdOrMemberEpoch: 0 })
      await commit(a!, 5, 'simple-5', { generationIdOrMemberEpoch: 0, memberId: 'stranger' })
      await commit(a!, 5, 'simple-5', { memberId: 'stranger' })
      await commit(a!, 5, 'none', { generationIdOrMemberEpoch: 3 })
      await describe(a!, 5, 'simple-5', 'none')
      const [one] = await stable([a!], 'occupied')
      await commit(a!, 5, 'occupied')
      await commit(a!, 5, 'occupied', { memberId: 'stranger' })
      await commit(a!, 5, 'occupied', { memberId: one!.memberId })
      await commit(a!, 7, 'occupied', { groupInstanceId: 'nobody' })
      await commitAs(a!, 5, { ...one!, generationId: 9 })
      await fetched(a!, 5, 'occupied')
    },
  },
  {
    name: 'commits for what is not there',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      for (const version of [0, 1, 5, 9]) {
        await commitOf(a!, version, 'absent', 'unknown-topic', 0)
        await commitOf(a!, version, 'absent', 't', 0, 99, -1)
      }
      await a!.ask(offsetCommit, 5, { groupId: 'absent', topics: [] })
      await fetched(a!, 5, 'absent', [0, 99, -1])
    },
  },
  {
    name: 'metadata of offsets',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      const partitions = [offsetAt(0, 1, 'x'.repeat(4096)), offsetAt(1, 1, 'x'.repeat(4097))]
      await commit(a!, 5, 'metadata', { topics: [{ name: 't', partitions }] })
      await commit(a!, 5, 'metadata-only', { topics: [{ name: 't', partitions: partitions.slice(1) }] })
      await commit(a!, 5, 'metadata-null', { topics: [{ name: 't', partitions: [offsetAt(0, 1, null)] }] })
      for (const groupId of ['metadata-only', 'metadata-null']) await fetched(a!, 5, groupId, [0, 1])
      await describe(a!, 5, 'metadata-only')
      await commit(a!, 6, 'metadata-null', {
        topics: [{ name: 't', partitions: [{ ...offsetAt(0, -1), committedLeaderEpoch: 5 }] }],
      })
      await fetched(a!, 5, 'metadata-null')
      await fetched(a!, 4, 'metadata-null')
    },
  },
  {
    name: 'the empty group id',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      for (const version of [1, 5, 9]) await commit(a!, version, '')
      for (const version of [1, 5, 9]) await fetched(a!, version, '')
      await describe(a!, 5, '')
      await deleteOf(a!, '', ['t', 0])
    },
  },
  {
    name: 'fetching what was committed',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      await commitOf(a!, 5, 'fetched', 't', 0, 1)
      await commitOf(a!, 5, 'fetched-too', 'u', 0)
      for (const version of [0, 1, 3, 7, 8]) await fetched(a!, version, 'fetched', [1, 2, 0])
      for (const version of [0, 1, 2, 9]) await fetched(a!, version, 'never-heard-of', [0])
      for (const version of [2, 5, 7]) await a!.ask(offsetFetch, version, { groupId: 'fetched', topics: null })
      await a!.ask(offsetFetch, 7, { groupId: 'fetched', topics: null, requireStable: true })
      await a!.ask(offsetFetch, 2, { groupId: 'never-heard-of', topics: null })
      await a!.ask(offsetFetch, 2, { groupId: 'fetched', topics: [{ name: 't', partitionIndexes: [] }] })
      for (const version of [8, 9])
        await a!.ask(offsetFetch, version, {
          groups: [
            { groupId: 'fetched', topics: null },
            { groupId: 'fetched-too', topics: [{ name: 'u', partitionIndexes: [0, 5] }] },
            { groupId: 'never-heard-of', topics: null },
          ],
          requireStable: version === 9,
        })
    },
  },
  {
    name: 'deleting offsets',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      await deleteOf(a!, 'none', ['t', 0])
      const [one] = await stable([a!], 'deleting')
      await commitAs(a!, 5, one!, {
        topics: ['t', 'u'].map((name) => ({ name, partitions: [offsetAt(0, 1)] })),
      })
      await deleteOf(a!, 'deleting', ['t', 0], ['u', 0, 1], ['unknown-topic', 0], ['t', 99])
      await a!.ask(offsetFetch, 5, { groupId: 'deleting', topics: null })
      await deleteOf(a!, 'deleting')
      const [other] = await clients(stage, 'c')
      await stable([other!], 'deleting-connect', [{ protocolType: 'connect' }])
      await deleteOf(a!, 'deleting-connect', ['t', 0])
      await stable([other!], 'deleting-strange', [{ protocols: [{ name: 'range', metadata: Buffer.from('?') }] }])
      await deleteOf(a!, 'deleting-strange', ['t', 0])
    },
  },
  {
    name: 'the last offset of an empty group',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      await commit(a!, 5, 'last')
      await describe(a!, 5, 'last')
      await deleteOf(a!, 'last', ['unknown-topic', 0])
      await describe(a!, 5, 'last')
      await deleteOf(a!, 'last', ['t', 0])
      await describe(a!, 5, 'last')
      await deleteOf(a!, 'last', ['t', 0])
    },
  },
  {
    name: 'a topic that is deleted',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      await stage.createTopic('short-lived', 1)
      const [one] = await stable([a!], 'bereft', [{ protocols: [protocol('range', 'short-lived')] }])
      await commitAs(a!, 5, one!, {
        topics: ['t', 'short-lived'].map((name) => ({ name, partitions: [offsetAt(0, 1)] })),
      })
      await commitOf(a!, 5, 'bereft-simple', 'short-lived', 0)
      await stage.deleteTopic('short-lived')
      await stage.pass(1_000)
      await a!.ask(offsetFetch, 5, { groupId: 'bereft', topics: null })
      await describe(a!, 5, 'bereft', 'bereft-simple')
    },
  },
]
