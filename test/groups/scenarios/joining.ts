// Members come, are given ids, choose a protocol, get their assignments.
import { joinGroup } from '../../../src/protocol/messages/join-group.ts'
import {
  beat,
  clients,
  describe,
  join,
  leave,
  leaveMany,
  memberIn,
  protocol,
  sendJoin,
  sendSync,
  stable,
  sync,
} from '../asking.ts'
import type { Scenario } from '../stage.ts'

/** A member's life at one version of each API. */
const life = (joinVersion: number, syncVersion: number, otherVersion: number): Scenario => ({
  name: `one member, JoinGroup ${joinVersion}`,
  async play(stage) {
    const [a] = await clients(stage, 'a')
    const groupId = `life-${joinVersion}`
    const first = await join(a!, joinVersion, groupId)
    const joined = joinVersion >= 4 ? await join(a!, joinVersion, groupId, { memberId: first.memberId }) : first
    const member = memberIn(groupId, joined)
    const assignments = [{ memberId: member.memberId, assignment: Buffer.from('all') }]
    const names = syncVersion >= 5 ? { protocolType: 'consumer', protocolName: 'range' } : {}
    await beat(a!, otherVersion, member)
    await sync(a!, syncVersion, member, { assignments, ...names })
    await beat(a!, otherVersion, member)
    await describe(a!, otherVersion, groupId)
    if (otherVersion < 3) await leave(a!, otherVersion, member)
    else await leaveMany(a!, otherVersion, groupId, [{ memberId: member.memberId }])
    await describe(a!, otherVersion, groupId)
  },
})

