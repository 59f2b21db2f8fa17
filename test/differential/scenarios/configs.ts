// DescribeConfigs, IncrementalAlterConfigs and AlterConfigs.
import { alter, create, describe, kinds, replaceConfigs, topic, tryCreate } from '../requests.ts'
import { type Scenario, scenario } from '../scenario.ts'

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

const changed: Scenario[] = [0, 1].flatMap((version) => [
  scenario(
    `alter v${version}: set, delete, and what is not there`,
    create(7, [topic('orders'), topic('other')]),
    alter(version, [
      [onTopic, 'orders', ['set', 'retention.ms', '5']],
      [onTopic, 'nope', ['set', 'retention.ms', '5']],
      [onTopic, ''],
      [onTopic, 'sp ace', ['set', 'retention.ms', '5']],
      [onTopic, 'other'],
    ]),
    describe(4, [[onTopic, 'orders', ['retention.ms']]]),
    alter(version, [
      [onTopic, 'orders', ['delete', 'retention.ms', 'x'], ['delete', 'segment.ms'], ['delete', 'nope']],
    ]),
    describe(4, [[onTopic, 'orders', ['retention.ms']]]),
  ),
  scenario(
    `alter v${version}: lists`,
    create(7, [topic('orders')]),
    ...(['append', 'append', 'subtract'] as const).flatMap((operation, i) => [
      alter(version, [[onTopic, 'orders', [operation, 'cleanup.policy', i === 2 ? 'delete,compact' : 'compact']]]),
      describe(4, [[onTopic, 'orders', ['cleanup.policy']]]),
    ]),
    alter(version, [[onTopic, 'orders', ['subtract', 'cleanup.policy', 'nonsense']]]),
    alter(version, [[onTopic, 'orders', ['append', 'cleanup.policy', 'nonsense']]]),
    alter(version, [[onTopic, 'orders', ['append', 'leader.replication.throttled.replicas', '0:1']]]),
    describe(4, [[onTopic, 'orders', ['cleanup.policy', 'leader.replication.throttled.replicas']]]),
  ),
  scenario(
    `alter v${version}: operations that can not be`,
    create(7, [topic('orders')]),
    alter(version, [[onTopic, 'orders', ['append', 'retention.ms', '5']]]),
    alter(version, [[onTopic, 'orders', ['subtract', 'retention.ms', '5']]]),
    alter(version, [[onTopic, 'orders', ['append', 'nope', '5']]]),
    alter(version, [[onTopic, 'orders', [4, 'retention.ms', '5']]]),
    alter(version, [[onTopic, 'orders', [-1, 'retention.ms', '5']]]),
    alter(version, [[onTopic, 'orders', ['set', 'retention.ms', null]]]),
    alter(version, [[onTopic, 'orders', ['append', 'cleanup.policy', null]]]),
    alter(version, [[onTopic, 'orders', ['subtract', 'cleanup.policy', null]]]),
  ),
  scenario(
    `alter v${version}: values that can not be`,
    create(7, [topic('orders')]),
    ...[
      ['retention.ms', 'abc'],
      ['retention.ms', ''],
      ['nope', '1'],
      ['', ''],
      ['segment.bytes', '1'],
      ['preallocate', 'yes'],
    ].map(([key, value]) => alter(version, [[onTopic, 'orders', ['set', key!, value!]]])),
    alter(version, [[onTopic, 'orders', ['set', 'cleanup.policy', 'compact'], ['set', 'nope', 'x']]]),
    describe(4, [[onTopic, 'orders', ['cleanup.policy']]]),
  ),
  scenario(
    `alter v${version}: validate only`,
    create(7, [topic('orders')]),
    alter(version, [[onTopic, 'orders', ['set', 'retention.ms', '77']]], true),
    alter(version, [[onTopic, 'orders', ['set', 'retention.ms', 'abc']]], true),
    alter(version, [[onTopic, 'nope', ['set', 'retention.ms', '77']]], true),
    alter(version, [[onBroker, '1', ['set', 'log.retention.ms', '9']]], true),
    describe(4, [[onTopic, 'orders', ['retention.ms']]]),
  ),
  scenario(
    `alter v${version}: what comes twice`,
    create(7, [topic('orders')]),
    alter(version, [[onTopic, 'orders', ['set', 'retention.ms', '5'], ['set', 'retention.ms', '6']]]),
    alter(version, [[onTopic, 'orders', ['set', 'retention.ms', '5'], ['delete', 'retention.ms']]]),
    alter(version, [
      [onTopic, 'orders', ['set', 'retention.ms', '5']],
      [onTopic, 'orders', ['set', 'retention.ms', '6']],
    ]),
    alter(version, []),
  ),
  scenario(
    `alter v${version}: defaults of the broker`,
    create(7, [topic('orders'), topic('own', { configs: [['retention.ms', '1']] })]),
    alter(version, [[onBroker, '', ['set', 'log.retention.ms', '5000']]]),
    describe(4, [
      [onBroker, ''],
      [onBroker, '1', ['log.retention.ms', 'log.retention.hours']],
      [onTopic, 'orders', ['retention.ms']],
      [onTopic, 'own', ['retention.ms']],
    ]),
    alter(version, [
      [
        onBroker,
        '1',
        ['set', 'log.retention.ms', ' 6000 '],
        ['set', 'message.max.bytes', '2000'],
        ['append', 'log.cleanup.policy', 'compact'],
      ],
    ]),
    describe(4, [
      [onBroker, '1', ['log.retention.ms', 'message.max.bytes', 'log.cleanup.policy']],
      [onTopic, 'orders', ['retention.ms', 'max.message.bytes', 'cleanup.policy']],
    ]),
    create(7, [topic('later')]),
    alter(version, [[onBroker, '1', ['delete', 'log.retention.ms'], ['delete', 'num.partitions']]]),
    describe(4, [
      [onTopic, 'orders', ['retention.ms']],
      [onTopic, 'own', ['retention.ms']],
    ]),
  ),
  scenario(
    `alter v${version}: what the broker can not change`,
    ...[
      ['', 'num.partitions', '3'],
      ['1', 'num.partitions', '3'],
      ['1', 'log.retention.ms', 'abc'],
      ['7', 'log.retention.ms', '5'],
      ['x', 'log.retention.ms', '5'],
      ['1', 'log.retention.hours', '5'],
      ['1', 'log.cleanup.policy', 'x'],
    ].map(([node, key, value]) => alter(version, [[onBroker, node!, ['set', key!, value!]]])),
    alter(version, [[onBroker, '1', ['append', 'log.retention.ms', '5']]]),
    alter(version, [[onBroker, '1', ['set', 'log.retention.ms', null]]]),
    alter(version, [[onBroker, '1', ['set', 'log.retention.ms', '5'], ['set', 'log.retention.ms', '6']]]),
  ),
  scenario(
    `alter v${version}: loggers, and kinds that are none`,
    create(7, [topic('orders')]),
    alter(version, [[kinds.loggers, '1', ['set', 'no.such.logger', 'INFO']]]),
    alter(version, [[kinds.loggers, '', ['set', 'no.such.logger', 'INFO']]]),
    alter(version, [[kinds.group, 'g', ['set', 'consumer.session.timeout.ms', '50000']]]),
    alter(version, [
      [onTopic, 'orders', ['set', 'retention.ms', '5']],
      [3, 'x', ['set', 'a', 'b']],
      [0, 'x'],
    ]),
  ),
])

