// The configs of the broker as they hold: set for this node, set for all nodes, given at the start, default.
import { type BrokerConfigDefinition, brokerConfig } from './broker-config-table.ts'
import { configSources } from './config-definition.ts'
import { parseConfig } from './config-value.ts'

/** One place that has a value for a key. */
export interface ConfigLayer {
  readonly name: string
  readonly value: string
  /** a number of configSources */
  readonly source: number
}

export type Overrides = ReadonlyMap<string, string>

export interface BrokerConfigs {
  readonly nodeId: number
  /** counts changes, so that what is derived from configs knows when it is stale */
  readonly revision: number
  /** the places that have a value, the one that holds first */
  layers(key: string): ConfigLayer[]
  /** the value that holds, or null */
  value(key: string): string | null
  /** the value of a key that is a number, a boolean or a list: typed. Throws when there is no such key, or it has no value. */
  typed(key: string): ReturnType<typeof typedValue>
  /** what was set while the broker ran: for the node of that name, or for all with '' */
  overrides(node: string): Overrides
  /** replaces what is set; made durable by the caller before */
  replace(node: string, overrides: Overrides): void
}

function typedValue(definition: BrokerConfigDefinition, text: string): boolean | string | number | readonly string[] {
  const parsed = parseConfig(definition, text)
  if ('invalid' in parsed) throw new Error(parsed.invalid)
  return typeof parsed.value === 'bigint' ? Number(parsed.value) : parsed.value
}

const none: Overrides = new Map()

/** `given` are the values that this broker was started with (source: static). */
export function createBrokerConfigs(nodeId: number, given: Overrides): BrokerConfigs {
  const set = new Map<string, Overrides>()
  const own = String(nodeId)
  let revision = 0

  function layers(key: string): ConfigLayer[] {
    const fallback = brokerConfig(key)?.default
    const found: [string | null | undefined, number][] = [
      [set.get(own)?.get(key), configSources.dynamicBroker],
      [set.get('')?.get(key), configSources.dynamicDefault],
      [given.get(key), configSources.staticBroker],
      [fallback, configSources.default],
    ]
    return found.flatMap(([value, source]) => (value == null ? [] : [{ name: key, value, source }]))
  }

  return {
    nodeId,
    get revision() {
      return revision
    },
    layers,
    value: (key) => layers(key)[0]?.value ?? null,
    typed(key) {
      const definition = brokerConfig(key)
      const [layer] = layers(key)
      if (!definition || !layer) throw new Error(`the broker has no value of ${key}`)
      return typedValue(definition, layer.value)
    },
    overrides: (node) => set.get(node) ?? none,
    replace(node, overrides) {
      if (overrides.size === 0) set.delete(node)
      else set.set(node, overrides)
      revision++
    },
  }
}
