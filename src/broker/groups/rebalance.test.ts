// How members come together to a generation, and what happens to those who are slow, silent or gone.
import { describe, expect, test } from 'vitest'
import { answerOf, GroupWorld, rebalanceMs, sessionMs, subscription } from '../../../test/support/group-world.ts'

const known = { needsKnownId: true }

describe('member ids (KIP-394)', () => {
  test('a member without an id is given one and has to come again with it', () => {
    const world = new GroupWorld()
    expect(answerOf(world.join(known))).toMatchObject({ error: 'MEMBER_ID_REQUIRED', memberId: 'c-1', generation: -1 })
    expect(world.groups.describe('g')).toMatchObject({ state: 'Empty', members: [] })
    const again = answerOf(world.join({ ...known, memberId: 'c-1' }))
    expect(again).toMatchObject({ error: 'NONE', memberId: 'c-1', leaderId: 'c-1', generation: 1 })
  })

  test('a version that does not know of that is let in at once', () => {
    const world = new GroupWorld()
    expect(answerOf(world.join())).toMatchObject({ error: 'NONE', memberId: 'c-1', generation: 1 })
  })

  test('an id that is never used is forgotten after the session time-out', () => {
    const world = new GroupWorld()
    world.join(known)
    world.clock.advance(sessionMs)
    expect(answerOf(world.join({ memberId: 'c-1' }))).toMatchObject({ error: 'UNKNOWN_MEMBER_ID', memberId: 'c-1' })
  })

  test('an id that is out keeps the others from going on, and lets them when it expires', () => {
    const world = new GroupWorld()
    const [leader] = world.stable({})
    world.join(known)
    const rejoined = world.join(leader)
    expect(rejoined.answers).toEqual([])
    world.clock.advance(sessionMs)
    expect(answerOf(rejoined)).toMatchObject({ error: 'NONE', generation: 2 })
  })

  test('whoever leaves before it used its id is not waited for', () => {
    const world = new GroupWorld()
    const [leader] = world.stable({})
    const { memberId } = answerOf(world.join(known))
    const rejoined = world.join(leader)
    expect(world.leave({ memberId })).toEqual(['NONE'])
    expect(answerOf(rejoined)).toMatchObject({ error: 'NONE', generation: 2 })
  })

  test('an id that was never given out is unknown, in a group that there is and in one that there is not', () => {
    const world = new GroupWorld()
    expect(answerOf(world.join({ memberId: 'x' })).error).toBe('UNKNOWN_MEMBER_ID')
    expect(world.state).toBe('Dead')
    world.stable({})
    expect(answerOf(world.join({ memberId: 'x' })).error).toBe('UNKNOWN_MEMBER_ID')
    expect(world.state).toBe('Stable')
  })
})

describe('the first generation', () => {
  test('waits for more members as long as more come, up to the patience of the first', () => {
    const world = new GroupWorld({ 'group.initial.rebalance.delay.ms': 3000 })
    const first = world.join({ rebalanceTimeoutMs: 7000 })
    world.clock.advance(2999)
    const second = world.join()
    world.clock.advance(1)
    expect(first.answers).toEqual([])
    world.clock.advance(3000)
    expect(answerOf(first)).toMatchObject({ generation: 1, leaderId: 'c-1' })
    expect(answerOf(first).members).toHaveLength(2)
    expect(answerOf(second)).toMatchObject({ generation: 1, members: [] })
  })

  test('does not wait when there is no delay', () => {
    expect(answerOf(new GroupWorld().join()).generation).toBe(1)
  })
})

