// Config maps of topics: each value read, checked and placed.
import { didYouMean, nearest } from '../core/did-you-mean.ts'
import type { Place } from '../core/finding.ts'
import { type ConfigReading, readConfigValue } from './config-value.ts'
import { type Located, keyPlaceOf, nameOf, placeOf, shownAt } from './located.ts'
import type { Problem, Report } from '../yaml/report.ts'
import { type TopicConfig, isVendorConfig, topicConfigs } from './topic-configs.ts'
import { type Path, type Tree, nodeAt } from '../yaml/tree.ts'

export interface PlacedConfig {
  /** Kafka's own string */
  readonly value: string
  readonly at: Place
}
export type Configs = ReadonlyMap<string, PlacedConfig>

/** Which Kafka the topics are for, as far as the file says it. */
export interface ConfigReader {
  readonly file: Located
  readonly report: Report
  /** the stack runs Kafka 4 or newer, and the topics are for the stack */
  readonly isKafka4: boolean
}

type Input = Readonly<Record<string, string | string[]>> | null | undefined

/** The configs of the map at `path`, by name. What Kafka would refuse is reported and left out. */
export function readConfigs(input: Input, path: Path, reader: ConfigReader): Configs {
  const configs = new Map<string, PlacedConfig>()
  for (const [name, written] of Object.entries(input ?? {})) {
    const value = readConfig(name, written, [...path, name], reader)
    if (value !== undefined) configs.set(name, { value, at: placeOf(reader.file, [...path, name]) })
  }
  return configs
}

function readConfig(name: string, written: string | string[], path: Path, reader: ConfigReader): string | undefined {
  const { file, report, isKafka4 } = reader
  const node = nodeAt(file.root, path)
  if (isUnset(node) || (node?.kind === 'list' && node.items.some(isUnset))) return undefined
  const config = topicConfigs.get(name)
  if (!config) {
    if (!isVendorConfig(name)) report.warning(unknownConfig(name, path, file))
    return typeof written === 'string' ? written.trim() : written.join(',')
  }
  if (config.onlyBefore4 && isKafka4)
    report.warning({
      code: 'removed-topic-config',
      at: keyPlaceOf(file, path),
      message: `Kafka 4 has no config "${name}"`,
      remedy: 'take it out, or declare an older version of Kafka under "stack"',
    })
  const reading = readConfigValue(config, written)
  if ('value' in reading) return reading.value
  report.error(invalidConfig(path, reading, config, file))
  return undefined
}

const isUnset = (node: Tree | undefined): boolean => node?.kind === 'scalar' && node.unset === true

type Refusal = Exclude<ConfigReading, { readonly value: string }>

function invalidConfig(path: Path, { expected, hint, item }: Refusal, config: TopicConfig, file: Located): Problem {
  const isItem = item !== undefined && nodeAt(file.root, path)?.kind === 'list'
  const where = isItem ? [...path, item] : path
  const found = nodeAt(file.root, where)?.kind === 'scalar' ? shownAt(file, where) : 'a list'
  return {
    code: 'invalid-topic-config',
    at: placeOf(file, where),
    message: `${nameOf(where)} must be ${expected}, not ${found}`,
    remedy: hint || `Kafka's default is \`${config.default}\``,
  }
}

function unknownConfig(name: string, path: Path, file: Located): Problem {
  const names = [...topicConfigs.keys()]
  const ofBroker = name.startsWith('log.') ? nearest(name.slice('log.'.length), names) : undefined
  return {
    code: 'unknown-topic-config',
    at: keyPlaceOf(file, path),
    message: `"${name}" is not a config of a topic in Kafka`,
    remedy:
      (ofBroker === undefined ? didYouMean(name, names) : `topics call it "${ofBroker}"`) ||
      'the broker has the last word; one that does not know it refuses the topic',
  }
}
