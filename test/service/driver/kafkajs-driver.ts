// The port on kafkajs 2.2.4, as well as it can be had there: so that the suite can say what it does and what it fails.
import { KafkajsProducer } from './kafkajs-producer.ts'
import { client } from './kafkajs-client.ts'
import type { Consumer, KafkaMessage } from 'kafkajs'
import { messageOf } from '../../../src/core/errors.ts'
import { ownDriver } from '../../../src/kafka/driver/own-driver.ts'
import type {
  ConsumeOptions,
  ConsumerSink,
  DriverConsumer,
  InRecord,
  KafkaDriver,
  Offsets,
  TopicPartitions,
} from '../../../src/kafka/driver/port.ts'

const ownTopics = (partitions: TopicPartitions): { topic: string; partitions: number[] }[] =>
  [...partitions].map(([topic, all]) => ({ topic, partitions: [...all] }))

function inRecord(
  topic: string,
  partition: number,
  { offset, timestamp, key, value, headers = {} }: KafkaMessage,
): InRecord {
  const flat = Object.entries(headers).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map(
      (one) => [name, one === undefined ? null : Buffer.from(one)] as const,
    ),
  )
  return { topic, partition, offset: Number(offset), timestamp: Number(timestamp), key, value, headers: flat }
}

/** kafkajs tells of a rebalance when it is over or has begun: there is no hook that it waits for before it gives partitions up. */
class KafkajsConsumer implements DriverConsumer {
  readonly ended: Promise<void>
  private readonly consumer: Consumer
  private readonly sink: ConsumerSink
  private readonly highs = new Map<string, Map<number, number>>()
  private owned: TopicPartitions = new Map()
  private end: () => void = () => undefined
  private fail: (thrown: unknown) => void = () => undefined

  constructor(bootstrap: readonly string[], options: ConsumeOptions, sink: ConsumerSink) {
    this.sink = sink
    this.ended = new Promise((resolve, reject) => {
      this.end = resolve
      this.fail = reject
    })
    this.ended.catch(() => undefined)
    const { group, sessionMs, rebalanceMs, topicsEveryMs = 30_000 } = options
    this.consumer = client(bootstrap).consumer({
      groupId: group,
      sessionTimeout: sessionMs,
      rebalanceTimeout: rebalanceMs,
      heartbeatInterval: sessionMs / 3,
      metadataMaxAge: topicsEveryMs,
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
    })
    void this.run(options).catch((thrown: unknown) => this.fail(thrown))
  }

  pause(partitions: TopicPartitions): void {
    this.consumer.pause(ownTopics(partitions))
  }

  resume(partitions: TopicPartitions): void {
    this.consumer.resume(ownTopics(partitions))
  }

  seek(topic: string, partition: number, offset: number): void {
    this.consumer.seek({ topic, partition, offset: String(offset) })
  }

  async commit(offsets: Offsets): Promise<boolean> {
    const all = [...offsets].flatMap(([topic, partitions]) =>
      [...partitions].map(([partition, offset]) => ({ topic, partition, offset: String(offset) })),
    )
    if (!all.every(({ topic, partition }) => this.owned.get(topic)?.includes(partition))) return false
    try {
      await this.consumer.commitOffsets(all)
      return true
    } catch (thrown) {
      if (/REBALANCE|GENERATION|UNKNOWN_MEMBER/.test(String((thrown as { type?: unknown }).type))) return false
      throw thrown
    }
  }

  /** kafkajs does not tell them */
  positions(): Offsets {
    return new Map()
  }

  get isMember(): boolean {
    return this.owned.size > 0
  }

  ends(): Offsets {
    return this.highs
  }

  async stop(timeoutMs: number): Promise<void> {
    const all = this.owned
    await this.consumer.stop().catch(() => undefined)
    if (all.size > 0) await this.sink.revoked(all)
    this.owned = new Map()
    const late = new Promise<void>((resolve) => void setTimeout(resolve, timeoutMs).unref())
    await Promise.race([this.consumer.disconnect().catch(() => undefined), late])
    this.end()
  }

  private async run({ topics, startFrom }: ConsumeOptions): Promise<void> {
    const { consumer, sink } = this
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.owned = new Map(Object.entries(payload.memberAssignment))
      sink.assigned(this.owned)
    })
    consumer.on(consumer.events.REBALANCING, () => void this.letGo())
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      sink.trouble(messageOf(error))
      this.drop()
      if (!restart) this.fail(error)
    })
    await consumer.connect()
    await consumer.subscribe({ topics: [...topics], fromBeginning: startFrom === 'earliest' })
    await consumer.run({
      autoCommit: false,
      eachBatch: ({ batch: { topic, partition, messages, highWatermark } }) => {
        this.highs.set(
          topic,
          (this.highs.get(topic) ?? new Map<number, number>()).set(partition, Number(highWatermark)),
        )
        sink.records(messages.map((message) => inRecord(topic, partition, message)))
        return Promise.resolve()
      },
    })
  }

  private async letGo(): Promise<void> {
    const all = this.owned
    if (all.size > 0) await this.sink.revoked(all)
    this.owned = new Map()
  }

  private drop(): void {
    if (this.owned.size > 0) this.sink.lost(this.owned)
    this.owned = new Map()
  }
}

export const kafkajsDriver: KafkaDriver = {
  name: 'kafkajs',
  consume: ({ bootstrap }, options, sink) => new KafkajsConsumer(bootstrap, options, sink),
  // no matter of a consumer: asked as our own driver asks it
  offsetsAt: (settings, partitions, at) => ownDriver.offsetsAt(settings, partitions, at),
  partitionCount: (settings, topic) => ownDriver.partitionCount(settings, topic),
  produce: ({ bootstrap }) => new KafkajsProducer(bootstrap),
}
