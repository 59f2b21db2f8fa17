// IncrementalAlterConfigs and AlterConfigs.
import { alter, create, describe, kinds, replaceConfigs, topic } from '../requests.ts'
import { type Scenario, scenario } from '../scenario.ts'

const { topic: onTopic, broker: onBroker } = kinds

export const changed: Scenario[] = [0, 1].flatMap((version) => [
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

export const replaced: Scenario[] = [0, 1, 2].flatMap((version) => [
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
