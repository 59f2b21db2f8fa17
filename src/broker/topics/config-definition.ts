// What a config key is: its type, default and bounds as data. Values are Kafka's own strings everywhere but where they are parsed.

/** Numbers of ConfigType in DescribeConfigs (KIP-569). */
export const configTypes = { BOOLEAN: 1, STRING: 2, INT: 3, SHORT: 4, LONG: 5, DOUBLE: 6, LIST: 7 } as const
export type ConfigType = keyof typeof configTypes

/** Numbers of ConfigSource in DescribeConfigs (KIP-226). */
export const configSources = { topic: 1, dynamicBroker: 2, dynamicDefault: 3, staticBroker: 4, default: 5 } as const

/** What a parsed value has to satisfy beside its type. */
export type Bounds =
  | { readonly min: number; readonly max?: number }
  | { readonly oneOf: readonly string[] }
  /** each element of a list */
  | { readonly elements: readonly string[] }
  | 'gzip-level'
  | 'throttled-replicas'
  | 'release'

export interface ConfigDefinition {
  readonly name: string
  readonly type: ConfigType
  /** null: there is none */
  readonly default: string | null
  readonly bounds?: Bounds
  /** one line of our own */
  readonly documentation: string
}
