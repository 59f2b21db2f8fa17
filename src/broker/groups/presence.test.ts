// Members that stay, are silent, or go.
import { describe, expect, test } from 'vitest'
import { answerOf, GroupWorld, sessionMs } from '../../../test/support/group-world.ts'

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
