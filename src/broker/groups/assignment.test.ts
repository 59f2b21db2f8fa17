// Who gets which assignment, by which protocol, and who is not let in.
import { describe, expect, test } from 'vitest'
import { answerOf, GroupWorld, rebalanceMs, sessionMs, subscription } from '../../../test/support/group-world.ts'

describe('the assignment', () => {
  test('goes to each member when the leader brings it; whom it left out gets an empty one', () => {
    const world = new GroupWorld()
    const first = answerOf(world.join())
    const second = world.join()
    const [one, two] = [answerOf(world.join({ memberId: first.memberId })), answerOf(second)]
    const early = world.sync(two)
    expect(early.answers).toEqual([])
    const assignments = [{ memberId: one.memberId, assignment: Buffer.from('all') }]
    expect(answerOf(world.sync({ ...one, assignments }))).toEqual({
      error: 'NONE',
      protocolType: 'consumer',
      protocolName: 'range',
      assignment: Buffer.from('all'),
    })
    expect(answerOf(early)).toMatchObject({ error: 'NONE', assignment: Buffer.alloc(0) })
    expect(answerOf(world.sync(two))).toMatchObject({ error: 'NONE', assignment: Buffer.alloc(0) })
  })

  test('that does not come because somebody joins meanwhile is told as a rebalance', () => {
    const world = new GroupWorld()
    const one = answerOf(world.join())
    world.join()
    expect(answerOf(world.sync(one)).error).toBe('REBALANCE_IN_PROGRESS')
  })

  test('parked syncs end with the generation', () => {
    const world = new GroupWorld()
    const [one] = world.stable({}, {})
    const other = world.join()
    world.join(one)
    world.clock.advance(sessionMs)
    const follower = answerOf(other)
    const parked = world.sync(follower)
    world.join()
    expect(answerOf(parked)).toMatchObject({ error: 'REBALANCE_IN_PROGRESS', protocolName: null })
  })

  test('members that joined and never ask for their assignment are dropped at the rebalance time-out', () => {
    const world = new GroupWorld()
    const one = answerOf(world.join())
    const second = world.join({ sessionTimeoutMs: 900_000 })
    const leader = answerOf(world.join({ memberId: one.memberId }))
    world.sync({ ...leader, assignments: [] })
    expect(world.state).toBe('Stable')
    for (let passed = 0; passed < rebalanceMs; passed += sessionMs / 2) {
      expect(world.heartbeat(leader)).toBe('NONE')
      world.clock.advance(sessionMs / 2)
    }
    expect(world.heartbeat(answerOf(second))).toBe('UNKNOWN_MEMBER_ID')
    expect(world.heartbeat(leader)).toBe('REBALANCE_IN_PROGRESS')
  })

  test('of another generation, protocol or member is refused', () => {
    const world = new GroupWorld()
    const [one] = world.stable({})
    const { memberId, generation } = one!
    expect(answerOf(world.sync({ memberId, generation: generation + 1 })).error).toBe('ILLEGAL_GENERATION')
    expect(answerOf(world.sync({ memberId: 'x', generation })).error).toBe('UNKNOWN_MEMBER_ID')
    expect(answerOf(world.sync({ ...one!, protocolType: 'connect' })).error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    expect(answerOf(world.sync({ ...one!, protocolName: 'sticky' })).error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    expect(answerOf(world.sync({ ...one!, groupId: 'none' })).error).toBe('UNKNOWN_MEMBER_ID')
    expect(answerOf(world.sync({ ...one!, groupId: '' })).error).toBe('INVALID_GROUP_ID')
  })
})

describe('protocols', () => {
  const protocols = (...names: string[]) => names.map((name) => ({ name, metadata: subscription('t') }))

  test('the one that most members prefer is taken among those that all know', () => {
    const world = new GroupWorld({ 'group.initial.rebalance.delay.ms': 10 })
    const joins = [protocols('a', 'b', 'c'), protocols('d', 'c', 'b'), protocols('c', 'b')].map((each) =>
      world.join({ protocols: each }),
    )
    world.clock.advance(100)
    expect(joins.map((each) => answerOf(each).protocolName)).toEqual(['c', 'c', 'c'])
  })

  test('a member that knows none of them, or is of another type, is refused', () => {
    const world = new GroupWorld()
    world.stable({ protocols: protocols('a', 'b') })
    const refused = [
      { protocols: protocols('c') },
      { protocols: [] },
      { protocols: protocols('a'), protocolType: 'connect' },
    ]
    expect(refused.map((each) => answerOf(world.join(each)).error)).toEqual(
      Array.from({ length: 3 }, () => 'INCONSISTENT_GROUP_PROTOCOL'),
    )
    expect(world.state).toBe('Stable')
  })

  test('an empty group takes any type, but not none, and not without a protocol', () => {
    const world = new GroupWorld()
    expect(answerOf(world.join({ protocolType: '' })).error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    expect(answerOf(world.join({ protocols: [] })).error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    const [one] = world.stable({ protocolType: 'connect' })
    world.leave(one!)
    expect(answerOf(world.join()).protocolType).toBe('consumer')
  })
})

describe('limits', () => {
  test('session time-outs outside of the range, and the empty group id, are refused', () => {
    const world = new GroupWorld()
    const errors = [{ sessionTimeoutMs: 5999 }, { sessionTimeoutMs: 1_800_001 }, { groupId: '' }].map(
      (each) => answerOf(world.join(each)).error,
    )
    expect(errors).toEqual(['INVALID_SESSION_TIMEOUT', 'INVALID_SESSION_TIMEOUT', 'INVALID_GROUP_ID'])
    expect(world.groups.list()).toEqual([])
  })

  test('a full group takes no more, and lets its own members come again', () => {
    const world = new GroupWorld({ 'group.max.size': 2 })
    const [one, two] = world.stable({}, {})
    expect(answerOf(world.join())).toMatchObject({ error: 'GROUP_MAX_SIZE_REACHED', memberId: '' })
    const again = [world.join(one), world.join(two)]
    expect(again.map((each) => answerOf(each).error)).toEqual(['NONE', 'NONE'])
  })

  test('while a group rebalances, the first to come fill it', () => {
    const world = new GroupWorld({ 'group.max.size': 2 })
    const [one] = world.stable({})
    const second = world.join()
    const third = world.join()
    expect(third.answers).toEqual([])
    expect(answerOf(world.join(one)).error).toBe('GROUP_MAX_SIZE_REACHED')
    expect([second, third].map((each) => answerOf(each).generation)).toEqual([2, 2])
  })
})
