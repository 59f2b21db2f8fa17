// A group loses its coordinator, and finds it again: nobody has to join anew who was in it, as in a real cluster.
import { expect, test } from 'vitest'
import {
  beat,
  clients,
  commitAs,
  describe,
  fetched,
  join,
  list,
  sendJoin,
  stable,
  sync,
} from '../../../test/groups/asking.ts'
import { onStage } from '../../../test/groups/in-process.ts'
import type { Client } from '../../../test/groups/stage.ts'
import { errorName } from '../../protocol/error-table.ts'
import { deleteGroups } from '../../protocol/messages/delete-groups.ts'
import { findCoordinator } from '../../protocol/messages/find-coordinator.ts'
import { offsetDelete } from '../../protocol/messages/offset-delete.ts'
import type { Faults } from './faults.ts'

const awayMs = 2000

const moving = (faults: Faults, api: string, group = 'g'): void =>
  void faults.add({ match: { api, group }, count: 1, do: 'move-coordinator', value: awayMs })

const errorOf = async (answer: Promise<{ readonly errorCode: number }>): Promise<string> =>
  errorName((await answer).errorCode)

async function found(client: Client): Promise<string[]> {
  const old = await client.ask(findCoordinator, 1, { key: 'g', keyType: 0 })
  const many = await client.ask(findCoordinator, 4, { coordinatorKeys: ['g', 'other'], keyType: 0 })
  return [old.errorCode, ...many.coordinators.map(({ errorCode }) => errorCode)].map(errorName)
}

test('it is away, then it loads, then the members go on in their generation with their assignments', () =>
  onStage(async (stage, { faults }) => {
    const [a, b] = (await clients(stage, 'a', 'b')) as [Client, Client]
    const [first, second] = await stable([a, b], 'g')
    await commitAs(a, 8, first!)
    moving(faults, 'Heartbeat')

    expect(await errorOf(beat(a, 3, first!))).toBe('NOT_COORDINATOR')
    expect(await found(a)).toEqual(['COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_NOT_AVAILABLE', 'NONE'])
    expect(await errorOf(beat(b, 3, second!))).toBe('NOT_COORDINATOR')
    expect(await errorOf(join(b, 5, 'g', { memberId: second!.memberId }))).toBe('NOT_COORDINATOR')
    expect(await errorOf(sync(b, 3, second!))).toBe('NOT_COORDINATOR')
    expect(errorName((await commitAs(a, 8, first!)).topics[0]!.partitions[0]!.errorCode)).toBe('NOT_COORDINATOR')
    expect(await fetched(a, 8, 'g')).toMatchObject({ groups: [{ errorCode: 16, topics: [] }] })
    expect(await fetched(a, 5, 'g')).toMatchObject({ errorCode: 16, topics: [] })
    expect(await fetched(a, 1, 'g')).toMatchObject({ topics: [{ partitions: [{ errorCode: 16 }] }] })
    expect((await describe(a, 5, 'g')).groups).toMatchObject([{ errorCode: 16, groupState: '', members: [] }])
    expect(await list(a, 4, '')).toMatchObject({ errorCode: 0, groups: [] })

    await stage.pass(awayMs / 2)
    expect(await found(a)).toEqual(['NONE', 'NONE', 'NONE'])
    expect(await errorOf(beat(a, 3, first!))).toBe('NONE')
    expect(await errorOf(sync(b, 3, second!))).toBe('REBALANCE_IN_PROGRESS')
    expect(await errorOf(join(b, 5, 'g', { memberId: second!.memberId }))).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    expect(await fetched(a, 8, 'g')).toMatchObject({ groups: [{ errorCode: 14 }] })
    expect(await list(a, 4, '')).toMatchObject({ errorCode: 14 })
    const removed = await a.ask(deleteGroups, 1, { groupsNames: ['g'] })
    expect(removed.results.map(({ errorCode }) => errorName(errorCode))).toEqual(['COORDINATOR_LOAD_IN_PROGRESS'])
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0 }] }]
    expect(await errorOf(a.ask(offsetDelete, 0, { groupId: 'g', topics }))).toBe('COORDINATOR_LOAD_IN_PROGRESS')

    await stage.pass(awayMs / 2)
    expect([await errorOf(beat(a, 3, first!)), await errorOf(beat(b, 3, second!))]).toEqual(['NONE', 'NONE'])
    expect((await sync(b, 3, second!)).assignment.toString()).toBe('b')
    expect((await describe(a, 5, 'g')).groups[0]).toMatchObject({ groupState: 'Stable', errorCode: 0 })
    expect(await fetched(a, 8, 'g')).toMatchObject({
      groups: [{ topics: [{ partitions: [{ committedOffset: 7n, errorCode: 0 }] }] }],
    })
    expect(await list(a, 4, '')).toMatchObject({ errorCode: 0, groups: [{ groupId: 'g' }] })
  }))

test('sessions begin anew when it is back, and who is gone by then is missed after a whole one', () =>
  onStage(async (stage, { faults }) => {
    const [a] = (await clients(stage, 'a')) as [Client]
    const [member] = await stable([a], 'g')
    moving(faults, 'Heartbeat')
    await beat(a, 3, member!)
    await stage.pass(awayMs + 9000)
    expect((await describe(a, 5, 'g')).groups[0]!.members).toHaveLength(1)
    await stage.pass(2000)
    expect((await describe(a, 5, 'g')).groups[0]).toMatchObject({ groupState: 'Empty', members: [] })
  }))

test('those who wait are told to look for it; a rebalance that was under way begins again', () =>
  onStage(async (stage, { faults }) => {
    const [a, b] = (await clients(stage, 'a', 'b')) as [Client, Client]
    const [member] = await stable([a], 'g')
    const { memberId } = await join(b, 5, 'g')
    const waiting = await sendJoin(b, 5, 'g', { memberId })
    expect(await errorOf(beat(a, 3, member!))).toBe('REBALANCE_IN_PROGRESS')
    moving(faults, 'Heartbeat')
    expect(await errorOf(beat(a, 3, member!))).toBe('NOT_COORDINATOR')
    expect(errorName((await waiting.answer()).errorCode)).toBe('NOT_COORDINATOR')
    await stage.pass(awayMs)
    // the newcomer was never stored: it is unknown; the other one is where it was
    expect(await errorOf(join(b, 5, 'g', { memberId }))).toBe('UNKNOWN_MEMBER_ID')
    expect(await errorOf(beat(a, 3, member!))).toBe('NONE')
  }))

test('other groups feel nothing, a topic that is deleted meanwhile is forgotten, and what is durable outlives many moves', () =>
  onStage(async (stage, { faults }) => {
    const [a, b] = (await clients(stage, 'a', 'b')) as [Client, Client]
    const [first] = await stable([a], 'g')
    const [other] = await stable([b], 'other')
    await commitAs(a, 8, first!)
    for (let i = 0; i < 3; i++) {
      moving(faults, 'OffsetFetch')
      await fetched(a, 8, 'g')
      expect(await errorOf(beat(b, 3, other!))).toBe('NONE')
      await stage.pass(awayMs)
      expect(await errorOf(beat(a, 3, first!))).toBe('NONE')
    }
    moving(faults, 'OffsetFetch')
    await fetched(a, 8, 'g')
    await stage.deleteTopic('t')
    await stage.pass(awayMs)
    expect(await fetched(a, 8, 'g')).toMatchObject({
      groups: [{ topics: [{ partitions: [{ committedOffset: -1n, errorCode: 0 }] }] }],
    })
  }))
