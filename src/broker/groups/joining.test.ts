// How members come together to a generation.
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