describe('the end of the wait for joins', () => {
  test('comes when all known members have joined again', () => {
    const world = new GroupWorld()
    const [one, two] = world.stable({}, {})
    const third = world.join()
    const first = world.join(one)
    expect([third.answers, first.answers]).toEqual([[], []])
    const second = world.join(two)
    expect([first, second, third].map((each) => answerOf(each).generation)).toEqual([3, 3, 3])
  })

  test('comes at the longest rebalance time-out, and drops dynamic members that did not come', () => {
    const world = new GroupWorld()
    const [, two] = world.stable({ rebalanceTimeoutMs: 5000 }, { sessionTimeoutMs: 90_000, rebalanceTimeoutMs: 8000 })
    const third = world.join({ rebalanceTimeoutMs: 7000 })
    world.clock.advance(7999)
    expect(third.answers).toEqual([])
    world.clock.advance(1)
    expect(answerOf(third)).toMatchObject({ error: 'NONE', leaderId: third.answers[0]!.memberId })
    expect(world.heartbeat(two!)).toBe('UNKNOWN_MEMBER_ID')
  })

  test('does not come while a member is busy in its handler and sends heartbeats', () => {
    const world = new GroupWorld()
    const [slow] = world.stable({})
    const other = world.join()
    for (let passed = 0; passed < rebalanceMs - sessionMs; passed += sessionMs / 2) {
      world.clock.advance(sessionMs / 2)
      expect(world.heartbeat(slow!)).toBe('REBALANCE_IN_PROGRESS')
    }
    const back = world.join(slow)
    expect(answerOf(back)).toMatchObject({ error: 'NONE', generation: 2 })
    expect(answerOf(other).generation).toBe(2)
  })

  test('comes when the last one missing has gone silent for its session', () => {
    const world = new GroupWorld()
    world.stable({})
    const other = world.join()
    world.clock.advance(sessionMs)
    expect(answerOf(other)).toMatchObject({ error: 'NONE', generation: 2, leaderId: other.answers[0]!.memberId })
  })

  test('a first join that waits for five minutes is given up', () => {
    const world = new GroupWorld()
    const [held] = world.stable({ rebalanceTimeoutMs: 1_000_000, sessionTimeoutMs: 400_000 })
    const other = world.join()
    world.clock.advance(300_000)
    expect(answerOf(other)).toMatchObject({ error: 'UNKNOWN_MEMBER_ID', memberId: '' })
    expect(answerOf(world.join(held))).toMatchObject({ error: 'NONE' })
  })
})

describe('a member that joins again', () => {
  test('as a follower of a stable group with the same metadata changes nothing', () => {
    const world = new GroupWorld()
    const [, two] = world.stable({}, {})
    expect(answerOf(world.join(two))).toMatchObject({
      error: 'NONE',
      generation: 2,
      members: [],
      skipAssignment: false,
    })
    expect(world.state).toBe('Stable')
  })

  test('as the leader of a stable group starts a rebalance', () => {
    const world = new GroupWorld()
    const [one] = world.stable({}, {})
    expect(world.join(one).answers).toEqual([])
    expect(world.state).toBe('PreparingRebalance')
  })

  test('with other metadata starts a rebalance', () => {
    const world = new GroupWorld()
    const [, two] = world.stable({}, {})
    const protocols = [{ name: 'range', metadata: subscription('other') }]
    expect(world.join({ ...two, protocols }).answers).toEqual([])
    expect(world.state).toBe('PreparingRebalance')
  })

  test('before the assignment, with the same metadata, is told again: the leader with everybody in it', () => {
    const world = new GroupWorld()
    const { memberId } = answerOf(world.join())
    const again = answerOf(world.join({ memberId }))
    expect(again).toMatchObject({ error: 'NONE', generation: 1, leaderId: memberId })
    expect(again.members.map((each) => each.memberId)).toEqual([memberId])
  })

  test('while its older request still waits has that one told to ask again', () => {
    const world = new GroupWorld()
    const [one] = world.stable({}, {})
    const older = world.join(one)
    world.join(one)
    expect(answerOf(older).error).toBe('REBALANCE_IN_PROGRESS')
  })
})

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

