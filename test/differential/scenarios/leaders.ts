// Who leads partitions: the APIs of reassignments and of elections.
import { alterPartitionReassignments } from '../../../src/protocol/messages/alter-partition-reassignments.ts'
import { electLeaders } from '../../../src/protocol/messages/elect-leaders.ts'
import { listPartitionReassignments } from '../../../src/protocol/messages/list-partition-reassignments.ts'
import { listTopics } from '../requests.ts'
import { type Scenario, type Step, scenario, send } from '../scenario.ts'
import { three } from './three-topics.ts'

const timeoutMs = 5000

type Moves = readonly (readonly [
  name: string,
  ...partitions: (readonly [partition: number, replicas: readonly number[] | null])[],
])[]
const move = (moves: Moves): Step =>
  send(alterPartitionReassignments, 0, {
    timeoutMs,
    topics: moves.map(([name, ...partitions]) => ({
      name,
      partitions: partitions.map(([partitionIndex, replicas]) => ({ partitionIndex, replicas })),
    })),
  })

export const moved: Scenario[] = [
  scenario(
    'reassignments: none',
    three,
    ...[
      null,
      [],
      [
        { name: 'one', partitionIndexes: [0, 9] },
        { name: 'nope', partitionIndexes: [0] },
      ],
    ].map((topics) => send(listPartitionReassignments, 0, { timeoutMs, topics })),
  ),
  scenario(
    'reassign: to the one node, to others, back',
    three,
    move([
      ['one', [0, [1]], [1, null], [2, [2]], [9, [1]], [-1, [1]]],
      ['nope', [0, [1]]],
      ['', [0, null]],
    ]),
    listTopics(),
  ),
  scenario(
    'reassign: what can not be',
    three,
    move([
      ['one', [0, []]],
      ['two', [0, [1, 1]], [1, [-1]]],
      ['three', [0, [1, 2]]],
    ]),
    move([]),
    move([['one']]),
    move([['one', [0, [1]], [0, [1]]]]),
    move([['nope', [0, null]]]),
    move([['one', [9, null]]]),
  ),
]

const elect = (
  version: number,
  partitions: readonly (readonly [string, ...number[]])[] | null,
  electionType = 0,
): Step =>
  send(electLeaders, version, {
    ...(version >= 1 ? { electionType } : {}),
    topicPartitions: partitions?.map(([name, ...ids]) => ({ topic: name, partitions: ids })) ?? null,
    timeoutMs,
  })

export const elected: Scenario[] = [0, 1, 2].map((version) =>
  scenario(
    `elect v${version}`,
    three,
    elect(version, null),
    elect(version, []),
    elect(version, [
      ['one', 0, 1],
      ['nope', 0],
      ['', 0],
    ]),
    elect(version, [['one', 9, 0]]),
    elect(version, [['one']]),
    elect(version, [
      ['one', 0, 0],
      ['one', 0],
    ]),
    ...(version >= 1
      ? [elect(version, [['one', 0]], 1), elect(version, [['one', 0]], 2), elect(version, null, 5)]
      : []),
  ),
)
