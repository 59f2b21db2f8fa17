// The configs of the broker. Kafka 3.9 has 317; here are those that this broker honours, those from which topics get their values
// (topic-config-table.ts), and the few facts by which clients, tools and user interfaces tell what they are connected to (version, node,
// listeners, authoriser). What would have no effect is not listed, but for those that topics inherit: Kafka's catalogue of topic configs is
// whole, and some of it (flushing, preallocation, replicas that lag) means nothing to one node.
import type { Bounds, ConfigDefinition, ConfigType } from './config-definition.ts'
import { topicConfigs } from './topic-config-table.ts'

export interface BrokerConfigDefinition extends ConfigDefinition {
  /** can't be changed while the broker runs */
  readonly readOnly: boolean
}

function row(
  name: string,
  [type, fallback]: readonly [ConfigType, string | null],
  documentation: string,
  more: { readonly bounds?: Bounds; readonly readOnly?: boolean } = {},
): BrokerConfigDefinition {
  return { name, type, default: fallback, documentation, readOnly: true, ...more }
}

const fromOne = { bounds: { min: 1 } }

// oxfmt-ignore
const own: readonly BrokerConfigDefinition[] = [
  row('advertised.listeners', ['STRING', null], 'Where clients reach the broker.'),
  row('authorizer.class.name', ['STRING', ''], 'Empty: nothing is authorised.'),
  row('auto.create.topics.enable', ['BOOLEAN', 'true'], 'Whether asking for an unknown topic creates it.'),
  row('broker.id', ['INT', '-1'], 'The older name of node.id.'),
  row('broker.rack', ['STRING', null], 'The rack of the broker; there is none.'),
  row('default.replication.factor', ['INT', '1'], 'Replicas of a topic that asks for the default.'),
  row('delete.topic.enable', ['BOOLEAN', 'true'], 'Whether topics can be deleted.'),
  row('group.coordinator.rebalance.protocols', ['LIST', 'classic'], 'Which group protocols are served.'),
  row('group.initial.rebalance.delay.ms', ['INT', '3000'], 'How long, in ms, the first member of a group waits for others.'),
  row('group.max.session.timeout.ms', ['INT', '1800000'], 'Longest session timeout of a member, in ms.'),
  row('group.max.size', ['INT', '2147483647'], 'Most members of a group.', fromOne),
  row('group.min.session.timeout.ms', ['INT', '6000'], 'Shortest session timeout of a member, in ms.'),
  row('inter.broker.protocol.version', ['STRING', '3.9-IV0'], 'The release whose behaviour this is.'),
  row('listener.security.protocol.map', ['STRING', 'PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL'], 'The security protocol of each listener.'),
  row('listeners', ['STRING', 'PLAINTEXT://:9092'], 'What is listened on.'),
  row('log.cleaner.backoff.ms', ['LONG', '15000'], 'How often, in ms, the broker looks for what retention and compaction may take.', { bounds: { min: 0 }, readOnly: false }),
  row('log.dirs', ['STRING', null], 'The folder of the data.'),
  row('node.id', ['INT', '-1'], 'The number of this node.'),
  row('num.partitions', ['INT', '1'], 'Partitions of a topic that asks for the default.', fromOne),
  row('offset.metadata.max.bytes', ['INT', '4096'], 'Largest note on a committed offset, in bytes.'),
  row('offsets.retention.check.interval.ms', ['LONG', '600000'], 'How often, in ms, offsets of empty groups are looked after.', fromOne),
  row('offsets.retention.minutes', ['INT', '10080'], 'How long, in minutes, offsets of an empty group stay.', fromOne),
  row('process.roles', ['LIST', ''], 'The roles of this node.'),
  row('security.inter.broker.protocol', ['STRING', 'PLAINTEXT'], 'How brokers would speak to each other.'),
  row('socket.request.max.bytes', ['INT', '104857600'], 'Largest request, in bytes.', fromOne),
]

/** Keys that stand behind another one have the default that the other lacks. */
const defaultsBehind: Readonly<Record<string, string | null>> = {
  'log.roll.hours': '168',
  'log.roll.jitter.hours': '0',
  'log.retention.hours': '168',
  'log.retention.minutes': null,
  'log.flush.scheduler.interval.ms': '9223372036854775807',
}

const withoutDefault = new Set(['log.retention.ms', 'log.roll.ms', 'log.roll.jitter.ms', 'log.flush.interval.ms'])

function fromTopics(): BrokerConfigDefinition[] {
  return topicConfigs.flatMap((topic) => {
    if (topic.broker === undefined) return []
    const primary: BrokerConfigDefinition = {
      name: topic.broker,
      type: topic.type,
      default: withoutDefault.has(topic.broker) ? null : topic.default,
      documentation: topic.documentation,
      ...(topic.bounds === undefined || topic.broker === 'log.retention.ms' ? {} : { bounds: topic.bounds }),
      readOnly: topic.name === 'message.format.version',
    }
    const behind = Object.entries(topic.fallbacks ?? {}).map(([name, unit]) =>
      row(
        name,
        [unit === 1 ? 'LONG' : 'INT', defaultsBehind[name] ?? null],
        `What holds where ${topic.broker} is not set.`,
      ),
    )
    return [primary, ...behind]
  })
}

export const brokerConfigTable: readonly BrokerConfigDefinition[] = [...own, ...fromTopics()]

const byName: ReadonlyMap<string, BrokerConfigDefinition> = new Map(brokerConfigTable.map((each) => [each.name, each]))

/** key -> the keys by which one thing is set, the one that counts first */
const synonyms: ReadonlyMap<string, readonly string[]> = new Map(
  topicConfigs.flatMap(({ broker, fallbacks }) => {
    const group = broker === undefined ? [] : [broker, ...Object.keys(fallbacks ?? {})]
    return group.map((name) => [name, group] as const)
  }),
)

/** The keys by which the same is set, this one among them. */
export function synonymsOf(name: string): readonly string[] {
  return synonyms.get(name) ?? [name]
}

/** The definition of a broker's config, or undefined when this broker has none of that name. */
export function brokerConfig(name: string): BrokerConfigDefinition | undefined {
  return byName.get(name)
}
