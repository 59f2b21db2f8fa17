// What tools see and delete.
import { describe, expect, test } from 'vitest'
import { answerOf, GroupWorld, subscription } from '../../../test/support/group-world.ts'

const other = { topic: 'other', partition: 0, offset: 1n, leaderEpoch: -1, metadata: '', commitTime: undefined }
const t0 = { topic: 't', partition: 0 }

describe('a group is described', () => {
  test('with what its members said and got when it is stable, and without in between', () => {
    const world = new GroupWorld()
    const [one] = world.stable({})
    const member = { memberId: one!.memberId, instanceId: null, clientId: 'c', clientHost: '/127.0.0.1' }
    expect(world.groups.describe('g')).toEqual({
      groupId: 'g',
      state: 'Stable',
      protocolType: 'consumer',
      protocolName: 'range',
      members: [{ ...member, metadata: subscription('t'), assignment: Buffer.from(one!.memberId) }],
    })
    world.join()
    const between = world.groups.describe('g')
    expect(between).toMatchObject({ state: 'PreparingRebalance', protocolType: 'consumer', protocolName: '' })
    expect(between.members[0]).toEqual({ ...member, metadata: Buffer.alloc(0), assignment: Buffer.alloc(0) })
  })

  test('as dead when it is not there', () => {
    expect(new GroupWorld().groups.describe('none')).toEqual({
      groupId: 'none',
      state: 'Dead',
      protocolType: '',
      protocolName: '',
      members: [],
    })
  })
})

test('groups are listed by state and type, whatever their case', () => {
  const world = new GroupWorld()
  world.stable({})
  world.commit(1, { groupId: 'simple' })
  const ids = (states?: string[], types?: string[]) => world.groups.list(states, types).map(({ groupId }) => groupId)
  expect(world.groups.list()).toEqual([
    { groupId: 'g', protocolType: 'consumer', state: 'Stable', type: 'classic' },
    { groupId: 'simple', protocolType: '', state: 'Empty', type: 'classic' },
  ])
  expect(ids(['empty'])).toEqual(['simple'])
  expect(ids(['STABLE', 'Empty'], ['Classic'])).toEqual(['g', 'simple'])
  expect(ids([], ['consumer'])).toEqual([])
  expect(ids(['nonsense'])).toEqual([])
})

describe('a group is deleted', () => {
  test('when nobody is in it, with its offsets', () => {
    const world = new GroupWorld()
    const [one] = world.stable({})
    world.commit(1, one)
    expect(world.groups.delete('g')).toBe('NON_EMPTY_GROUP')
    world.leave(one!)
    expect(world.groups.delete('g')).toBe('NONE')
    expect(world.committed()).toBe(-1)
    expect(world.groups.delete('g')).toBe('GROUP_ID_NOT_FOUND')
    world.groups.close()
    expect(world.clock.running).toBe(0)
  })

  test('and leaves no timer of its own', () => {
    const world = new GroupWorld()
    const idle = world.clock.running
    world.join({ needsKnownId: true })
    expect(world.clock.running).toBe(idle + 1)
    expect(world.groups.delete('g')).toBe('NONE')
    expect(world.clock.running).toBe(idle)
  })
})

describe('single offsets are deleted', () => {
  test('in a running consumer group where nobody subscribes to their topic', () => {
    const world = new GroupWorld()
    const [one] = world.stable({})
    world.commit(1, one)
    world.commit(1, { ...one!, offsets: [other] })
    expect(world.groups.deleteOffsets('g', [t0, other])).toEqual({
      error: 'NONE',
      errors: ['GROUP_SUBSCRIBED_TO_TOPIC', 'NONE'],
    })
    expect(world.committed()).toBe(1)
    expect(world.committed({ partitions: [other] })).toBe(-1)
  })

  test('not where the subscriptions can not be read, nor in running groups of other types', () => {
    const world = new GroupWorld()
    world.stable({ protocols: [{ name: 'range', metadata: Buffer.from('?') }] })
    expect(world.groups.deleteOffsets('g', [other]).errors).toEqual(['GROUP_SUBSCRIBED_TO_TOPIC'])
    const connect = new GroupWorld()
    connect.stable({ protocolType: 'connect' })
    expect(connect.groups.deleteOffsets('g', [other])).toEqual({ error: 'NON_EMPTY_GROUP', errors: [] })
  })

  test('in an empty group, which goes with its last one', () => {
    const world = new GroupWorld()
    world.commit(1)
    expect(world.groups.deleteOffsets('g', [t0])).toEqual({ error: 'NONE', errors: ['NONE'] })
    expect(world.state).toBe('Dead')
    expect(world.groups.deleteOffsets('g', [t0]).error).toBe('GROUP_ID_NOT_FOUND')
    expect(world.groups.deleteOffsets('', [t0]).error).toBe('INVALID_GROUP_ID')
  })
})

test('the offsets of a topic go with it, in running groups too', () => {
  const world = new GroupWorld()
  const [one] = world.stable({})
  world.commit(1, one)
  world.commit(1, { ...one!, offsets: [other] })
  world.commit(1, { groupId: 'simple' })
  world.groups.topicDeleted('t')
  expect([world.committed(), world.committed({ groupId: 'simple' })]).toEqual([-1, -1])
  expect(world.committed({ partitions: [other] })).toBe(1)
  expect(world.groups.list().map(({ groupId }) => groupId)).toEqual(['g'])
  expect(answerOf(world.commit(2, one))).toEqual(['NONE'])
})
