// The registry of topics over a store: state in memory, every change in the journal first.
import type { ErrorName } from '../../protocol/error-table.ts'
import type { LogConfig } from '../log-config.ts'
import { orRefused } from '../storage/device-error.ts'
import type { PartitionLog } from '../storage/partition-log.ts'
import type { Store } from '../storage/store.ts'
import type { BrokerConfigs, Overrides } from './broker-configs.ts'
import { type Metadata, type TopicRecord, openMetadata } from './metadata-journal.ts'
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

class Registry implements Topics {
  private readonly store: Store
  private readonly configs: BrokerConfigs
  private readonly metadata: Metadata
  private readonly index = new TopicIndex()
  private readonly listeners = new Set<(topic: Topic) => void>()
  private readonly derive: (overrides: Overrides) => () => LogConfig

  constructor({ store, configs }: TopicsOptions) {
    this.store = store
    this.configs = configs
    this.derive = derivations(configs)
    this.metadata = openMetadata(store.journal('topics'))
    for (const { node, overrides } of this.metadata.brokers.values())
      configs.replace(node, new Map(Object.entries(overrides)))
    for (const record of this.metadata.topics.values()) void this.show(record)
    // a crash, or a device that refused, may have come between the end of a topic and that of its logs
    for (const id of this.metadata.deleted) store.dropTopic(id)
  }

  get(name: string): Topic | undefined {
    return this.index.byName.get(name)
  }

  byId(id: string): Topic | undefined {
    return this.index.byId.get(id)
  }

  all(): Iterable<Topic> {
    return this.index.byName.values()
  }

  check(wanted: NewTopic): CreatedTopic | Problem {
    const checked = checkNewTopic(wanted, this.index, this.configs)
    return 'error' in checked ? checked : { id: newTopicId(), name: wanted.name, ...checked }
  }

  add({ id, name, partitions, overrides }: CreatedTopic): Durable {
    const record: TopicRecord = { kind: 'topic', id, name, partitions, overrides: Object.fromEntries(overrides) }
    const isNew = !this.index.byId.has(id)
    try {
      return this.show(record, () => this.metadata.write(record))
    } catch (thrown) {
      if (isNew) this.store.dropTopic(id)
      throw thrown
    }
  }

  create(wanted: NewTopic): Created | Problem {
    const created = this.check(wanted)
    return 'error' in created ? created : { created, durable: this.add(created) }
  }

  autoCreate(name: string, mayCreate: boolean): Topic | ErrorName {
    if (nameProblem(name) !== undefined) return 'INVALID_TOPIC_EXCEPTION'
    if (!mayCreate || this.configs.typed('auto.create.topics.enable') === false) return 'UNKNOWN_TOPIC_OR_PARTITION'
    const wanted = { name, partitions: -1, replicationFactor: -1, assignments: [], configs: [] }
    const result = orRefused(() => this.create(wanted), undefined)
    if (!result) return 'KAFKA_STORAGE_ERROR'
    // it is told at once: a device that fails later is told to whoever waits for his own write
    if ('durable' in result) result.durable?.catch(() => undefined)
    return this.get(name) ?? 'UNKNOWN_TOPIC_OR_PARTITION'
  }

  delete(topic: Topic): Durable {
    const durable = this.metadata.write({ kind: 'deleted', id: topic.id })
    this.index.remove(topic)
    this.store.dropTopic(topic.id)
    for (const listener of this.listeners) listener(topic)
    return durable
  }

  grow({ id, name, overrides }: Topic, partitions: number): Durable {
    return this.add({ id, name, overrides, partitions })
  }

  configure({ id, name, partitions }: Topic, overrides: Overrides): Durable {
    return this.add({ id, name, overrides, partitions: partitions.length })
  }

  configureBroker(node: string, overrides: Overrides): Durable {
    const durable = this.metadata.write({ kind: 'broker', node, overrides: Object.fromEntries(overrides) })
    this.configs.replace(node, overrides)
    return durable
  }

  onDeleted(listener: (topic: Topic) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Makes what is in memory what the record says, as soon as that is written. What may fail comes before anything is changed. */
  private show(record: TopicRecord, write: () => Durable = () => undefined): Durable {
    const { id, name } = record
    const overrides: Overrides = new Map(Object.entries(record.overrides))
    const known = this.index.byId.get(id)
    const derive = this.derive(overrides)
    const topic = known ?? new LiveTopic(record, overrides, derive)
    const logs: PartitionLog[] = []
    for (let partition = topic.partitions.length; partition < record.partitions; partition++)
      logs.push(this.store.openPartition(id, partition, () => topic.config, name))
    const durable = write()
    topic.partitions.push(...logs)
    if (known) known.set(overrides, derive)
    else this.index.add(topic)
    return durable
  }
}

/** Opens the topics of a store: those that its journal knows are there when this returns, with their logs. */
export function openTopics(options: TopicsOptions): Topics {
  return new Registry(options)
}
