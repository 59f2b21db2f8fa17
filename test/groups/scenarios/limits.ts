// Groups that are full, and topics that grow.
import { beat, clients, commitAs, describe, join, leave, offsetAt, protocol, sendJoin, stable } from '../asking.ts'
import type { Scenario } from '../stage.ts'

export const limits: readonly Scenario[] = [
  {
    name: 'a group that is full',
    async play(stage) {
      const [a, b, c, d, e] = await clients(stage, 'a', 'b', 'c', 'd', 'e')
      const members = await stable([a!, b!, c!, d!], 'full')
      for (const version of [0, 3, 5, 9]) await join(e!, version, 'full')
      await join(e!, 5, 'full', { groupInstanceId: 'x' })
      await beat(a!, 3, members[0]!)
      await describe(a!, 5, 'full')
      await leave(d!, 1, members[3]!)
      await sendJoin(e!, 3, 'full')
      await beat(a!, 3, members[0]!)
    },
  },
  {
    name: 'a group that others fill while it rebalances',
    async play(stage) {
      const [a, b, c, d, e] = await clients(stage, 'a', 'b', 'c', 'd', 'e')
      const first = await join(a!, 3, 'filling')
      const waiting: Awaited<ReturnType<typeof sendJoin>>[] = []
      for (const each of [b, c, d, e]) waiting.push(await sendJoin(each!, 3, 'filling'))
      await join(a!, 3, 'filling', { memberId: first.memberId })
      // the leader went: which of the others leads is chance in Kafka, it goes by their random ids
      for (const each of waiting) await each.answer((answer) => ({ ...answer, leader: '', members: [] }))
    },
  },
  {
    name: 'partitions that are added do not disturb a group',
    async play(stage) {
      await stage.createTopic('grown', 1)
      const [a] = await clients(stage, 'a')
      const [one] = await stable([a!], 'growing', [{ protocols: [protocol('range', 'grown')] }])
      await stage.growTopic('grown', 3)
      await stage.pass(1_000)
      await beat(a!, 3, one!)
      await describe(a!, 5, 'growing')
      await commitAs(a!, 7, one!, { topics: [{ name: 'grown', partitions: [offsetAt(2, 5)] }] })
      await join(a!, 5, 'growing', { memberId: one!.memberId, protocols: [protocol('range', 'grown')] })
      await describe(a!, 5, 'growing')
    },
  },
]
