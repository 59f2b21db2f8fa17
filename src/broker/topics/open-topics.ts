// The registry of topics over a store: state in memory, every change in the journal first.
import type { LogConfig } from '../log-config.ts'
import type { Store } from '../storage/store.ts'
import type { BrokerConfigs, Overrides } from './broker-configs.ts'
import { type TopicRecord, openMetadata } from './metadata-journal.ts'
import { checkNewTopic } from './new-topic.ts'
import { logConfigOf } from './topic-config.ts'
import { newTopicId } from './topic-id.ts'
import { LiveTopic, TopicIndex } from './topic-index.ts'
import { nameProblem } from './topic-name.ts'
import type { Created, CreatedTopic, Durable, NewTopic, Problem, Topic, Topics } from './topics.ts'

export interface TopicsOptions {
  readonly store: Store
  readonly configs: BrokerConfigs
}

const none: Overrides = new Map()

/** Derives what holds for topics; again when a config of the broker has changed. */
function derivations(configs: BrokerConfigs): (overrides: Overrides) => () => LogConfig {
  const cached = (overrides: Overrides): (() => LogConfig) => {
    let made: { readonly revision: number; readonly config: LogConfig } | undefined
    return () => {
      if (made?.revision !== configs.revision)
        made = { revision: configs.revision, config: logConfigOf(overrides, configs) }
      return made.config
    }
  }
  const plain = cached(none) // one for the many topics that have nothing of their own
  return (overrides) => (overrides.size === 0 ? plain : cached(overrides))
}

/** Opens the topics of a store: those that its journal knows are there when this returns, with their logs. */
export function openTopics({ store, configs }: TopicsOptions): Topics {
  const metadata = openMetadata(store.journal('topics'))
  const index = new TopicIndex()
  const listeners = new Set<(topic: Topic) => void>()
  const derive = derivations(configs)

  function show(record: TopicRecord): void {
    const overrides: Overrides = new Map(Object.entries(record.overrides))
    const known = index.byId.get(record.id)
    const topic = known ?? new LiveTopic(record, derive(overrides))
    topic.set(overrides, derive(overrides))
    for (let partition = topic.partitions.length; partition < record.partitions; partition++)
      topic.partitions.push(store.openPartition(topic.id, partition, () => topic.config))
    if (!known) index.add(topic)
  }

  function put({ id, name, partitions, overrides }: CreatedTopic): Durable {
    const record: TopicRecord = { kind: 'topic', id, name, partitions, overrides: Object.fromEntries(overrides) }
    const durable = metadata.write(record)
    show(record)
    return durable
  }

  function check(wanted: NewTopic): CreatedTopic | Problem {
    const checked = checkNewTopic(wanted, index, configs)
    return 'error' in checked ? checked : { id: newTopicId(), name: wanted.name, ...checked }
  }

  function create(wanted: NewTopic): Created | Problem {
    const created = check(wanted)
    return 'error' in created ? created : { created, durable: put(created) }
  }

  for (const { node, overrides } of metadata.brokers.values()) configs.replace(node, new Map(Object.entries(overrides)))
  for (const record of metadata.topics.values()) show(record)

  return {
    get: (name) => index.byName.get(name),
    byId: (id) => index.byId.get(id),
    all: () => index.byName.values(),
    check,
    add: put,
    create,
    autoCreate(name, mayCreate) {
      if (nameProblem(name) !== undefined) return 'INVALID_TOPIC_EXCEPTION'
      if (!mayCreate || configs.value('auto.create.topics.enable') !== 'true') return 'UNKNOWN_TOPIC_OR_PARTITION'
      const result = create({ name, partitions: -1, replicationFactor: -1, assignments: [], configs: [] })
      if ('error' in result) return 'UNKNOWN_TOPIC_OR_PARTITION'
      return index.byName.get(name)!
    },
    delete(topic) {
      const durable = metadata.write({ kind: 'deleted', id: topic.id })
      index.remove(topic)
      store.dropTopic(topic.id)
      for (const listener of listeners) listener(topic)
      return durable
    },
    grow: ({ id, name, overrides }, partitions) => put({ id, name, overrides, partitions }),
    configure: ({ id, name, partitions }, overrides) => put({ id, name, overrides, partitions: partitions.length }),
    configureBroker(node, overrides) {
      const durable = metadata.write({ kind: 'broker', node, overrides: Object.fromEntries(overrides) })
      configs.replace(node, overrides)
      return durable
    },
    onDeleted(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
