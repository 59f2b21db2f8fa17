// What is there again after a restart.
import { describe, expect, test } from 'vitest'
import { answerOf, GroupWorld, sessionMs } from '../../../test/support/group-world.ts'

describe('after a restart', () => {
  test('offsets are there, with their metadata', () => {
    const world = new GroupWorld()
    const offsets = [
      { topic: 'ä/b', partition: 7, offset: 9n, leaderEpoch: 2, metadata: 'note', commitTime: undefined },
    ]
    world.commit(0, { offsets })
    world.commit(3)
    world.commit(4)
    world.restart()
    expect(world.groups.fetchOffsets({ groupId: 'g', partitions: undefined, requireStable: false }).offsets).toEqual([
      { topic: 'ä/b', partition: 7, offset: 9n, leaderEpoch: 2, metadata: 'note', error: 'NONE' },
      { topic: 't', partition: 0, offset: 4n, leaderEpoch: -1, metadata: '', error: 'NONE' },
    ])
  })

  test('what was removed stays removed', () => {
    const world = new GroupWorld()
    const [one] = world.stable({})
    world.leave(one!)
    world.commit(1)
    world.commit(1, { groupId: 'simple' })
    world.groups.delete('g')
    world.groups.topicDeleted('t')
    world.restart()
    expect(world.groups.list()).toEqual([])
    expect(answerOf(world.join()).generation).toBe(1)
  })

  test('members go on in their generation with their assignments, static and dynamic', () => {
    const world = new GroupWorld()
    const [one, two] = world.stable({ instanceId: 'a' }, {})
    const before = world.groups.describe('g')
    world.restart()
    expect(world.groups.describe('g')).toEqual(before)
    expect(world.heartbeat({ ...one!, instanceId: 'a' })).toBe('NONE')
    expect(answerOf(world.sync(two!)).assignment.toString()).toBe(two!.memberId)
    expect(answerOf(world.commit(1, two))).toEqual(['NONE'])
    expect(answerOf(world.join({ instanceId: 'a' }))).toMatchObject({ generation: 2, error: 'NONE' })
  })

  test('members that do not come back are out after their sessions', () => {
    const world = new GroupWorld()
    world.stable({}, {})
    world.restart()
    world.clock.advance(sessionMs)
    expect(world.state).toBe('Empty')
    expect(answerOf(world.join()).generation).toBe(4)
  })

  test('a group is what it was before a rebalance that did not end', () => {
    const world = new GroupWorld()
    const [one] = world.stable({})
    world.join()
    world.restart()
    expect(world.groups.describe('g')).toMatchObject({ state: 'Stable', members: [{ memberId: one!.memberId }] })
    expect(world.heartbeat(one!)).toBe('NONE')
  })

  test('an assignment that was not durable was never handed out', async () => {
    const world = new GroupWorld()
    const one = answerOf(world.join())
    world.journal.durability = 'later'
    const assignments = [{ memberId: one.memberId, assignment: Buffer.from('all') }]
    const sync = world.sync({ ...one, protocolType: null, protocolName: null, assignments })
    expect([sync.answers, world.state]).toEqual([[], 'CompletingRebalance'])
    await world.journal.settle('failed')
    expect(answerOf(sync).error).toBe('NOT_COORDINATOR')
    expect(world.state).toBe('PreparingRebalance')
  })

  test('an assignment that the leader sent twice is the one that was handed out', async () => {
    const world = new GroupWorld()
    const { memberId, generation } = answerOf(world.join())
    world.journal.durability = 'later'
    const bring = (part: string) => {
      return world.sync({ memberId, generation, assignments: [{ memberId, assignment: Buffer.from(part) }] })
    }
    const [first, second] = [bring('first'), bring('second')]
    await world.journal.settle()
    expect(answerOf(first).error).toBe('REBALANCE_IN_PROGRESS')
    expect(answerOf(second).assignment.toString()).toBe('first')
    world.restart()
    expect(world.groups.describe('g').members[0]!.assignment.toString()).toBe('first')
  })

  test('an assignment that becomes durable when the group has moved on is not handed out', async () => {
    const world = new GroupWorld()
    const { memberId } = answerOf(world.join())
    world.journal.durability = 'later'
    const stale = [{ memberId, assignment: Buffer.from('stale') }]
    const sync = world.sync({ memberId, generation: 1, assignments: stale })
    const other = world.join()
    expect(answerOf(sync).error).toBe('REBALANCE_IN_PROGRESS')
    world.join({ memberId })
    const waiting = world.sync({ memberId: answerOf(other).memberId, generation: 2 })
    await world.journal.settle()
    expect([world.state, waiting.answers]).toEqual(['CompletingRebalance', []])
  })

  test('the time since a group is empty is counted on', () => {
    const world = new GroupWorld()
    const [one] = world.stable({})
    world.commit(1, one)
    world.leave(one!)
    const minutes = 10_080
    world.clock.advance((minutes - 20) * 60_000)
    world.restart()
    world.clock.advance(10 * 60_000)
    expect(world.committed()).toBe(1)
    world.clock.advance(20 * 60_000)
    expect(world.committed()).toBe(-1)
  })

  test('a group that is larger than the limit now is asked to come together anew', () => {
    const world = new GroupWorld({ 'group.max.size': 2 })
    world.stable({}, {})
    const smaller = new GroupWorld({ 'group.max.size': 1 })
    smaller.journal.records = world.journal.records
    smaller.restart()
    expect(smaller.state).toBe('PreparingRebalance')
  })
})

describe('the journal', () => {
  test('is rewritten when it has grown, and holds the same', () => {
    const world = new GroupWorld()
    const [one] = world.stable({})
    const metadata = 'x'.repeat(4000)
    for (let offset = 1; offset <= 1000; offset++)
      world.commit(0, {
        ...one!,
        offsets: [
          {
            topic: 't',
            partition: offset % 3,
            offset: BigInt(offset),
            leaderEpoch: -1,
            metadata,
            commitTime: undefined,
          },
        ],
      })
    expect(world.journal.rewrites).toBeGreaterThan(1)
    expect(world.journal.records.length).toBeLessThan(400)
    const before = [world.groups.describe('g'), world.committed()]
    world.restart()
    expect([world.groups.describe('g'), world.committed()]).toEqual(before)
  })

  test('is rewritten with what is not durable yet', async () => {
    const world = new GroupWorld()
    world.journal.durability = 'later'
    const metadata = 'x'.repeat(4000)
    for (let partition = 0; partition < 300; partition++)
      world.commit(0, {
        offsets: [{ topic: 't', partition, offset: 1n, leaderEpoch: -1, metadata, commitTime: undefined }],
      })
    await world.journal.settle()
    expect(world.journal.rewrites).toBe(1)
    world.restart()
    const { offsets } = world.groups.fetchOffsets({ groupId: 'g', partitions: undefined, requireStable: false })
    expect(offsets).toHaveLength(300)
  })

  test('that an unknown version wrote is refused', () => {
    const world = new GroupWorld()
    world.journal.records = [Buffer.from([0, 9])]
    expect(() => world.restart()).toThrow("the groups' journal has a record of kind 0 and version 9")
  })
})
