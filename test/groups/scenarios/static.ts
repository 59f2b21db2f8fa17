// Static members (KIP-345).
import {
  beat,
  clients,
  commitAs,
  describe,
  join,
  leaveMany,
  memberIn,
  protocol,
  sendJoin,
  sendSync,
  stable,
  sync,
} from '../asking.ts'
import type { Scenario } from '../stage.ts'

const x = { groupInstanceId: 'x' }
const y = { groupInstanceId: 'y' }

export const staticMembers: readonly Scenario[] = [
  {
    name: 'static members that come and come back',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const [one, two] = await stable([a!, b!], 'static', [x, y])
      await describe(a!, 5, 'static')
      await describe(a!, 3, 'static')
      const back = memberIn('static', await join(b!, 5, 'static', y))
      await sync(b!, 3, back, y)
      await beat(a!, 3, one!, x)
      await beat(b!, 3, two!, y)
      await sync(b!, 3, two!, y)
      await commitAs(b!, 7, two!, y)
      await join(b!, 5, 'static', { ...y, memberId: two!.memberId })
      await leaveMany(b!, 3, 'static', [{ ...y, memberId: two!.memberId }])
      await beat(b!, 3, back, y)
    },
  },
  {
    name: 'a static leader that comes back',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      await stable([a!, b!], 'static-leader', [x, y])
      await join(a!, 5, 'static-leader', x)
      await join(a!, 8, 'static-leader', x)
      const back = memberIn('static-leader', await join(a!, 9, 'static-leader', x))
      await sync(a!, 5, back, { ...x, protocolType: 'consumer', protocolName: 'range' })
      await join(b!, 9, 'static-leader', y)
      await describe(a!, 5, 'static-leader')
    },
  },
  {
    name: 'a static member that comes back with another choice of protocol',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      const [p, q] = [protocol('p', 't'), protocol('q', 't')]
      await stable([a!], 'static-choice', [{ ...x, protocols: [p, q] }])
      await join(a!, 5, 'static-choice', { ...x, protocols: [q, p] })
    },
  },
  {
    name: 'a static member that comes back before the assignment',
    async play(stage) {
      const [a, b, c] = await clients(stage, 'a', 'b', 'c')
      const first = memberIn('static-early', await join(a!, 5, 'static-early', x))
      const second = await sendJoin(b!, 5, 'static-early', y)
      const leader = memberIn('static-early', await join(a!, 5, 'static-early', { ...x, memberId: first.memberId }))
      const former = await sendSync(b!, 3, memberIn('static-early', await second.answer()), y)
      const back = await sendJoin(c!, 5, 'static-early', y)
      await former.answer()
      await beat(a!, 3, leader, x)
      await join(a!, 5, 'static-early', { ...x, memberId: leader.memberId })
      await back.answer()
    },
  },
  {
    name: 'a static member that comes back while its former self waits',
    async play(stage) {
      const [a, b, c] = await clients(stage, 'a', 'b', 'c')
      const [one, two] = await stable([a!, b!], 'static-twice', [x, y])
      const former = await sendJoin(a!, 5, 'static-twice', { ...x, memberId: one!.memberId })
      const back = await sendJoin(c!, 5, 'static-twice', x)
      await former.answer()
      await join(b!, 5, 'static-twice', { ...y, memberId: two!.memberId })
      await back.answer()
    },
  },
  {
    name: 'a static member that does not join again stays',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const short = { rebalanceTimeoutMs: 1_000 }
      const [one] = await stable([a!, b!], 'static-stays', [
        { ...x, ...short },
        { ...y, ...short },
      ])
      const rejoin = await sendJoin(a!, 5, 'static-stays', { ...x, ...short, memberId: one!.memberId })
      await stage.pass(1_500)
      await rejoin.answer()
    },
  },
  {
    name: 'tools remove static members by their instance',
    async play(stage) {
      const [a, b] = await clients(stage, 'a', 'b')
      const [one] = await stable([a!, b!], 'static-removed', [x, y])
      await leaveMany(a!, 3, 'static-removed', [
        { ...y, memberId: '' },
        { groupInstanceId: 'nobody', memberId: '' },
      ])
      await leaveMany(a!, 5, 'static-removed', [{ groupInstanceId: 'nobody', memberId: one!.memberId }])
      await beat(a!, 3, one!, x)
      await beat(a!, 4, one!, { groupInstanceId: 'nobody' })
      await join(a!, 9, 'static-removed', { groupInstanceId: 'nobody', memberId: one!.memberId })
      await describe(a!, 4, 'static-removed')
    },
  },
]
