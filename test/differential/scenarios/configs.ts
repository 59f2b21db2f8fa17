// Configs: DescribeConfigs here, their changes and their values beside it.
import { alter, create, describe, kinds, topic, tryCreate } from '../requests.ts'
import { type Scenario, scenario } from '../scenario.ts'
import { changed, replaced } from './changed-configs.ts'
import { values } from './config-values.ts'

const { topic: onTopic, broker: onBroker } = kinds
const settings = [
  ['retention.ms', ' 5 '],
  ['cleanup.policy', ' compact ,delete'],
  ['min.cleanable.dirty.ratio', '1e-1'],
  ['preallocate', 'TRUE'],
] as const
const shown = [
  'retention.ms',
  'cleanup.policy',
  'min.cleanable.dirty.ratio',
  'preallocate',
  'segment.bytes',
  'flush.ms',
]

const described: Scenario[] = [0, 1, 3, 4].flatMap((version) => [
  scenario(
    `describe v${version}: what is set, what is not, what is asked twice`,
    create(7, [topic('orders', { configs: settings })]),
    describe(version, [[onTopic, 'orders', shown]]),
    describe(version, [[onTopic, 'orders', shown]], { synonyms: false }),
    describe(version, [
      [onTopic, 'orders', ['flush.ms', 'flush.ms', 'nope']],
      [onTopic, 'orders', ['segment.ms']],
    ]),
  ),
  scenario(
    `describe v${version}: all keys of a topic`,
    create(7, [topic('orders')]),
    describe(version, [[onTopic, 'orders']]),
    describe(version, [[onTopic, 'orders', []]]),
  ),
  scenario(
    `describe v${version}: topics that are not there`,
    describe(version, [
      [onTopic, 'nope'],
      [onTopic, ''],
      [onTopic, 'sp ace'],
      [onTopic, 'x'.repeat(250)],
    ]),
    describe(version, []),
  ),
  scenario(
    `describe v${version}: of the broker`,
    describe(version, [
      [
        onBroker,
        '1',
        [
          'num.partitions',
          'log.retention.ms',
          'log.retention.hours',
          'message.max.bytes',
          'node.id',
          'broker.rack',
          'nope',
          'log.roll.ms',
          'log.flush.interval.ms',
          'log.cleanup.policy',
          'log.cleaner.min.cleanable.ratio',
          'authorizer.class.name',
          'inter.broker.protocol.version',
          'socket.request.max.bytes',
        ],
      ],
    ]),
    describe(version, [
      [onBroker, ''],
      [onBroker, '7'],
      [onBroker, 'abc'],
      [onBroker, '-1'],
      [onBroker, '01', ['node.id']],
    ]),
  ),
  scenario(
    `describe v${version}: loggers, subscriptions, and kinds that are none`,
    describe(version, [
      [kinds.loggers, '1', ['no.such.logger']],
      [kinds.loggers, ''],
      [kinds.loggers, '9'],
      [kinds.loggers, 'x'],
    ]),
    describe(version, [
      [kinds.clientMetrics, 'none'],
      [kinds.clientMetrics, ''],
    ]),
    describe(version, [[kinds.group, 'g']]),
    describe(version, [[0, 'x']]),
    describe(version, [
      [onTopic, 'nope'],
      [99, 'x'],
    ]),
  ),
])

const together: Scenario = scenario(
  'configs that contradict each other, and several that are wrong',
  tryCreate(4, [
    topic('lags', {
      configs: [
        ['min.compaction.lag.ms', '10'],
        ['max.compaction.lag.ms', '5'],
      ],
    }),
    topic('local', {
      configs: [
        ['local.retention.ms', '1000'],
        ['retention.ms', '500'],
      ],
    }),
    topic('both-wrong', {
      configs: [
        ['retention.ms', 'x'],
        ['segment.bytes', 'y'],
      ],
    }),
    topic('unknown-too', {
      configs: [
        ['retention.ms', 'x'],
        ['nope', 'y'],
      ],
    }),
    topic('null-too', {
      configs: [
        ['nope', 'x'],
        ['retention.ms', null],
      ],
    }),
  ]),
)

/** Names of nodes are read as an int of Java is: a sign, zeros in front, 32 bits. */
const nodeNames = ['+1', '+7', '000000000001', '-', '2147483647', '2147483648', '-2147483649', '99999999999']

const nodes = scenario(
  'names of nodes that an int holds, and that it does not',
  ...[onBroker, kinds.loggers].map((kind) =>
    describe(
      4,
      nodeNames.map((name) => [kind, name, ['node.id']]),
    ),
  ),
  alter(
    1,
    nodeNames.map((name) => [onBroker, name]),
  ),
  // of another node of which an int is the name, see the accepted differences
  alter(
    1,
    ['+1', '000000000001', '-', '2147483648', '99999999999'].map((name) => [kinds.loggers, name]),
  ),
)

export const configScenarios: readonly Scenario[] = [...described, ...changed, ...replaced, ...values, together, nodes]
