// What the scenarios stand on: a cluster, a topic of their own, and consumers that write down what they are told.
import { randomUUID } from 'node:crypto'
import { expect, onTestFinished } from 'vitest'
import { createTopics } from '../../../src/kafka/admin/topics.ts'
import { Cluster } from '../../../src/kafka/cluster.ts'
import type {
  ConsumeOptions,
  DriverConsumer,
  InRecord,
  KafkaDriver,
  Offsets,
  TopicPartitions,
} from '../../../src/kafka/driver/port.ts'
import { Producer } from '../../../src/kafka/write/producer.ts'

export type Consuming = Pick<KafkaDriver, 'name' | 'consume'>

export const never = new AbortController().signal
export const patient = { timeout: 30_000, interval: 50 }

export const one = (topic: string, ...partitions: number[]): TopicPartitions => new Map([[topic, partitions]])
export const at = (topic: string, partition: number, offset: number): Offsets =>
  new Map([[topic, new Map([[partition, offset]])]])
export const slots = (all: TopicPartitions): string[] =>
  [...all].flatMap(([topic, ps]) => ps.map((partition) => `${topic}-${partition}`))

/** A new topic of a cluster, and what is written to it without the driver that is tried. */
export class World {
  readonly bootstrap: string
  readonly cluster: Cluster
  readonly topic: string
  readonly group: string
  private readonly producer: Producer

  private constructor(bootstrap: string, cluster: Cluster, topic: string, producer: Producer) {
    this.bootstrap = bootstrap
    this.cluster = cluster
    this.topic = topic
    this.group = `group-${topic}`
    this.producer = producer
  }

  static async open(bootstrap: string, partitions: number): Promise<World> {
    const cluster = await Cluster.connect({ bootstrap: [bootstrap] })
    onTestFinished(() => cluster.close())
    const topic = `t-${randomUUID().slice(0, 8)}`
    await createTopics(cluster, [{ name: topic, partitions, replication: 1, configs: [] }], false)
    return new World(bootstrap, cluster, topic, await Producer.open(cluster, topic))
  }

  async write(partition: number, values: readonly string[], timestamp = Date.now()): Promise<void> {
    for (const value of values)
      this.producer.add(
        { key: null, value: Buffer.from(value), headers: [['n', Buffer.from(value)]], timestamp },
        partition,
        0,
      )
    await this.producer.flush()
  }

  consume(driver: Consuming, more: Partial<ConsumeOptions> = {}, habits: Partial<Habits> = {}): Told {
    const told = new Told(habits)
    const { bootstrap, topic, group } = this
    const options = { group, topics: [topic], startFrom: 'earliest', sessionMs: 6000, rebalanceMs: 20_000 } as const
    told.consumer = driver.consume({ bootstrap: [bootstrap] }, { ...options, ...more }, told.sink())
    onTestFinished(() => told.consumer.stop(2000))
    return told
  }
}

/** What a scenario does when it is called. */
export interface Habits {
  readonly onRecords: (records: readonly InRecord[], told: Told) => void
  readonly onRevoked: (partitions: TopicPartitions, told: Told) => Promise<void>
}

/** A consumer, and what it has told so far. */
export class Told {
  consumer!: DriverConsumer
  readonly records: InRecord[] = []
  readonly events: string[] = []
  readonly has = new Set<string>()
  private readonly habits: Partial<Habits>
  constructor(habits: Partial<Habits>) {
    this.habits = habits
  }

  sink(): Parameters<Consuming['consume']>[2] {
    return {
      assigned: (partitions) => {
        for (const slot of slots(partitions)) this.has.add(slot)
        this.events.push(`assigned ${slots(partitions).join(' ')}`)
      },
      records: (records) => {
        this.records.push(...records)
        this.habits.onRecords?.(records, this)
      },
      revoked: async (partitions) => {
        await this.habits.onRevoked?.(partitions, this)
        for (const slot of slots(partitions)) this.has.delete(slot)
        this.events.push(`revoked ${slots(partitions).join(' ')}`)
      },
      lost: (partitions) => {
        for (const slot of slots(partitions)) this.has.delete(slot)
        this.events.push(`lost ${slots(partitions).join(' ')}`)
      },
      trouble: (message) => this.events.push(`trouble: ${message}`),
    }
  }

  values(partition?: number): string[] {
    return this.records.filter((r) => partition === undefined || r.partition === partition).map((r) => String(r.value))
  }

  async sees(values: readonly string[], partition?: number): Promise<void> {
    await expect.poll(() => this.values(partition), patient).toEqual(values)
  }
}

export const numbered = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `${from + i}`)
