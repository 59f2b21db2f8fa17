// Topics: CreateTopics here, DeleteTopics beside it.
import { create, listTopics, topic, tryCreate } from '../requests.ts'
import { type Scenario, scenario } from '../scenario.ts'
import { deleted, deletedOnce } from './deleted-topics.ts'

const long = 'x'.repeat(250)

const created: Scenario[] = [0, 4, 5, 7].flatMap((version) => [
  scenario(
    `create v${version}: counts given and left to the broker`,
    create(version, [topic('given', { partitions: 3 }), topic('left', { partitions: -1, replicas: -1 })]),
    listTopics(),
  ),
  scenario(
    `create v${version}: names that no topic can have`,
    create(version, [
      topic(''),
      topic('.'),
      topic('..'),
      topic(long),
      topic('sp ace'),
      topic('ü'),
      topic('a/b'),
      topic('good'),
    ]),
  ),
  scenario(
    `create v${version}: what is there already, and what collides with it`,
    create(version, [topic('a.b'), topic('plain')]),
    create(version, [topic('a.b'), topic('a_b'), topic('plain'), topic('other')]),
  ),
  scenario(
    `create v${version}: counts that can not be`,
    create(version, [
      topic('no-partitions', { partitions: 0 }),
      topic('minus-two', { partitions: -2 }),
      topic('no-replicas', { replicas: 0 }),
      topic('minus-two-replicas', { replicas: -2 }),
      topic('three', { replicas: 3 }),
      topic('most', { replicas: 32_767 }),
      topic('both', { partitions: 0, replicas: 0 }),
      topic('few-and-many', { partitions: 0, replicas: 3 }),
    ]),
  ),
  scenario(
    `create v${version}: wrong configs`,
    create(version, [
      topic('word', { configs: [['retention.ms', 'abc']] }),
      topic('bound', { configs: [['retention.ms', '-2']] }),
      topic('unknown', { configs: [['nope', '1']] }),
      topic('null', { configs: [['retention.ms', null]] }),
      topic('good', { configs: [['retention.ms', '1000']] }),
    ]),
  ),
])

const assigned: Scenario[] = [0, 7].flatMap((version) => [
  scenario(
    `create v${version}: manual assignments to the one node`,
    create(version, [
      topic('two', {
        assigned: [
          [0, [1]],
          [1, [1]],
        ],
      }),
      topic('unordered', {
        assigned: [
          [1, [1]],
          [0, [1]],
        ],
      }),
    ]),
    listTopics(),
  ),
  scenario(
    `create v${version}: manual assignments that can not be`,
    create(version, [
      topic('with-replicas', { assigned: [[0, [1]]], replicas: 1 }),
      topic('with-partitions', { assigned: [[0, [1]]], partitions: 1 }),
      topic('with-both', { assigned: [[0, [1]]], partitions: 1, replicas: 1 }),
      topic('twice', { assigned: [[0, [1, 1]]] }),
      topic('nowhere', { assigned: [[0, []]] }),
      topic('strange', { assigned: [[0, [7]]] }),
      topic('repeated', {
        assigned: [
          [0, [1]],
          [0, [1]],
        ],
      }),
      topic('from-one', { assigned: [[1, [1]]] }),
      topic('gap', {
        assigned: [
          [0, [1]],
          [2, [1]],
        ],
      }),
      topic('negative', { assigned: [[-1, [1]]] }),
      topic('one-strange', {
        assigned: [
          [0, [1]],
          [1, [1, 2]],
        ],
      }),
      topic('minus-one', { assigned: [[0, [-1]]] }),
    ]),
  ),
])

const createdOnce: Scenario[] = [
  scenario('create: nothing', create(7, [])),
  scenario(
    'create: a name twice is created not at all',
    create(7, [topic('twice'), topic('once'), topic('twice')]),
    listTopics(),
  ),
  scenario(
    'create: two names of one request may collide',
    create(7, [topic('a.b'), topic('a_b')]),
    create(7, [topic('a_b')]),
  ),
  scenario('create: the log of the cluster itself', create(7, [topic('__cluster_metadata'), topic('good')])),
  scenario('create: an internal topic by hand', create(7, [topic('__consumer_offsets')]), listTopics()),
  scenario('create: the longest name', create(7, [topic('x'.repeat(249))])),
  scenario(
    'create: configs before counts, names before configs',
    create(7, [
      topic('counts', { partitions: 0, configs: [['nope', '1']] }),
      topic('replicas', { replicas: 3, configs: [['nope', '1']] }),
      topic('sp ace', { configs: [['nope', '1']] }),
      topic('assigned', { assigned: [[0, [7]]], configs: [['nope', '1']] }),
    ]),
  ),
  scenario(
    'create: too many partitions for one request',
    create(7, [topic('large', { partitions: 10_001 }), topic('bad', { partitions: 0 })]),
  ),
  scenario(
    'create: too many partitions together',
    create(7, [topic('half', { partitions: 5001 }), topic('other-half', { partitions: 5001 })]),
  ),
  scenario(
    'create: too many records for one request',
    create(7, [topic('full', { partitions: 10_000 })]),
    listTopics(),
  ),
  scenario(
    'create: a key twice, the last counts',
    create(7, [
      topic('twice', {
        configs: [
          ['retention.ms', '1'],
          ['retention.ms', '2'],
        ],
      }),
    ]),
  ),
  scenario(
    'create: configs as Java reads them',
    create(7, [
      topic('free', {
        configs: [
          ['retention.ms', ' 5 '],
          ['cleanup.policy', ' compact , delete '],
          ['preallocate', 'TRUE'],
          ['min.cleanable.dirty.ratio', '1e-1'],
        ],
      }),
    ]),
  ),
  ...[1, 4, 7].map((version) =>
    scenario(
      `create v${version}: validate only`,
      tryCreate(version, [
        topic('good', { partitions: 2, configs: [['retention.ms', '1000']] }),
        topic('bad', { replicas: 3 }),
        topic('sp ace'),
      ]),
      listTopics(),
    ),
  ),
]

export const topicScenarios: readonly Scenario[] = [...created, ...assigned, ...createdOnce, ...deleted, ...deletedOnce]
