// Who may commit offsets and when, what is kept of them, and for how long.
import { describe, expect, test } from 'vitest'
import { answerOf, GroupWorld, sessionMs, subscription } from '../../../test/support/group-world.ts'

const day = 86_400_000
const week = 7 * day
const at = (partition: number, more = {}) => ({
  topic: 't',
  partition,
  offset: BigInt(partition),
  leaderEpoch: -1,
  metadata: '',
  commitTime: undefined,
  ...more,
})

describe('a commit', () => {
  test('of a member of a stable group is kept', () => {
    const world = new GroupWorld()
    const [one] = world.stable({})
    expect(answerOf(world.commit(42, one))).toEqual(['NONE'])
    expect(world.committed()).toBe(42)
  })

  test('of the last generation is kept while members are still being waited for', () => {
    const world = new GroupWorld()
    const [one] = world.stable({})
    world.join()
    expect(answerOf(world.commit(42, one))).toEqual(['NONE'])
  })

  test('is refused between join and assignment, and from older generations', () => {
    const world = new GroupWorld()
    const one = answerOf(world.join())
    const { memberId } = one
    expect(answerOf(world.commit(42, { memberId, generation: 1 }))).toEqual(['REBALANCE_IN_PROGRESS'])
    expect(answerOf(world.commit(42, { memberId, generation: 0 }))).toEqual(['ILLEGAL_GENERATION'])
    expect(world.committed()).toBe(-1)
  })

  test('is a sign of life', () => {
    const world = new GroupWorld()
    const [one] = world.stable({})
    for (let i = 0; i < 4; i++) {
      world.clock.advance(sessionMs - 1)
      expect(answerOf(world.commit(i, one))).toEqual(['NONE'])
    }
  })

  test('of somebody who is no member is kept when the group is empty, and refused when it is not', () => {
    const world = new GroupWorld()
    expect(answerOf(world.commit(1))).toEqual(['NONE'])
    const [one] = world.stable({})
    expect(answerOf(world.commit(2))).toEqual(['UNKNOWN_MEMBER_ID'])
    expect(answerOf(world.commit(2, { memberId: one!.memberId }))).toEqual(['ILLEGAL_GENERATION'])
    expect(answerOf(world.commit(2, { memberId: 'x' }))).toEqual(['UNKNOWN_MEMBER_ID'])
    expect(world.committed()).toBe(1)
    world.leave(one!)
    expect(answerOf(world.commit(3))).toEqual(['NONE'])
    expect(world.committed()).toBe(3)
  })

  test('with a generation to a group that is not there, or is empty, is refused', () => {
    const world = new GroupWorld()
    expect(answerOf(world.commit(1, { generation: 1 }))).toEqual(['ILLEGAL_GENERATION'])
    world.commit(1)
    expect(answerOf(world.commit(2, { generation: 0 }))).toEqual(['UNKNOWN_MEMBER_ID'])
  })

  test('to the empty group id is kept, as it always was', () => {
    const world = new GroupWorld()
    expect(answerOf(world.commit(1, { groupId: '' }))).toEqual(['NONE'])
    expect(world.committed({ groupId: '' })).toBe(1)
  })

  test('keeps metadata and epoch as they came; a text of more than 4096 characters refuses its own offset alone', () => {
    const world = new GroupWorld()
    const offsets = [
      at(0, { metadata: 'x'.repeat(4096), leaderEpoch: 3 }),
      at(1, { metadata: 'x'.repeat(4097) }),
      at(2, { metadata: null, offset: 2n ** 63n - 1n }),
    ]
    expect(answerOf(world.commit(0, { offsets }))).toEqual(['NONE', 'OFFSET_METADATA_TOO_LARGE', 'NONE'])
    expect(world.groups.fetchOffsets({ groupId: 'g', partitions: undefined, requireStable: false }).offsets).toEqual([
      { topic: 't', partition: 0, offset: 0n, leaderEpoch: 3, metadata: 'x'.repeat(4096), error: 'NONE' },
      { topic: 't', partition: 2, offset: 2n ** 63n - 1n, leaderEpoch: -1, metadata: '', error: 'NONE' },
    ])
  })

  test('may go back, because a client says so', () => {
    const world = new GroupWorld()
    world.commit(5)
    world.commit(3)
    expect(world.committed()).toBe(3)
  })
})