const replaced: Scenario[] = [0, 1, 2].flatMap((version) => [
  scenario(
    `replace v${version}: what is not named is reset`,
    create(7, [
      topic('orders', {
        configs: [
          ['retention.ms', '9'],
          ['cleanup.policy', 'compact'],
        ],
      }),
    ]),
    replaceConfigs(version, [[onTopic, 'orders', ['segment.bytes', '5000']]]),
    describe(1, [[onTopic, 'orders', ['retention.ms', 'cleanup.policy', 'segment.bytes']]]),
    replaceConfigs(version, [[onTopic, 'orders']], true),
    replaceConfigs(version, [[onTopic, 'orders']]),
    describe(1, [[onTopic, 'orders', ['segment.bytes']]]),
    replaceConfigs(version, []),
  ),
  scenario(
    `replace v${version}: what can not be`,
    create(7, [topic('orders')]),
    replaceConfigs(version, [
      [onTopic, 'nope'],
      [onTopic, ''],
      [onTopic, 'sp ace', ['retention.ms', '5']],
      [onTopic, 'orders', ['nope', '1']],
    ]),
    replaceConfigs(version, [[onTopic, 'orders', ['retention.ms', null]]]),
    replaceConfigs(version, [[onTopic, 'orders', ['retention.ms', 'x']]]),
    replaceConfigs(version, [[onTopic, 'orders', ['retention.ms', '5'], ['retention.ms', '6']]]),
    // one by one: Kafka never answers a request that it refuses for several of these
    replaceConfigs(version, [[kinds.loggers, '1', ['x', 'INFO']]]),
    replaceConfigs(version, [[3, 'x']]),
    replaceConfigs(version, [[kinds.group, 'x']]),
  ),
  scenario(
    `replace v${version}: of the broker`,
    replaceConfigs(version, [[onBroker, '1', ['log.retention.ms', '7000']]]),
    describe(1, [[onBroker, '1', ['log.retention.ms']]]),
    replaceConfigs(version, [[onBroker, '1', ['num.partitions', '7']]]),
    replaceConfigs(version, [[onBroker, '7', ['log.retention.ms', '7']]]),
    replaceConfigs(version, [[onBroker, 'x']]),
    replaceConfigs(version, [[onBroker, '1', ['log.retention.ms', 'y']]]),
    replaceConfigs(version, [[onBroker, '', ['log.segment.bytes', '5000']]]),
    describe(1, [[onBroker, '']]),
    replaceConfigs(version, [
      [onBroker, ''],
      [onBroker, '1'],
    ]),
    describe(1, [
      [onBroker, ''],
      [onBroker, '1', ['log.retention.ms', 'log.segment.bytes']],
    ]),
  ),
])

