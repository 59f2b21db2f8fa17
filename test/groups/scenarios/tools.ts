// What tools ask: list, describe, delete.
import { deleteGroups } from '../../../src/protocol/messages/delete-groups.ts'
import { describeGroups } from '../../../src/protocol/messages/describe-groups.ts'
import { clients, commit, describe, join, leaveMany, list, stable } from '../asking.ts'
import type { Client, Scenario } from '../stage.ts'

const deleteOf = (client: Client, version: number, ...groupsNames: string[]) =>
  client.ask(deleteGroups, version, { groupsNames })

export const tools: readonly Scenario[] = [
  {
    name: 'describing in each version',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      await stable([a!], 'described')
      await commit(a!, 5, 'described-simple')
      for (const version of [0, 1, 2, 3, 4, 5])
        await describe(a!, version, 'described', 'described-simple', 'none', 'none')
      for (const version of [3, 5])
        await a!.ask(describeGroups, version, {
          groups: ['described', 'none'],
          includeAuthorizedOperations: true,
        })
      await describe(a!, 5)
    },
  },
  {
    name: 'listing in each version',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      await join(a!, 3, 'listed')
      await commit(a!, 5, 'listed-simple')
      for (const version of [0, 1, 3, 4, 5]) await list(a!, version, 'listed')
      for (const statesFilter of [['CompletingRebalance'], ['EMPTY', 'nonsense'], ['nonsense']]) {
        await list(a!, 4, 'listed', { statesFilter })
        await list(a!, 5, 'listed', { statesFilter, typesFilter: ['CLASSIC', 'consumer'] })
      }
      for (const typesFilter of [['classic'], ['consumer'], ['nonsense']]) await list(a!, 5, 'listed', { typesFilter })
    },
  },
  {
    name: 'deleting groups',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      const [one] = await stable([a!], 'doomed')
      await commit(a!, 5, 'doomed-simple')
      await deleteOf(a!, 0, 'doomed', 'doomed-simple', 'none', 'none', '')
      await deleteOf(a!, 1, 'doomed-simple')
      await leaveMany(a!, 3, 'doomed', [{ memberId: one!.memberId }])
      await deleteOf(a!, 2, 'doomed')
      await describe(a!, 5, 'doomed')
      await join(a!, 3, 'doomed', { memberId: one!.memberId })
      await join(a!, 3, 'doomed')
      await deleteOf(a!, 2)
    },
  },
  {
    name: 'a group that was refused its first member',
    async play(stage) {
      const [a] = await clients(stage, 'a')
      await join(a!, 3, 'stillborn', { protocols: [] })
      await describe(a!, 5, 'stillborn')
      await deleteOf(a!, 2, 'stillborn')
      await join(a!, 5, 'pending')
      await deleteOf(a!, 2, 'pending')
      await describe(a!, 5, 'pending')
    },
  },
]
