// `topics` of platform.yaml -> Topic[], with what `topicDefaults` and the chosen environment say about all of them.
import type { Place } from '../core/finding.ts'
import { type ConfigReader, type Configs, readConfigs } from './configs.ts'
import { keyPlaceOf, placeOf, shown } from './located.ts'
import type { Format, Topic } from './platform.ts'
import type { Report } from '../yaml/report.ts'
import type { TopicDefaultsInput } from './shape-environments.ts'
import type { FormatInput, TopicInput } from './shape.ts'
import { metricName, topicNameProblem } from './topic-names.ts'
import type { Path } from '../yaml/tree.ts'

interface Placed<T> {
  readonly value: T
  readonly at?: Place
}
interface Defaults {
  readonly partitions: Placed<number>
  readonly replication: Placed<number>
  readonly config: Configs
}

/** A map of topic defaults with its path; the later one wins, key by key. */
export interface DefaultsSource {
  readonly path: Path
  readonly input: TopicDefaultsInput | null | undefined
}

/** What holds for every topic that does not say it itself. */
export function readTopicDefaults(sources: readonly DefaultsSource[], reader: ConfigReader): Defaults {
  let defaults: Defaults = { partitions: { value: 1 }, replication: { value: 1 }, config: new Map() }
  for (const { path, input } of sources) {
    const { partitions, replication, config } = input ?? {}
    const at = (key: string): Place => placeOf(reader.file, [...path, key])
    defaults = {
      partitions: partitions === undefined ? defaults.partitions : { value: partitions, at: at('partitions') },
      replication: replication === undefined ? defaults.replication : { value: replication, at: at('replication') },
      config: new Map([...defaults.config, ...readConfigs(config, [...path, 'config'], reader)]),
    }
  }
  return defaults
}

/** One declared topic. `name` has been checked. */
function readTopic(name: string, input: TopicInput, defaults: Defaults, reader: ConfigReader): Topic {
  const path = ['topics', name]
  const at = keyPlaceOf(reader.file, path)
  const places = new Map<string, Place>()
  for (const field of ['owner', 'partitions', 'replication', 'key', 'value', 'external'] as const)
    if (input[field] !== undefined) places.set(field, placeOf(reader.file, [...path, field]))
  for (const field of ['partitions', 'replication'] as const)
    if (input[field] === undefined) places.set(field, defaults[field].at ?? at)
  const config = new Map([...defaults.config, ...readConfigs(input.config, [...path, 'config'], reader)])
  for (const [key, placed] of config) places.set(`config.${key}`, placed.at)
  return {
    name,
    at,
    places,
    ...(input.owner !== undefined && { owner: input.owner }),
    partitions: input.partitions ?? defaults.partitions.value,
    replication: input.replication ?? defaults.replication.value,
    config: new Map([...config].map(([key, { value }]) => [key, value])),
    key: formatOf(name, 'key', input.key),
    value: formatOf(name, 'value', input.value),
    external: input.external ?? false,
  }
}

function formatOf(topic: string, part: 'key' | 'value', input: FormatInput | undefined): Format {
  if (input === undefined || typeof input === 'string') return { kind: input ?? 'bytes' }
  return { kind: 'avro', subject: subjectOf(topic, part, input) }
}

/** The subject of a schema: `<topic>-key` and `<topic>-value` unless the file names another. */
export function subjectOf(topic: string, part: 'key' | 'value', input: { readonly subject?: string }): string {
  return input.subject ?? `${topic}-${part}`
}

type TopicsInput = Readonly<Record<string, TopicInput | null>> | null | undefined

/** All declared topics, in the order of the file. */
export function readTopics(input: TopicsInput, defaults: Defaults, reader: ConfigReader): Topic[] {
  const topics: Topic[] = []
  for (const [name, topic] of Object.entries(input ?? {})) {
    const problem = topicNameProblem(name)
    if (problem === undefined) topics.push(readTopic(name, topic ?? {}, defaults, reader))
    else
      reader.report.error({
        code: 'invalid-name',
        at: keyPlaceOf(reader.file, ['topics', name]),
        message: `the topic ${shown(name)} ${problem}`,
        remedy: 'for example `orders.placed`',
      })
  }
  return topics
}

/** Kafka keeps one of `a.b` and `a_b` only, because their metrics have one name. */
export function reportNameClashes(topics: readonly Topic[], report: Report): void {
  const first = new Map<string, Topic>()
  for (const topic of topics) {
    const other = first.get(metricName(topic.name))
    if (!other) {
      first.set(metricName(topic.name), topic)
      continue
    }
    const made = topic.madeFor && ` for the failures of service "${topic.madeFor.service}"`
    report.error({
      code: 'topic-name-clash',
      at: topic.at,
      message:
        other.name === topic.name
          ? `the topic "${topic.name}"${made ?? ''} is declared in line ${other.at.line} already`
          : `Kafka cannot keep the topics "${topic.name}"${made ?? ''} and "${other.name}" apart`,
      remedy:
        other.name === topic.name
          ? 'name one of them differently'
          : `name one of them differently: "." and "_" are the same to Kafka's metrics; the other stands in line ${other.at.line}`,
    })
  }
}
