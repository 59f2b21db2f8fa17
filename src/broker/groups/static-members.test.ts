// Members with an instance id (KIP-345): they come back without a rebalance, and only one of a name is in the group.
import { describe, expect, test } from 'vitest'
import { answerOf, GroupWorld, rebalanceMs, sessionMs, subscription } from '../../../test/support/group-world.ts'

const a = { instanceId: 'a' }
const b = { instanceId: 'b' }

test('a static member needs no id to come, and is given one that names its instance', () => {
  const joined = answerOf(new GroupWorld().join({ ...a, needsKnownId: true }))
  expect(joined).toMatchObject({ error: 'NONE', memberId: 'a-1', leaderId: 'a-1' })
  expect(joined.members).toMatchObject([{ memberId: 'a-1', instanceId: 'a' }])
})

describe('a static member that comes back without its id', () => {
  test('takes its old place and assignment in a stable group; nobody else notices', () => {
    const world = new GroupWorld()
    const [one, two] = world.stable(a, b)
    const back = answerOf(world.join(b))
    expect(back).toMatchObject({ error: 'NONE', generation: 2, leaderId: one!.memberId, members: [] })
    expect(back.memberId).not.toBe(two!.memberId)
    expect(world.state).toBe('Stable')
    const { memberId, generation } = back
    expect(answerOf(world.sync({ memberId, generation, ...b })).assignment.toString()).toBe(two!.memberId)
    expect(world.heartbeat({ ...one!, ...a })).toBe('NONE')
  })

  test('fences its former self', () => {
    const world = new GroupWorld()
    const [, two] = world.stable(a, b)
    answerOf(world.join(b))
    const former = { ...two!, ...b }
    expect(world.heartbeat(former)).toBe('FENCED_INSTANCE_ID')
    expect(answerOf(world.sync(former)).error).toBe('FENCED_INSTANCE_ID')
    expect(answerOf(world.join({ ...b, memberId: two!.memberId }))).toMatchObject({
      error: 'FENCED_INSTANCE_ID',
      memberId: two!.memberId,
    })
    expect(answerOf(world.commit(1, former))).toEqual(['FENCED_INSTANCE_ID'])
    expect(world.leave({ ...b, memberId: two!.memberId })).toEqual(['FENCED_INSTANCE_ID'])
  })

  test('as the leader is told that its former self leads, so that it assigns nothing that nobody would get', () => {
    const world = new GroupWorld()
    const [one] = world.stable(a, b)
    expect(answerOf(world.join(a))).toMatchObject({ error: 'NONE', leaderId: one!.memberId, members: [] })
  })

  test('as the leader, from version 9 on, is told to skip the assignment, and who is in the group (KIP-814)', () => {
    const world = new GroupWorld()
    world.stable(a, b)
    const back = answerOf(world.join({ ...a, canSkipAssignment: true }))
    expect(back).toMatchObject({ error: 'NONE', skipAssignment: true, leaderId: back.memberId })
    expect(new Set(back.members.map((each) => each.instanceId))).toEqual(new Set(['a', 'b']))
    expect(answerOf(world.join({ ...b, canSkipAssignment: true }))).toMatchObject({
      skipAssignment: false,
      members: [],
    })
  })

  test('with protocols that change the choice of the group starts a rebalance', () => {
    const world = new GroupWorld()
    const protocols = ['x', 'y'].map((name) => ({ name, metadata: subscription('t') }))
    world.stable({ ...a, protocols })
    expect(answerOf(world.join({ ...a, protocols: protocols.toReversed() }))).toMatchObject({
      generation: 2,
      protocolName: 'y',
    })
  })

  test('before the assignment starts a rebalance, because the leader knows only its former id', () => {
    const world = new GroupWorld()
    const first = answerOf(world.join(a))
    const second = world.join(b)
    const leader = answerOf(world.join({ ...a, memberId: first.memberId }))
    const former = world.sync({ memberId: answerOf(second).memberId, generation: 2, ...b })
    const back = world.join(b)
    expect(answerOf(former).error).toBe('FENCED_INSTANCE_ID')
    expect(world.heartbeat({ ...leader, instanceId: 'a' })).toBe('REBALANCE_IN_PROGRESS')
    world.join({ ...a, memberId: leader.memberId })
    expect(answerOf(back)).toMatchObject({ error: 'NONE', generation: 3 })
  })

  test('while its former self still waits to join has that one fenced', () => {
    const world = new GroupWorld()
    const [one] = world.stable(a, b)
    const former = world.join({ ...a, memberId: one!.memberId })
    const back = world.join(a)
    expect(answerOf(former)).toMatchObject({ error: 'FENCED_INSTANCE_ID', memberId: one!.memberId })
    expect(back.answers).toEqual([])
  })

  test('is refused and keeps its former id when that can not be written', () => {
    const world = new GroupWorld()
    const [one] = world.stable(a)
    world.journal.durability = 'refused'
    expect(answerOf(world.join(a))).toMatchObject({ error: 'NOT_COORDINATOR', memberId: '' })
    expect(world.heartbeat({ ...one!, ...a })).toBe('NONE')
  })
})

describe('the end of a static membership', () => {
  test('is not the end of a wait for joins, but of its session', () => {
    const world = new GroupWorld()
    const session = { sessionTimeoutMs: 2 * rebalanceMs }
    const [one] = world.stable({ ...a, ...session }, { ...b, ...session })
    const back = world.join({ ...a, ...session, memberId: one!.memberId })
    world.clock.advance(rebalanceMs)
    expect(answerOf(back)).toMatchObject({ error: 'NONE', generation: 3 })
    expect(back.answers[0]!.members).toHaveLength(2)
    world.clock.advance(rebalanceMs)
    expect(world.groups.describe('g').members.some(({ instanceId }) => instanceId === 'b')).toBe(false)
  })

  test('a group whose static members all stay away waits for the end of their sessions', () => {
    const world = new GroupWorld()
    const session = { sessionTimeoutMs: 5 * rebalanceMs, rebalanceTimeoutMs: rebalanceMs }
    const [one] = world.stable({ ...a, ...session }, { ...b, ...session })
    world.leave({ memberId: one!.memberId, ...a })
    world.clock.advance(4 * rebalanceMs)
    expect(world.state).toBe('PreparingRebalance')
    world.clock.advance(2 * rebalanceMs)
    expect(world.state).toBe('Empty')
  })

  test('is ordered by tools with the instance id alone', () => {
    const world = new GroupWorld()
    const [one] = world.stable(a, b)
    expect(world.leave(b, { instanceId: 'none' })).toEqual(['NONE', 'UNKNOWN_MEMBER_ID'])
    expect(world.heartbeat({ ...one!, ...a })).toBe('REBALANCE_IN_PROGRESS')
  })

  test('an instance id that is not in the group is unknown, whatever the member id', () => {
    const world = new GroupWorld()
    const [one] = world.stable(a)
    expect(world.heartbeat({ ...one!, instanceId: 'none' })).toBe('UNKNOWN_MEMBER_ID')
    expect(answerOf(world.join({ ...one!, instanceId: 'none' })).error).toBe('UNKNOWN_MEMBER_ID')
  })
})

test('an id that was given to a dynamic member is not for a static one', () => {
  const world = new GroupWorld()
  const { memberId } = answerOf(world.join({ needsKnownId: true }))
  expect(answerOf(world.join({ memberId, ...a })).error).toBe('UNKNOWN_SERVER_ERROR')
  world.clock.advance(sessionMs)
})