describe('heartbeats', () => {
  test('keep a member in, and count before the assignment too', () => {
    const world = new GroupWorld()
    const one = answerOf(world.join())
    for (let i = 0; i < 5; i++) {
      world.clock.advance(sessionMs - 1)
      expect(world.heartbeat(one)).toBe('NONE')
    }
    world.clock.advance(sessionMs)
    expect(world.heartbeat(one)).toBe('UNKNOWN_MEMBER_ID')
    expect(world.state).toBe('Empty')
  })

  test('of another generation, member or group are refused', () => {
    const world = new GroupWorld()
    const [one] = world.stable({})
    expect(world.heartbeat({ ...one!, generation: 7 })).toBe('ILLEGAL_GENERATION')
    expect(world.heartbeat({ ...one!, memberId: 'x' })).toBe('UNKNOWN_MEMBER_ID')
    expect(world.heartbeat({ ...one!, groupId: 'none' })).toBe('UNKNOWN_MEMBER_ID')
    expect(world.heartbeat({ ...one!, groupId: '' })).toBe('INVALID_GROUP_ID')
  })
})

describe('members that go', () => {
  test('a leader that leaves is replaced, and the others are asked to join again', () => {
    const world = new GroupWorld()
    const [one, two] = world.stable({}, {})
    expect(world.leave(one!)).toEqual(['NONE'])
    expect(world.heartbeat(two!)).toBe('REBALANCE_IN_PROGRESS')
    expect(answerOf(world.join(two))).toMatchObject({ generation: 3, leaderId: two!.memberId })
  })

  test('the last one leaves an empty group of the next generation', () => {
    const world = new GroupWorld()
    const [one] = world.stable({})
    world.leave(one!)
    expect(world.state).toBe('Empty')
    expect(answerOf(world.join()).generation).toBe(3)
  })

  test('several at once, each with its own answer', () => {
    const world = new GroupWorld()
    const [one, two] = world.stable({}, {})
    expect(world.leave(two!, { memberId: 'x' }, one!)).toEqual(['NONE', 'UNKNOWN_MEMBER_ID', 'NONE'])
    expect(world.groups.leave({ groupId: 'none', members: [{ ...one!, instanceId: null }] })).toMatchObject({
      error: 'NONE',
      members: [{ error: 'UNKNOWN_MEMBER_ID' }],
    })
    expect(world.groups.leave({ groupId: '', members: [] }).error).toBe('INVALID_GROUP_ID')
  })

  test('a member whose connection closes has not left, and what it waited for is not answered', () => {
    const world = new GroupWorld()
    const [one, two] = world.stable({}, {})
    const gone = world.join(one)
    gone.waiting.cancel()
    const here = world.join(two)
    expect(answerOf(here).generation).toBe(3)
    expect(gone.answers).toEqual([])
    expect(world.groups.describe('g').members).toHaveLength(2)
    world.clock.advance(sessionMs)
    expect(world.groups.describe('g').members).toHaveLength(0)
  })

  test('whoever leaves while its requests wait has them answered', () => {
    const world = new GroupWorld()
    const [one] = world.stable({}, {})
    const joining = world.join(one)
    world.leave(one!)
    expect(answerOf(joining)).toMatchObject({ error: 'UNKNOWN_MEMBER_ID', memberId: '' })
  })
})

test('closing answers those who wait and whoever comes later, and leaves no timer', () => {
  const world = new GroupWorld()
  const [one] = world.stable({}, {})
  world.join({ needsKnownId: true })
  const joining = world.join(one)
  world.groups.close()
  expect(answerOf(joining).error).toBe('NOT_COORDINATOR')
  const later = [answerOf(world.join()).error, answerOf(world.sync(one!)).error, answerOf(world.commit(1, one))[0]]
  expect([...later, world.heartbeat(one!)]).toEqual(Array.from({ length: 4 }, () => 'COORDINATOR_NOT_AVAILABLE'))
  expect(world.clock.running).toBe(0)
})
