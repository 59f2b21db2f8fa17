// What other brokers of this kind got wrong about groups.
import { expect, test } from 'vitest'
import { errorName } from '../../src/protocol/error-table.ts'
import { deleteTopics } from '../../src/protocol/messages/delete-topics.ts'
import {
  beat,
  clients,
  commitAs,
  describe,
  fetched,
  join,
  leave,
  list,
  memberIn,
  offsetAt,
  sendJoin,
  stable,
  sync,
} from '../groups/asking.ts'
import { onStage } from '../groups/in-process.ts'
import type { Client } from '../groups/stage.ts'

/** Joins, follows rebalances and heartbeats as a consumer does, `rounds` times; answers every error that it met. */
async function live(client: Client, rounds: number): Promise<string[]> {
  const met: string[] = []
  const { memberId } = await join(client, 5, 'g')
  let member = { groupId: 'g', memberId, generationId: -1 }
  const rejoin = async (): Promise<void> => {
    const joined = await join(client, 5, 'g', { memberId, rebalanceTimeoutMs: 30_000 })
    met.push(errorName(joined.errorCode))
    member = memberIn('g', joined)
    const assignments = joined.members.map((each) => ({ memberId: each.memberId, assignment: Buffer.from('x') }))
    met.push(errorName((await sync(client, 3, member, { assignments })).errorCode))
  }
  await rejoin()
  for (let round = 0; round < rounds; round++) {
    const error = errorName((await beat(client, 3, member)).errorCode)
    met.push(error)
    if (error === 'REBALANCE_IN_PROGRESS' || met.at(-2) === 'REBALANCE_IN_PROGRESS') await rejoin()
  }
  met.push(errorName((await leave(client, 2, member)).errorCode))
  return met
}

test('members that come and go while others do are never told that they are unknown', () =>
  onStage(async (stage) => {
    const names = Array.from({ length: 12 }, (_, i) => `m${i}`)
    const all = await clients(stage, ...names)
    const met = await Promise.all(all.map((client, i) => live(client, 5 + 7 * (i % 4))))
    const kinds = new Set(met.flat())
    expect(
      [...kinds].filter((kind) => !['NONE', 'REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION'].includes(kind)),
    ).toEqual([])
    expect((await describe(all[0]!, 5, 'g')).groups[0]).toMatchObject({ groupState: 'Empty', members: [] })
  }))

test('the note on a committed offset comes back as it was, up to the largest', () =>
  onStage(async (stage) => {
    const [a] = (await clients(stage, 'a')) as [Client]
    const [member] = await stable([a], 'g')
    for (const note of ['', 'by the night shift', 'ünïcode ✓', 'x'.repeat(4096)]) {
      await commitAs(a, 8, member!, { topics: [{ name: 't', partitions: [offsetAt(0, 5, note)] }] })
      const { groups } = await fetched(a, 8, 'g')
      expect(groups[0]!.topics[0]!.partitions[0]).toMatchObject({ committedOffset: 5n, metadata: note })
    }
    const tooLong = await commitAs(a, 8, member!, {
      topics: [{ name: 't', partitions: [offsetAt(0, 6, 'x'.repeat(4097))] }],
    })
    expect(errorName(tooLong.topics[0]!.partitions[0]!.errorCode)).toBe('OFFSET_METADATA_TOO_LARGE')
  }))

test('a group rebalances once for each change, and not for a follower that joins again as it was', () =>
  onStage(async (stage) => {
    const [a, b] = (await clients(stage, 'a', 'b')) as [Client, Client]
    const [alone] = await stable([a], 'alone')
    expect(alone!.generationId).toBe(1)
    const [first, second] = await stable([a, b], 'g')
    expect([first!.generationId, second!.generationId]).toEqual([2, 2])
    for (let i = 0; i < 5; i++) {
      expect((await join(b, 5, 'g', { memberId: second!.memberId })).generationId).toBe(2)
      expect((await sync(b, 3, second!)).assignment.toString()).toBe('b')
      for (const [client, member] of [
        [a, first!],
        [b, second!],
      ] as const)
        expect(errorName((await beat(client, 3, member)).errorCode)).toBe('NONE')
    }
  }))

test('a call that waits for its group is in nobody’s way: other members, groups, and the deletion of a topic', () =>
  onStage(async (stage) => {
    const [a, b, c] = (await clients(stage, 'a', 'b', 'c')) as [Client, Client, Client]
    const [member] = await stable([a], 'g')
    await commitAs(a, 8, member!)
    const { memberId } = await join(b, 5, 'g')
    const waiting = await sendJoin(b, 5, 'g', { memberId }) // until a joins again
    const [other] = await stable([c], 'other')
    expect(errorName((await commitAs(c, 8, other!)).topics[0]!.partitions[0]!.errorCode)).toBe('NONE')
    expect((await list(c, 4, '')).groups).toHaveLength(2)
    await c.ask(deleteTopics, 1, { topicNames: ['t'], timeoutMs: 5000 })
    expect((await describe(c, 5, 'g', 'other')).groups.map(({ groupState }) => groupState)).toEqual([
      'PreparingRebalance',
      'Stable',
    ])
    expect(errorName((await leave(c, 2, other!)).errorCode)).toBe('NONE')
    const again = await join(a, 5, 'g', { memberId: member!.memberId })
    const joined = await waiting.answer()
    expect([again.generationId, joined.generationId]).toEqual([2, 2])
  }))
