// What a group still is when its coordinator was stopped and started again.
import { beat, clients, commitAs, describe, fetched, join, memberIn, sendJoin, stable, sync } from '../asking.ts'
import type { Scenario } from '../stage.ts'

const patient = { sessionTimeoutMs: 60_000, rebalanceTimeoutMs: 60_000 }

export const restarts: readonly Scenario[] = [
  {
    name: 'a stable group through a restart',
    async play(stage) {
      const before = await clients(stage, 'a', 'b')
      const [one, two] = await stable(before, 'kept', [patient, patient])
      await commitAs(before[0]!, 7, one!)
      await stage.restart()
      const [a, b] = await clients(stage, 'a', 'b')
      await beat(a!, 3, one!)
      await beat(b!, 3, two!)
      await sync(b!, 3, two!)
      await commitAs(b!, 7, two!)
      await fetched(a!, 5, 'kept')
      await describe(a!, 5, 'kept')
    },
  },
  {
    name: 'a restart before the first assignment',
    async play(stage) {
      const [early] = await clients(stage, 'a')
      const one = memberIn('unborn', await join(early!, 3, 'unborn', patient))
      await stage.restart()
      const [a] = await clients(stage, 'a')
      await sync(a!, 3, one)
      await beat(a!, 3, one)
      await join(a!, 3, 'unborn', { ...patient, memberId: one.memberId })
      await describe(a!, 5, 'unborn')
      await join(a!, 3, 'unborn', patient)
    },
  },
  {
    name: 'a restart between join and sync of a later generation',
    async play(stage) {
      const [early, late] = await clients(stage, 'a', 'b')
      const [old] = await stable([early!], 'between', [patient])
      const second = await sendJoin(late!, 3, 'between', patient)
      const leader = memberIn('between', await join(early!, 3, 'between', { ...patient, memberId: old!.memberId }))
      const follower = memberIn('between', await second.answer())
      await stage.restart()
      const [a, b] = await clients(stage, 'a', 'b')
      await sync(a!, 3, leader)
      await beat(a!, 3, leader)
      await sync(b!, 3, follower)
      await beat(a!, 3, old!)
      await sync(a!, 3, old!)
      await describe(a!, 5, 'between')
    },
  },
]
