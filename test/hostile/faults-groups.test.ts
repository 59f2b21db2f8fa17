// Groups whose coordinator moves, loads, hangs up or refuses: members go on, and what can't be is told.
import { describe, expect, test } from 'vitest'
import { times, titleOf, titled } from '../support/fault-rules.ts'
import { type Faulty, startFaulty } from '../support/faulty.ts'

async function withRecords(): Promise<Faulty> {
  const faulty = await startFaulty('topics: { orders: { value: string } }')
  expect(await faulty.tell('topics apply --yes')).toContain('Applied: 1 done.')
  await faulty.tell('produce orders', { input: 'one\ntwo\nthree\n' })
  return faulty
}

describe('a member reads and commits all', () => {
  const rules = [
    times(3, 'FindCoordinator', 'error', 'COORDINATOR_NOT_AVAILABLE'),
    times(1, 'FindCoordinator', 'disconnect-after'),
    times(2, 'JoinGroup', 'error', 'COORDINATOR_LOAD_IN_PROGRESS'),
    times(2, 'JoinGroup', 'error', 'NOT_COORDINATOR'),
    times(1, 'JoinGroup', 'disconnect-before'),
    times(1, 'SyncGroup', 'error', 'REBALANCE_IN_PROGRESS'),
    times(1, 'SyncGroup', 'move-coordinator', 500),
    times(2, 'OffsetFetch', 'error', 'COORDINATOR_LOAD_IN_PROGRESS'),
    times(1, 'OffsetCommit', 'error', 'NOT_COORDINATOR'),
    times(1, 'OffsetCommit', 'disconnect-after'),
    times(1, 'OffsetCommit', 'move-coordinator', 500),
  ]

  test.each(titled(rules))('through %s', async (_, each) => {
    const faulty = await withRecords()
    faulty.faults.add(each)
    expect(await faulty.tell('consume orders --group billing --from start -n 3 -o raw')).toBe(
      ['exit 0', '| one', '| two', '| three'].join('\n'),
    )
    expect(faulty.faults.list()).toEqual([])
    expect(await faulty.tell('groups describe billing')).toContain('billing  Empty, 0 members, lag 0')
  })

  const lost = [
    [times(1, 'Heartbeat', 'move-coordinator', 1000)],
    // nobody says for a while which broker it is: one that starts again hangs up
    [times(1, 'Heartbeat', 'error', 'NOT_COORDINATOR'), times(12, 'FindCoordinator', 'disconnect-before')],
  ]

  test.each(lost.map((rules) => [rules.map(titleOf).join(', '), rules] as const))(
    'and goes on when its coordinator is lost: %s',
    async (_, rules) => {
      const faulty = await withRecords()
      const member = faulty.start('consume orders --group billing --from start -o raw')
      await member.lines(3)
      for (const rule of rules) faulty.faults.add(rule)
      await expect.poll(() => faulty.faults.list(), { timeout: 50_000 }).toEqual([])
      await faulty.tell('produce orders', { input: 'four\n' })
      expect((await member.lines(4)).slice(0, 4)).toEqual(['one', 'two', 'three', 'four'])
      member.kill('SIGINT')
      await member.ended
      expect(await faulty.tell('groups describe billing')).toContain('lag 0')
    },
  )
})

describe('groups are listed and described', () => {
  const rules = [
    times(2, 'ListGroups', 'error', 'COORDINATOR_LOAD_IN_PROGRESS'),
    times(1, 'ListGroups', 'disconnect-before'),
    times(2, 'DescribeGroups', 'error', 'NOT_COORDINATOR'),
    times(2, 'DescribeGroups', 'error', 'COORDINATOR_LOAD_IN_PROGRESS'),
    times(1, 'DescribeGroups', 'disconnect-after'),
    times(1, 'DescribeGroups', 'move-coordinator', 600),
    times(2, 'OffsetFetch', 'error', 'COORDINATOR_LOAD_IN_PROGRESS'),
    times(1, 'ListOffsets', 'error', 'LEADER_NOT_AVAILABLE'),
  ]

  test('whatever happens on the way', async () => {
    const faulty = await withRecords()
    await faulty.tell('consume orders --group billing --from start -n 3')
    const [list, described] = [await faulty.tell('groups list'), await faulty.tell('groups describe billing')]
    expect([list, described]).toEqual([expect.stringMatching(/^exit 0[^]*billing/), expect.stringMatching(/^exit 0/)])
    for (const each of rules) {
      faulty.faults.add(each)
      const isList = each.match.api === 'ListGroups'
      const told = await faulty.tell(isList ? 'groups list' : 'groups describe billing')
      expect([titleOf(each), told, faulty.faults.list()]).toEqual([titleOf(each), isList ? list : described, []])
    }
  })
})

test('a group that may not be used is told so, by exit code too', async () => {
  const faulty = await withRecords()
  faulty.faults.add(times(1, 'JoinGroup', 'error', 'GROUP_AUTHORIZATION_FAILED'))
  const joined = await faulty.tell('consume orders --group billing --from start -n 3')
  faulty.faults.add(times(1, 'DescribeGroups', 'error', 'GROUP_AUTHORIZATION_FAILED'))
  const described = await faulty.tell('groups describe billing')
  const text = [
    'exit 77',
    'error[not-authorised]: group "billing" may not be used by this user',
    '  server: GROUP_AUTHORIZATION_FAILED',
    '  try: the user needs READ and DESCRIBE on the group',
  ].join('\n')
  expect([joined, described]).toEqual([text, text])
})
