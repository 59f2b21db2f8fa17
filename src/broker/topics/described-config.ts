// Configs as DescribeConfigs tells them.
import type { BrokerConfigs, ConfigLayer } from './broker-configs.ts'
import { type BrokerConfigDefinition, brokerConfig, brokerConfigTable } from './broker-config-table.ts'
import { type ConfigType, configSources } from './config-definition.ts'
import { canonicalConfig } from './config-value.ts'
import { effectiveConfig } from './topic-config.ts'
import { topicConfigs } from './topic-config-table.ts'
import type { Topic } from './topics.ts'

export interface DescribedConfig {
  readonly name: string
  /** in its canonical form */
  readonly value: string | null
  readonly readOnly: boolean
  /** a number of configSources */
  readonly source: number
  readonly layers: readonly ConfigLayer[]
  readonly type: ConfigType
  readonly documentation: string
}

/** What holds for a topic, key by key. */
export function describeTopic({ overrides }: Pick<Topic, 'overrides'>, broker: BrokerConfigs): DescribedConfig[] {
  return topicConfigs.map((definition) => {
    const { value, source, layers } = effectiveConfig(definition, overrides, broker)
    const { name, type, documentation } = definition
    const shown = layers.map((layer) =>
      layer.source === configSources.topic ? { ...layer, value: canonicalConfig(definition, layer.value) } : layer,
    )
    return {
      name,
      value: canonicalConfig(definition, value),
      readOnly: false,
      source,
      layers: shown,
      type,
      documentation,
    }
  })
}

function describeKey(definition: BrokerConfigDefinition, layers: readonly ConfigLayer[]): DescribedConfig {
  const { name, type, readOnly, documentation } = definition
  const [holds] = layers
  return {
    name,
    value: holds ? canonicalConfig(definition, holds.value) : null,
    readOnly,
    source: holds?.source ?? configSources.default,
    layers,
    type,
    documentation,
  }
}

/** What holds for the broker, key by key. */
export function describeBroker(broker: BrokerConfigs): DescribedConfig[] {
  return brokerConfigTable.map((definition) => describeKey(definition, broker.layers(definition.name)))
}

/** What is set for all nodes of the cluster, and nothing else. */
export function describeDefaults(broker: BrokerConfigs): DescribedConfig[] {
  return [...broker.overrides('')].flatMap(([name, value]) => {
    const definition = brokerConfig(name)
    return definition ? [describeKey(definition, [{ name, value, source: configSources.dynamicDefault }])] : []
  })
}