describe('a commit that is not durable yet', () => {
  test('is not answered and not seen; whoever wants stable offsets is told to wait', async () => {
    const world = new GroupWorld()
    world.commit(1)
    world.journal.durability = 'later'
    const commit = world.commit(2)
    expect(commit.answers).toEqual([])
    expect(world.committed()).toBe(1)
    expect(world.committed({ requireStable: true })).toBe('UNSTABLE_OFFSET_COMMIT')
    await world.journal.settle()
    expect(answerOf(commit)).toEqual(['NONE'])
    expect(world.committed({ requireStable: true })).toBe(2)
  })

  test('and never becomes so leaves the older one', async () => {
    const world = new GroupWorld()
    world.commit(1)
    world.journal.durability = 'later'
    const commit = world.commit(2)
    await world.journal.settle('failed')
    expect(answerOf(commit)).toEqual(['NOT_COORDINATOR'])
    world.journal.durability = 'refused'
    expect(answerOf(world.commit(3))).toEqual(['NOT_COORDINATOR'])
    expect(world.committed({ requireStable: true })).toBe(1)
  })

  test('does not bring back what was removed meanwhile', async () => {
    const world = new GroupWorld()
    world.journal.durability = 'later'
    const commit = world.commit(2)
    world.groups.topicDeleted('t')
    await world.journal.settle()
    expect(answerOf(commit)).toEqual(['NONE'])
    expect(world.committed()).toBe(-1)
    expect(world.groups.list()).toEqual([])
  })
})

describe('offsets that nobody committed', () => {
  test('are -1 without an error, in any group', () => {
    const world = new GroupWorld()
    expect(world.committed()).toBe(-1)
    world.stable({})
    expect(world.committed()).toBe(-1)
    expect(world.groups.fetchOffsets({ groupId: 'x', partitions: undefined, requireStable: true })).toEqual({
      error: 'NONE',
      offsets: [],
    })
  })
})

describe('offsets expire', () => {
  test('a week after the group became empty, however old the commit is', () => {
    const world = new GroupWorld()
    const [one] = world.stable({ sessionTimeoutMs: 1_800_000 })
    world.commit(1, one)
    for (let i = 0; i < (2 * week) / 1_500_000; i++) {
      world.clock.advance(1_500_000)
      world.heartbeat(one!)
    }
    world.leave(one!)
    world.clock.advance(week - 1_000_000)
    expect(world.committed()).toBe(1)
    world.clock.advance(2_000_000)
    expect(world.committed()).toBe(-1)
    expect(world.state).toBe('Dead')
  })

  test('a week after the commit in a group that never had members', () => {
    const world = new GroupWorld()
    world.commit(1)
    world.clock.advance(week - day)
    world.commit(1, { offsets: [at(1)] })
    world.clock.advance(2 * day)
    expect(world.committed()).toBe(-1)
    expect(world.committed({ partitions: [{ topic: 't', partition: 1 }] })).toBe(1)
  })

  test('a week after the commit for topics that a stable group no longer subscribes to', () => {
    const world = new GroupWorld()
    const left = { ...at(0), topic: 'left' }
    const session = { sessionTimeoutMs: 1_800_000 }
    const [one] = world.stable({ ...session, protocols: [{ name: 'range', metadata: subscription('t') }] })
    world.commit(0, { ...one!, offsets: [at(0), left] })
    for (let i = 0; i < (week + day) / 1_500_000; i++) {
      world.clock.advance(1_500_000)
      world.heartbeat(one!)
    }
    expect(world.committed()).toBe(0)
    expect(world.committed({ partitions: [{ topic: 'left', partition: 0 }] })).toBe(-1)
  })

  test('when their own retention has passed, where an old client sets one', () => {
    const world = new GroupWorld()
    world.commit(1, { retentionMs: 60_000 })
    world.clock.advance(600_000)
    expect(world.committed()).toBe(-1)
  })

  test.each([2 ** 63, 2 ** 62])(
    'not at all where that is as long as 64 bits can tell (%d ms), also after a restart',
    (ms) => {
      const world = new GroupWorld()
      expect(answerOf(world.commit(1, { retentionMs: ms }))).toEqual(['NONE'])
      world.restart()
      world.clock.advance(2 * week)
      expect(world.committed()).toBe(1)
    },
  )

  test('at once where it is below nothing, after a restart no less', () => {
    for (const restarts of [false, true]) {
      const world = new GroupWorld()
      expect(answerOf(world.commit(1, { retentionMs: -(2 ** 63) }))).toEqual(['NONE'])
      if (restarts) world.restart()
      world.clock.advance(600_000)
      expect(world.committed()).toBe(-1)
    }
  })

  test.each([2 ** 63, -(2 ** 63)])('a time that is far off (%d) does no harm', (commitTime) => {
    const world = new GroupWorld()
    expect(answerOf(world.commit(0, { offsets: [at(0, { commitTime })] }))).toEqual(['NONE'])
    world.restart()
    world.clock.advance(600_000)
    expect(world.committed()).toBe(commitTime > 0 ? 0 : -1)
  })

  test('counted from the time that the client of version 1 gives', () => {
    const world = new GroupWorld()
    world.commit(0, { offsets: [at(0, { commitTime: world.clock.now() - week }), at(1)] })
    world.clock.advance(600_000)
    expect(world.committed()).toBe(-1)
    expect(world.committed({ partitions: [{ topic: 't', partition: 1 }] })).toBe(1)
  })
})
