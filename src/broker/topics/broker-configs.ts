// The configs of the broker as they hold: set for this node, set for all nodes, given at the start, default.
import { type BrokerConfigDefinition, brokerConfig, synonymsOf } from './broker-config-table.ts'
import { configSources } from './config-definition.ts'
import { parseConfig, readConfig } from './config-value.ts'

/** One place that has a value for a key, or for one that stands behind it. */
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
  const value = readConfig(definition, text)
  return typeof value === 'bigint' ? Number(value) : value
}

const none: Overrides = new Map()

/** What is wrong with values that a broker is to be started with; undefined when nothing is. */
export function givenProblem(given: Overrides): string | undefined {
  for (const [name, value] of given) {
    const definition = brokerConfig(name)
    if (!definition) return `this broker has no config ${name}`
    const parsed = parseConfig(definition, value)
    if ('invalid' in parsed) return parsed.invalid
  }
  return undefined
}

/** `given` are the values that this broker was started with (source: static); it is read whenever a value is asked for. */
export function createBrokerConfigs(nodeId: number, given: Overrides): BrokerConfigs {
  const facts: Overrides = new Map([
    ['node.id', String(nodeId)],
    ['broker.id', String(nodeId)],
    ['process.roles', 'broker,controller'],
    // the first member of a group need not wait for others that are not there in a test
    ['group.initial.rebalance.delay.ms', '0'],
  ])
  const set = new Map<string, Overrides>()
  const own = String(nodeId)
  let revision = 0

  const places: readonly (readonly [source: number, valueOf: (name: string) => string | null | undefined])[] = [
    [configSources.dynamicBroker, (name) => set.get(own)?.get(name)],
    [configSources.dynamicDefault, (name) => set.get('')?.get(name)],
    [configSources.staticBroker, (name) => given.get(name) ?? facts.get(name)],
    [configSources.default, (name) => brokerConfig(name)?.default],
  ]

  /** Synonyms stand behind the key that is asked for, never before it. */
  function layers(key: string): ConfigLayer[] {
    const all = places.flatMap(([source, valueOf]) =>
      synonymsOf(key).flatMap((name) => {
        const value = valueOf(name) ?? null
        return value === null ? [] : [{ name, value, source }]
      }),
    )
    const first = all.findIndex(({ name }) => name === key)
    return first < 0 ? [] : all.slice(first)
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
