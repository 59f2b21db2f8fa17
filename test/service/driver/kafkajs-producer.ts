// The producer's half of the port on kafkajs: what is sent at the same time goes out as one batch, and one batch at a time is under way,
// because kafkajs keeps no order between sends.
import type { Message, Producer } from 'kafkajs'
import { EvplatError, messageOf } from '../../../src/core/errors.ts'
import { groupBy } from '../../../src/core/group-by.ts'
import type { DriverProducer, OutRecord, Placed } from '../../../src/kafka/driver/port.ts'
import { client } from './kafkajs-client.ts'

interface Waiting {
  readonly record: OutRecord
  readonly timestamp: number
  readonly resolve: (placed: Placed) => void
  readonly reject: (error: EvplatError) => void
}

export class KafkajsProducer implements DriverProducer {
  pendingBytes = 0
  private readonly producer: Producer
  private readonly connected: Promise<void>
  private waiting: Waiting[] = []
  private working: Promise<void> | undefined

  constructor(bootstrap: readonly string[]) {
    this.producer = client(bootstrap).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
    })
    this.connected = this.producer.connect()
    this.connected.catch(() => undefined)
  }

  async send(record: OutRecord): Promise<Placed> {
    const bytes = record.value?.length ?? 0
    this.pendingBytes += bytes
    try {
      return await new Promise<Placed>((resolve, reject) => {
        this.waiting.push({ record, timestamp: record.timestamp ?? Date.now(), resolve, reject })
        this.working ??= this.work()
      })
    } finally {
      this.pendingBytes -= bytes
    }
  }

  async close(timeoutMs: number): Promise<void> {
    const late = new Promise<void>((resolve) => void setTimeout(resolve, timeoutMs).unref())
    await Promise.race([this.producer.disconnect().catch(() => undefined), late])
  }

  private async work(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    while (this.waiting.length > 0) {
      // the answer of a batch tells one offset for each partition: who of the others went where is not told
      const isSingle = this.waiting[0]!.record.partition === undefined
      const next = this.waiting.findIndex(({ record }) => isSingle || record.partition === undefined)
      const batch = this.waiting.splice(0, isSingle ? 1 : next < 0 ? this.waiting.length : next)
      await this.deliver(batch)
    }
    this.working = undefined
  }

  private async deliver(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.connected
      const topicMessages = [...groupBy(batch, ({ record }) => record.topic)].map(([topic, all]) => ({
        topic,
        messages: all.map(messageFor),
      }))
      const answers = await this.producer.sendBatch({ acks: -1, topicMessages })
      const offsets = new Map(answers.map((one) => [`${one.topicName} ${one.partition}`, Number(one.baseOffset)]))
      for (const { record, timestamp, resolve } of batch) {
        const { topic, partition = answers[0]!.partition } = record
        const offset = offsets.get(`${topic} ${partition}`)!
        offsets.set(`${topic} ${partition}`, offset + 1)
        resolve({ topic, partition, offset, timestamp })
      }
    } catch (thrown) {
      const isPassing = (thrown as { readonly retriable?: boolean }).retriable === true
      const error = new EvplatError(isPassing ? 'broker-unreachable' : 'broker-refused', 'the record is not written', {
        said: messageOf(thrown),
        cause: thrown,
      })
      for (const { reject } of batch) reject(error)
    }
  }
}

function messageFor({ record: { key, value, headers, partition }, timestamp }: Waiting): Message {
  const named = Object.fromEntries(headers) as Record<string, Buffer>
  return { key, value, timestamp: String(timestamp), headers: named, ...(partition !== undefined && { partition }) }
}
