// What the scenarios stand on: a cluster, a topic of their own, and consumers that write down what they are told.
import { randomUUID } from 'node:crypto'
import { Kafka, type Transaction, logLevel } from 'kafkajs'
import { expect, onTestFinished } from 'vitest'
import type { Faults } from '../../../src/broker/faults/faults.ts'
import { committedOffsets } from '../../../src/kafka/admin/coordinator.ts'
import { awaitTopics, createTopics } from '../../../src/kafka/admin/topics.ts'
import { Cluster } from '../../../src/kafka/cluster.ts'
import type {
  ConsumeOptions,
  DriverConsumer,
  InRecord,
  KafkaDriver,
  Offsets,
  TopicPartitions,
} from '../../../src/kafka/driver/port.ts'
import { listOffsets } from '../../../src/kafka/read/list-offsets.ts'
import { readTopic } from '../../../src/kafka/read/read-topic.ts'
import { Producer } from '../../../src/kafka/write/producer.ts'
import { RecordCursor } from '../../../src/protocol/records/cursor.ts'
import { type Cut, type SeenRequest, startKafkaProxy } from '../../support/kafka-proxy.ts'

export type Consuming = Pick<KafkaDriver, 'name' | 'consume'>

/** the places of the scenarios take sessions as short as that */
export const sessionMs = 1500
export const never = new AbortController().signal
export const patient = { timeout: 30_000, interval: 50 }

export const one = (topic: string, ...partitions: number[]): TopicPartitions => new Map([[topic, partitions]])
export const at = (topic: string, partition: number, offset: number): Offsets =>
  new Map([[topic, new Map([[partition, offset]])]])
export const slots = (all: TopicPartitions): string[] =>
  [...all].flatMap(([topic, ps]) => ps.map((partition) => `${topic}-${partition}`))

/** A cluster that the scenarios run on. */
export interface Place {
  readonly bootstrap: string
  /** of the embedded broker */
  readonly faults?: Faults
  /** ends the broker; the function that it resolves with starts it on the same port with the same data */
  readonly away: () => Promise<() => Promise<void>>
}

/** A new topic of a cluster, and what is written to it without the driver that is tried. */
export class World {
  readonly place: Place
  /** where drivers connect to */
  bootstrap: string
  readonly cluster: Cluster
  readonly topic: string
  readonly group: string
  /** connections that were cut under a driver */
  cuts: () => number = () => 0
  /** requests of drivers that connect through the proxy, by API */
  requests: () => Readonly<Record<string, number>> = () => ({})
  private producer: Producer | undefined

  private constructor(place: Place, cluster: Cluster, topic: string) {
    this.place = place
    this.bootstrap = place.bootstrap
    this.cluster = cluster
    this.topic = topic
    this.group = `group-${topic}`
  }

  static async open(place: Place, partitions: number): Promise<World> {
    const cluster = await Cluster.connect({ bootstrap: [place.bootstrap] })
    onTestFinished(() => cluster.close())
    const topic = `t-${randomUUID().slice(0, 8)}`
    await createTopics(cluster, [{ name: topic, partitions, replication: 1, configs: [] }], false)
    expect(await awaitTopics(cluster, [topic], 20_000)).toEqual([])
    return new World(place, cluster, topic)
  }

  /** Puts a proxy before the broker, for drivers that connect from now on. */
  async intervene(cut: (request: SeenRequest) => Cut): Promise<void> {
    const proxy = await startKafkaProxy(this.place.bootstrap, cut)
    onTestFinished(() => proxy.close())
    this.bootstrap = proxy.bootstrap
    this.cuts = proxy.cuts
    this.requests = () => proxy.counts()
  }

  /** A transaction of another program. */
  async transaction(): Promise<Transaction> {
    const kafka = new Kafka({ brokers: [this.place.bootstrap], logLevel: logLevel.NOTHING })
    const producer = kafka.producer({ transactionalId: this.topic, idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    onTestFinished(() => producer.disconnect())
    return producer.transaction()
  }

  /** What the group has committed, by partition. */
  async committed(): Promise<ReadonlyMap<number, number>> {
    const all = await committedOffsets(this.cluster, this.group)
    return new Map(all.map(({ partition, committed }) => [partition, committed]))
  }

  /** All values of a partition, as they stand there. */
  async stands(partition: number): Promise<string[]> {
    const found: string[] = []
    const query = { topic: this.topic, partitions: [partition], readCommitted: true }
    const end = (await listOffsets(this.cluster, { ...query, at: 'end' })).get(partition)!
    const from = (await listOffsets(this.cluster, { ...query, at: 'start' })).get(partition)!
    const ranges = new Map([[partition, { from, until: end }]])
    if (from >= end) return found
    for await (const fetched of readTopic(this.cluster, {
      topic: this.topic,
      ranges,
      readCommitted: true,
      onTrouble: () => undefined,
    }))
      for (const { batches } of fetched) {
        const cursor = new RecordCursor()
        for (const batch of batches) for (cursor.open(batch); cursor.next();) found.push(String(cursor.value()))
      }
    return found
  }

  async write(partition: number, values: readonly string[], timestamp = Date.now()): Promise<void> {
    this.producer ??= await Producer.open(this.cluster, this.topic)
    const { producer } = this
    for (const value of values)
      producer.add(
        { key: null, value: Buffer.from(value), headers: [['n', Buffer.from(value)]], timestamp },
        partition,
        0,
      )
    await producer.flush()
  }

  consume(driver: Consuming, more: Partial<ConsumeOptions> = {}, habits: Partial<Habits> = {}): Told {
    const told = new Told(habits)
    const { bootstrap, topic, group } = this
    const options = { group, topics: [topic], startFrom: 'earliest', sessionMs, rebalanceMs: 20_000 } as const
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

  /** Waits until it has so many partitions. */
  async holds(count: number): Promise<void> {
    await expect.poll(() => this.has.size, patient).toBe(count)
  }

  values(partition?: number): string[] {
    return this.records.filter((r) => partition === undefined || r.partition === partition).map((r) => String(r.value))
  }

  async sees(values: readonly string[], partition?: number): Promise<void> {
    await expect.poll(() => this.values(partition), patient).toEqual(values)
  }
}

export const numbered = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `${from + i}`)
