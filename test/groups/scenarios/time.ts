// Members that are slow, silent, or gone.
import {
  beat,
  clients,
  describe,
  join,
  leave,
  leaveMany,
  memberIn,
  sendJoin,
  sendSync,
  stable,
  sync,
} from '../asking.ts'
import type { Scenario } from '../stage.ts'

export const time: readonly Scenario[] = [
  {
    name: 'a member that does not join again',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const short = { rebalanceTimeoutMs: 1_000 }
      const [one] = await stable([a!], 'late', [short])
      const second = await sendJoin(b!, 3, 'late', short)
      await beat(a!, 3, one!)
      await stage.pass(1_500)
      await second.answer()
      await beat(a!, 3, one!)
      await join(a!, 3, 'late', { memberId: one!.memberId })
    },
  },
  {
    name: 'a member that is silent',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      const [one] = await stable([a!], 'silent', [{ sessionTimeoutMs: 6_000 }])
      await stage.pass(6_500)
      await beat(a!, 3, one!)
      await describe(a!, 5, 'silent')
    },
  },
  {
    name: 'a member that never asks for its assignment',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const short = { rebalanceTimeoutMs: 1_000 }
      const one = memberIn('unsynced', await join(a!, 3, 'unsynced', short))
      const second = await sendJoin(b!, 3, 'unsynced', short)
      const leader = memberIn('unsynced', await join(a!, 3, 'unsynced', { ...short, memberId: one.memberId }))
      const follower = memberIn('unsynced', await second.answer())
      await sync(a!, 3, leader)
      await describe(a!, 5, 'unsynced')
      await stage.pass(1_500)
      await beat(a!, 3, leader)
      await beat(b!, 3, follower)
    },
  },
  {
    name: 'a leader that never brings the assignment',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const short = { rebalanceTimeoutMs: 1_000 }
      const one = memberIn('leaderless', await join(a!, 3, 'leaderless', short))
      const second = await sendJoin(b!, 3, 'leaderless', short)
      await join(a!, 3, 'leaderless', { ...short, memberId: one.memberId })
      const follower = memberIn('leaderless', await second.answer())
      const waiting = await sendSync(b!, 3, follower)
      await stage.pass(1_500)
      await waiting.answer()
      await join(b!, 3, 'leaderless', { ...short, memberId: follower.memberId })
    },
  },
  {
    name: 'a connection that breaks while its join waits',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const [one] = await stable([a!], 'broken')
      await sendJoin(b!, 3, 'broken')
      await b!.cut()
      await describe(a!, 5, 'broken')
      await join(a!, 3, 'broken', { memberId: one!.memberId })
    },
  },
  {
    name: 'leaving',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const [one, two] = await stable([a!, b!], 'leaving')
      await leave(a!, 0, { ...one!, memberId: 'stranger' })
      await leave(a!, 0, { ...one!, groupId: 'none' })
      await leave(a!, 0, { ...one!, groupId: '' })
      await leaveMany(a!, 3, '', [{ memberId: one!.memberId }])
      await leaveMany(a!, 5, 'none', [{ memberId: one!.memberId }])
      await leaveMany(a!, 5, 'leaving', [])
      await leave(a!, 1, one!)
      await leave(a!, 1, one!)
      await beat(b!, 3, two!)
      await join(b!, 5, 'leaving', { memberId: two!.memberId })
    },
  },
  {
    name: 'several leave at once',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const [one, two] = await stable([a!, b!], 'several')
      const members = [one!, { memberId: 'stranger' }, two!].map(({ memberId }) => ({ memberId }))
      await leaveMany(a!, 4, 'several', members)
      await describe(a!, 5, 'several')
      await join(a!, 3, 'several', { protocolType: 'connect' })
      await describe(a!, 5, 'several')
    },
  },
  {
    name: 'leaving while the own join waits',
    async play(stage) {
      const [a, b, tool] = await clients(stage, 'a', 'b', 'tool')
      const [one, two] = await stable([a!, b!], 'both')
      const waiting = await sendJoin(a!, 5, 'both', { memberId: one!.memberId })
      await leaveMany(tool!, 3, 'both', [{ memberId: one!.memberId }])
      await waiting.answer()
      await join(b!, 5, 'both', { memberId: two!.memberId })
    },
  },
  {
    name: 'heartbeats that are refused',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      const [one] = await stable([a!], 'beats')
      for (const version of [0, 2, 4]) {
        await beat(a!, version, { ...one!, groupId: '' })
        await beat(a!, version, { ...one!, groupId: 'none' })
        await beat(a!, version, { ...one!, memberId: '' })
        await beat(a!, version, { ...one!, generationId: 0 })
        await beat(a!, version, one!)
      }
    },
  },
]