export const joining: readonly Scenario[] = [
  life(0, 0, 0),
  life(1, 1, 1),
  life(3, 2, 2),
  life(4, 2, 2),
  life(5, 3, 3),
  life(6, 4, 4),
  life(7, 5, 4),
  life(9, 5, 4),
  {
    name: 'joins that are refused',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      for (const version of [0, 5, 9]) {
        await join(a!, version, '')
        await join(a!, version, 'refused', { sessionTimeoutMs: 5_999 })
        await join(a!, version, 'refused', { sessionTimeoutMs: 1_800_001 })
        await join(a!, version, 'refused', { memberId: 'a-unknown' })
        await join(a!, version, `refused-${version}`, { protocolType: '' })
        await join(a!, version, `refused-${version}`, { protocols: [] })
        await describe(a!, 5, 'refused', `refused-${version}`)
      }
    },
  },
  {
    name: 'a protocol that the others do not know',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      await stable([a!], 'odd')
      await join(b!, 5, 'odd', { protocols: [protocol('other')] })
      await join(b!, 5, 'odd', { protocols: [] })
      await join(b!, 5, 'odd', { protocolType: 'connect' })
      await join(b!, 5, 'odd', { memberId: 'b-unknown' })
      await join(b!, 9, 'odd', { memberId: 'b-unknown', protocolType: 'connect' })
      await describe(b!, 5, 'odd')
    },
  },
  {
    name: 'the protocol that most prefer',
    async play(stage) {
      const [a, b, c] = await clients(stage, 'a', 'b', 'c')
      const [x, y, z] = [protocol('x', 't'), protocol('y', 't'), protocol('z', 't')]
      await stable([a!, b!, c!], 'votes', [{ protocols: [x, y, z] }, { protocols: [z, y] }, { protocols: [z, y, x] }])
      await describe(a!, 5, 'votes')
    },
  },
  {
    name: 'an id that is never used',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      const { memberId } = await join(a!, 5, 'unused', { sessionTimeoutMs: 6_000 })
      await describe(a!, 5, 'unused')
      await beat(a!, 3, { groupId: 'unused', memberId, generationId: 0 })
      await stage.pass(6_500)
      await join(a!, 5, 'unused', { memberId })
    },
  },
  {
    name: 'an id that is not used yet keeps the others waiting',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const [one] = await stable([a!], 'awaited')
      const { memberId } = await join(b!, 5, 'awaited')
      await beat(a!, 3, one!)
      const rejoin = await sendJoin(a!, 5, 'awaited', { memberId: one!.memberId })
      await leaveMany(b!, 3, 'awaited', [{ memberId }])
      await rejoin.answer()
    },
  },
  {
    name: 'two members and an assignment',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const one = memberIn('two', await join(a!, 3, 'two'))
      await sync(a!, 2, one, { assignments: [{ memberId: one.memberId, assignment: Buffer.from('all') }] })
      const second = await sendJoin(b!, 3, 'two')
      await beat(a!, 2, one)
      await sync(a!, 2, one)
      await describe(a!, 4, 'two')
      const leader = memberIn('two', await join(a!, 3, 'two', { memberId: one.memberId }))
      const follower = memberIn('two', await second.answer())
      await describe(a!, 4, 'two')
      const waiting = await sendSync(b!, 2, follower)
      await sync(a!, 2, leader, { assignments: [{ memberId: leader.memberId, assignment: Buffer.from('mine') }] })
      await waiting.answer()
      await sync(b!, 2, follower)
      await describe(a!, 4, 'two')
    },
  },
  {
    name: 'syncs that are refused',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      const [one] = await stable([a!], 'syncs')
      await sync(a!, 3, { ...one!, groupId: '' })
      await sync(a!, 3, { ...one!, groupId: 'none' })
      await sync(a!, 3, { ...one!, memberId: 'a-unknown' })
      await sync(a!, 3, { ...one!, generationId: 7 })
      await sync(a!, 3, one!, { groupInstanceId: 'nobody' })
      await sync(a!, 5, one!)
      await sync(a!, 5, one!, { protocolType: 'connect', protocolName: 'range' })
      await sync(a!, 5, one!, { protocolType: 'consumer', protocolName: 'other' })
      await sync(a!, 5, one!, { protocolType: 'consumer', protocolName: 'range' })
      await sync(a!, 0, one!)
    },
  },
  {
    name: 'joins again that change nothing',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const [, two] = await stable([a!, b!], 'again')
      await join(b!, 5, 'again', { memberId: two!.memberId })
      await join(b!, 9, 'again', { memberId: two!.memberId })
      await beat(a!, 3, two!)
    },
  },
  {
    name: 'joins again before the assignment',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const { memberId } = await join(a!, 3, 'early')
      await join(a!, 3, 'early', { memberId })
      await join(a!, 9, 'early', { memberId })
      const second = await sendJoin(b!, 3, 'early')
      await a!.ask(joinGroup, 3, {
        groupId: 'early',
        memberId,
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 5_000,
        protocolType: 'consumer',
        protocols: [protocol('range', 'else')],
      })
      await second.answer()
    },
  },
  {
    name: 'other metadata',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const [one, two] = await stable([a!, b!], 'changed')
      const changed = await sendJoin(b!, 5, 'changed', { memberId: two!.memberId, protocols: [protocol('range', 'u')] })
      await beat(a!, 3, one!)
      await join(a!, 5, 'changed', { memberId: one!.memberId })
      await changed.answer()
    },
  },
  {
    name: 'an assignment that leaves somebody out',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const [one, two] = await stable([a!, b!], 'left-out')
      const rejoin = await sendJoin(a!, 5, 'left-out', { memberId: one!.memberId })
      const follower = memberIn('left-out', await join(b!, 5, 'left-out', { memberId: two!.memberId }))
      const leader = memberIn('left-out', await rejoin.answer())
      await sync(a!, 3, leader, { assignments: [{ memberId: 'stranger', assignment: Buffer.from('x') }] })
      await sync(b!, 3, follower)
      await describe(a!, 5, 'left-out')
    },
  },
  {
    name: 'a newcomer before the assignment',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const one = memberIn('newcomer', await join(a!, 3, 'newcomer'))
      const second = await sendJoin(b!, 3, 'newcomer')
      await sync(a!, 2, one, { assignments: [{ memberId: one.memberId, assignment: Buffer.from('all') }] })
      await beat(a!, 2, one)
      await join(a!, 3, 'newcomer', { memberId: one.memberId })
      await second.answer()
    },
  },
]
