// The configs of one topic: checks of what users set, and what holds in the end.
import type { LogConfig } from '../log-config.ts'
import type { BrokerConfigs, ConfigLayer, Overrides } from './broker-configs.ts'
import { configSources } from './config-definition.ts'
import { type ConfigValue, parseConfig, readConfig } from './config-value.ts'
import { type TopicConfigDefinition, topicConfig, topicConfigs } from './topic-config-table.ts'

interface Inherited {
  readonly value: string
  /** the broker's places that have one */
  readonly layers: readonly ConfigLayer[]
}

/** Thousands of topics inherit the same: it is derived once for each state of the broker's configs. */
const derived = new WeakMap<BrokerConfigs, { readonly revision: number; readonly values: Map<string, Inherited> }>()

/** The value that topics without their own get, derived from the broker's keys. */
function inherited(definition: TopicConfigDefinition, broker: BrokerConfigs): Inherited {
  const kept = derived.get(broker)
  const known = kept?.revision === broker.revision ? kept : { revision: broker.revision, values: new Map() }
  if (known !== kept) derived.set(broker, known)
  const value = known.values.get(definition.name) ?? derive(definition, broker)
  known.values.set(definition.name, value)
  return value
}

function derive(definition: TopicConfigDefinition, broker: BrokerConfigs): Inherited {
  if (definition.broker === undefined) return { value: definition.default, layers: [] }
  const layers = broker.layers(definition.broker)
  if (layers[0]) return { value: layers[0].value, layers }
  for (const [key, unit] of Object.entries(definition.fallbacks ?? {})) {
    const value = broker.value(key)
    if (value !== null) return { value: String(BigInt(value) * BigInt(unit)), layers }
  }
  return { value: definition.default, layers }
}

export interface EffectiveConfig {
  readonly value: string
  /** a number of configSources */
  readonly source: number
  /** the places that have a value, the one that holds first (KIP-226's synonyms) */
  readonly layers: readonly ConfigLayer[]
}

/** What holds for one key. */
export function effectiveConfig(
  definition: TopicConfigDefinition,
  overrides: Overrides,
  broker: BrokerConfigs,
): EffectiveConfig {
  const own = overrides.get(definition.name)
  const { value, layers } = inherited(definition, broker)
  if (own === undefined) return { value, source: layers[0]?.source ?? configSources.default, layers }
  const source = configSources.topic
  return { value: own, source, layers: [{ name: definition.name, value: own, source }, ...layers] }
}

/** What holds for every key, typed as the table says. */
function effectiveValues(overrides: Overrides, broker: BrokerConfigs): Map<string, ConfigValue> {
  const values = topicConfigs.map((definition): [string, ConfigValue] => {
    return [definition.name, readConfig(definition, effectiveConfig(definition, overrides, broker).value)]
  })
  return new Map(values)
}

const noRemoteStorage =
  'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.'

/** Checks what a topic would be set to, whole. Answers the server's message about the first problem (INVALID_CONFIG), or undefined. */
export function topicConfigProblem(overrides: Overrides, broker: BrokerConfigs): string | undefined {
  if (overrides.size === 0) return undefined
  for (const name of overrides.keys()) if (!topicConfig(name)) return `Unknown topic config name: ${name}`
  for (const definition of topicConfigs) {
    const own = overrides.get(definition.name)
    const parsed = own === undefined ? undefined : parseConfig(definition, own)
    if (parsed && 'invalid' in parsed) return parsed.invalid
  }
  const values = effectiveValues(overrides, broker)
  const [least, most] = [values.get('min.compaction.lag.ms')!, values.get('max.compaction.lag.ms')!]
  if (least > most)
    return `conflict topic config setting min.compaction.lag.ms (${least}) > max.compaction.lag.ms (${most})`
  return values.get('remote.storage.enable') === true ? noRemoteStorage : undefined
}

/** The settings by which the logs of a topic are kept. The overrides were checked before. */
export function logConfigOf(overrides: Overrides, broker: BrokerConfigs): LogConfig {
  const values = effectiveValues(overrides, broker)
  const number = (name: string): number => Number(values.get(name))
  const policy = values.get('cleanup.policy') as readonly string[]
  return {
    'cleanup.policy': { delete: policy.includes('delete'), compact: policy.includes('compact') },
    'segment.bytes': number('segment.bytes'),
    'segment.ms': number('segment.ms'),
    'index.interval.bytes': number('index.interval.bytes'),
    'retention.bytes': number('retention.bytes'),
    'retention.ms': Math.max(-1, number('retention.ms')), // the broker's key has no lower bound
    'delete.retention.ms': number('delete.retention.ms'),
    'min.compaction.lag.ms': number('min.compaction.lag.ms'),
    'max.compaction.lag.ms': number('max.compaction.lag.ms'),
    'min.cleanable.dirty.ratio': number('min.cleanable.dirty.ratio'),
    'file.delete.delay.ms': number('file.delete.delay.ms'),
    'max.message.bytes': number('max.message.bytes'),
    'message.timestamp.type': values.get('message.timestamp.type') === 'CreateTime' ? 'CreateTime' : 'LogAppendTime',
    'message.timestamp.before.max.ms': number('message.timestamp.before.max.ms'),
    'message.timestamp.after.max.ms': number('message.timestamp.after.max.ms'),
    'compression.type': String(values.get('compression.type')),
    'compression.gzip.level': number('compression.gzip.level'),
    'compression.zstd.level': number('compression.zstd.level'),
    'min.insync.replicas': number('min.insync.replicas'),
  }
}
