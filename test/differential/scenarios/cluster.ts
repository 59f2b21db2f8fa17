// Partitions, records, and the facts of the cluster: CreatePartitions, DeleteRecords, DescribeCluster, DescribeTopicPartitions,
// DescribeLogDirs, and the ACLs of a broker without an authoriser.
import { createAcls } from '../../../src/protocol/messages/create-acls.ts'
import { deleteAcls } from '../../../src/protocol/messages/delete-acls.ts'
import { describeAcls } from '../../../src/protocol/messages/describe-acls.ts'
import { describeCluster } from '../../../src/protocol/messages/describe-cluster.ts'
import { describeLogDirs } from '../../../src/protocol/messages/describe-log-dirs.ts'
import { describeTopicPartitions } from '../../../src/protocol/messages/describe-topic-partitions.ts'
import { create, grow, listTopics, removeRecords, topic } from '../requests.ts'
import { type Scenario, type Step, scenario, send } from '../scenario.ts'
import { elected, moved } from './leaders.ts'
import { three } from './three-topics.ts'

const grown: Scenario[] = [0, 1, 3].flatMap((version) => [
  scenario(
    `partitions v${version}: more, as many, fewer, of what is not there`,
    three,
    grow(version, [
      ['one', 5],
      ['two', 2],
      ['three', 0],
      ['nope', 4],
      ['', 3],
      ['sp ace', 3],
    ]),
    grow(version, [
      ['one', 4],
      ['two', -1],
    ]),
    listTopics(),
  ),
  scenario(
    `partitions v${version}: assignments`,
    three,
    grow(version, [
      ['one', 4, [[1], [1]]],
      ['two', 3, []],
      ['three', 2, [[1, 1]]],
    ]),
    grow(version, [
      ['one', 4, [[9]]],
      ['two', 3, [[]]],
      ['three', 3, [[1], [1]]],
    ]),
    grow(version, [
      ['one', 5, [[1], [1, 2]]],
      ['two', 2, [[1]]],
    ]),
    listTopics(),
  ),
  scenario(
    `partitions v${version}: validate only, and names that come twice`,
    three,
    grow(
      version,
      [
        ['one', 5],
        ['two', 1],
      ],
      true,
    ),
    grow(version, [
      ['one', 5],
      ['one', 6],
      ['two', 3],
    ]),
    grow(version, []),
    listTopics(),
  ),
])

const records: Scenario[] = [0, 1, 2].map((version) =>
  scenario(
    `records v${version}: of empty partitions, and of what is not there`,
    three,
    create(7, [topic('compacted', { configs: [['cleanup.policy', 'compact']] })]),
    removeRecords(version, [
      ['one', [0, 0n], [1, 0n], [9, 0n], [-1, 0n]],
      ['nope', [0, 0n]],
      ['', [0, 0n]],
    ]),
    removeRecords(version, [['one', [0, 5n]]]),
    removeRecords(version, [['one', [0, -1n]]]),
    removeRecords(version, [['one', [0, -2n]]]),
    removeRecords(version, [['compacted', [0, 0n]]]),
    removeRecords(version, []),
    removeRecords(version, [['one']]),
    removeRecords(version, [['one', [0, 0n], [0, 1n]]]),
    removeRecords(version, [
      ['one', [0, 0n]],
      ['one', [1, 0n]],
    ]),
  ),
)

const clusters: Scenario[] = [
  scenario(
    'cluster v0',
    send(describeCluster, 0, { includeClusterAuthorizedOperations: false }),
    send(describeCluster, 0, { includeClusterAuthorizedOperations: true }),
  ),
  scenario(
    'cluster v1',
    ...[1, 2, 3, 0].map((endpointType) =>
      send(describeCluster, 1, { includeClusterAuthorizedOperations: true, endpointType }),
    ),
  ),
]

type Cursor = readonly [topicName: string, partitionIndex: number]
const page = (names: readonly string[], responsePartitionLimit = 2000, cursor?: Cursor): Step =>
  send(describeTopicPartitions, 0, {
    topics: names.map((name) => ({ name })),
    responsePartitionLimit,
    cursor: cursor ? { topicName: cursor[0], partitionIndex: cursor[1] } : null,
  })

const pages: Scenario[] = [
  scenario(
    'topic partitions: by name, in the order of names',
    three,
    page(['two', 'one']),
    page(['one', 'one']),
    page([]),
  ),
  scenario(
    'topic partitions: what is not there',
    three,
    page(['nope', 'one']),
    page(['sp ace', 'one']),
    page(['one', 'zzz'], 3),
    page(['nope', 'one'], 1),
  ),
  scenario('topic partitions: an empty name', three, page(['', 'one'])),
  scenario(
    'topic partitions: page by page',
    three,
    page([], 2),
    page([], 2, ['one', 2]),
    page([], 2, ['three', 0]),
    page([], 2, ['two', 1]),
  ),
  scenario('topic partitions: limits', three, page(['one'], 0), page(['one'], -1), page(['one', 'two'], 3)),
  scenario(
    'topic partitions: cursors',
    three,
    page(['one', 'two'], 10, ['two', 1]),
    page(['one', 'two'], 10, ['zz', 0]),
    page(['one'], 10, ['one', -1]),
    page(['one'], 10, ['one', 3]),
    page(['one', 'two'], 10, ['one', 5]),
    page(['one', 'two'], 10, ['onf', 0]),
    page([], 10, ['onf', 0]),
    page(['one', 'nope'], 10, ['nope', 0]),
  ),
]

const dirs: Scenario[] = [0, 2, 4].map((version) =>
  scenario(
    `log dirs v${version}`,
    three,
    ...[
      [
        { topic: 'one', partitions: [0, 1, 9] },
        { topic: 'nope', partitions: [0] },
      ],
      [],
      [{ topic: 'one', partitions: [] }],
      [
        { topic: 'two', partitions: [0, 0] },
        { topic: 'two', partitions: [1] },
      ],
      null,
    ].map((topics) => send(describeLogDirs, version, { topics })),
  ),
)

const acls: Scenario[] = [0, 1, 3].map((version) => {
  const creation = {
    resourceType: 2,
    resourceName: 'x',
    principal: 'User:a',
    host: '*',
    operation: 3,
    permissionType: 3,
  }
  const filter = {
    resourceTypeFilter: 2,
    resourceNameFilter: 'x',
    principalFilter: null,
    hostFilter: null,
    operation: 1,
    permissionType: 1,
  }
  return scenario(
    `ACLs v${version}`,
    send(describeAcls, version, filter),
    send(describeAcls, version, { ...filter, resourceNameFilter: null, resourceTypeFilter: 99 }),
    send(createAcls, version, { creations: [creation, { ...creation, principal: '' }] }),
    send(createAcls, version, { creations: [] }),
    send(deleteAcls, version, { filters: [filter, filter] }),
    send(deleteAcls, version, { filters: [] }),
    send(describeAcls, version, { ...filter, resourceTypeFilter: 0 }),
    send(createAcls, version, { creations: [{ ...creation, operation: 0 }] }),
    send(deleteAcls, version, { filters: [{ ...filter, permissionType: 0 }] }),
  )
})

export const clusterScenarios: readonly Scenario[] = [
  ...grown,
  ...records,
  ...clusters,
  ...pages,
  ...dirs,
  ...moved,
  ...elected,
  ...acls,
]