/** key -> values around its bounds; each is tried on a topic of its own */
const tried: Readonly<Record<string, readonly string[]>> = {
  'retention.ms': ['99999999999999999999', '+5', '0x10', '5.0', '1e3', '-1', ''],
  'retention.bytes': ['-2', '-1', 'x'],
  'cleanup.policy': ['x', '', 'compact,compact', 'compact,', 'delete,compact', 'Delete'],
  'compression.type': ['foo', 'GZIP', '', 'uncompressed', 'zstd'],
  'compression.gzip.level': ['0', '-1', '9', '10', '-2'],
  'compression.lz4.level': ['0', '1', '17', '18'],
  'compression.zstd.level': ['-131073', '-131072', '22', '23'],
  preallocate: ['yes', '1', '', ' true '],
  'min.cleanable.dirty.ratio': ['2', '-0.1', 'x', 'NaN', '0.5f', '1.0', '-12345678'],
  'segment.bytes': ['13', '14', '3000000000', '2147483647'],
  'segment.ms': ['0', '1'],
  'segment.jitter.ms': ['-1', '0'],
  'segment.index.bytes': ['3', '4', '-1'],
  'flush.messages': ['0', '1'],
  'flush.ms': ['-1', '0'],
  'min.insync.replicas': ['0', '1', '5'],
  'max.message.bytes': ['-1', '0'],
  'index.interval.bytes': ['-1', '0'],
  'delete.retention.ms': ['-1', '0'],
  'min.compaction.lag.ms': ['-1', '0'],
  'max.compaction.lag.ms': ['0', '1'],
  'file.delete.delay.ms': ['-1', '0'],
  'message.timestamp.type': ['x', 'createtime', 'LogAppendTime'],
  'message.timestamp.before.max.ms': ['-1', '0'],
  'message.timestamp.after.max.ms': ['-1', '0'],
  'message.timestamp.difference.max.ms': ['-1', '0'],
  'message.format.version': ['9.9', '', '2.8', '2.8.1', '0.8.0', '3.0-IV1', '0.10.2-IV0', '2.8-IV9'],
  'message.downconversion.enable': ['maybe', 'false'],
  'unclean.leader.election.enable': ['maybe', 'true'],
  'leader.replication.throttled.replicas': ['x', '*', '0:1,1:1', '0:1,x', '', '*,0:1'],
  'follower.replication.throttled.replicas': ['none', '0:1'],
  'remote.storage.enable': ['true', 'false'],
  'remote.log.copy.disable': ['true', 'x'],
  'remote.log.delete.on.disable': ['true', 'x'],
  'local.retention.ms': ['-3', '-2', '100'],
  'local.retention.bytes': ['-3', '99'],
}

const values: Scenario[] = Object.entries(tried).map(([key, each]) =>
  scenario(
    `values of ${key}`,
    tryCreate(
      4,
      each.map((value, i) => topic(`try-${i}`, { configs: [[key, value]] })),
    ),
  ),
)

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

export const configScenarios: readonly Scenario[] = [...described, ...changed, ...replaced, ...values, together]
