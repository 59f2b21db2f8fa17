// Writes records to one topic: idempotent, acks=all, in order for each partition, with bounded memory.
import { setTimeout as sleep } from 'node:timers/promises'
import { EvplatError } from '../../core/errors.ts'
import { groupBy } from '../../core/group-by.ts'
import { errorCode, errorName, isRetriable } from '../../protocol/error-table.ts'
import { initProducerId } from '../../protocol/messages/init-producer-id.ts'
import { produce } from '../../protocol/messages/produce.ts'
import { partitionOfKey } from '../../protocol/murmur2.ts'
import type { NewRecord } from '../../protocol/records/batch-builder.ts'
import type { Cluster } from '../cluster.ts'
import { type Leaders, findLeaders, findLeadersAgain } from '../topic-partitions.ts'
import { PartitionQueue, type ReadyBatch } from './partition-queue.ts'

const batchBytes = 512 * 1024
const bufferBytes = 32 * 1024 * 1024
const requestTimeoutMs = 30_000
/** how long a batch is tried before it counts as failed */
const deliveryTimeoutMs = 120_000

interface Sent {
  readonly queue: PartitionQueue
  readonly batch: ReadyBatch
}

/** What the broker said of one batch; `record` is the place of the record that it refuses, where it names one. */
interface Verdict {
  readonly code: number
  readonly message: string | null
  readonly record?: number
}

export class Producer {
  /** records that the broker has acknowledged */
  acknowledged = 0

  private readonly cluster: Cluster
  private readonly producer: { readonly producerId: bigint; readonly epoch: number }
  private readonly queues: readonly PartitionQueue[]
  private leaders: Leaders
  private buffered = 0
  private failure: EvplatError | undefined
  private lastProgress = performance.now()
  private readonly onTrouble: (message: string) => void
  /** the trouble that was told last, until something is acknowledged again */
  private told = ''
  private readonly busyBrokers = new Set<number>()
  private waiters: (() => void)[] = []
  /** where records without a key go until their batch is sent */
  private sticky = 0

  private constructor(
    cluster: Cluster,
    leaders: Leaders,
    producer: { producerId: bigint; epoch: number },
    onTrouble: (message: string) => void,
  ) {
    this.cluster = cluster
    this.leaders = leaders
    this.producer = producer
    this.onTrouble = onTrouble
    this.queues = leaders.leaders.map((_, partition) => new PartitionQueue(partition, batchBytes))
  }

  /** Finds the topic and takes a producer id (KIP-98). `onTrouble` is told once why a broker is not reached; it is tried again. */
  static async open(
    cluster: Cluster,
    topic: string,
    onTrouble: (message: string) => void = () => undefined,
  ): Promise<Producer> {
    const leaders = await findLeaders(cluster, topic)
    for (let attempt = 1; ; attempt++) {
      const answer = await cluster.send(initProducerId, { transactionalId: null, transactionTimeoutMs: 60_000 })
      if (answer.errorCode === 0)
        return new Producer(cluster, leaders, { producerId: answer.producerId, epoch: answer.producerEpoch }, onTrouble)
      if (!isRetriable(answer.errorCode) || attempt === 10)
        throw refusal(topic, { code: answer.errorCode, message: null })
      await sleep(200)
    }
  }

  get partitionCount(): number {
    return this.queues.length
  }

  /** The partition of a record without a partition of its own: by key as Java does it, else in turn, a batch at a time. */
  partitionFor(key: Buffer | null): number {
    return key === null ? this.sticky : partitionOfKey(key, this.queues.length)
  }

  /** Takes a record. `tag` is told again when it fails. Wait for `ready` when it returns false: the buffer is full. */
  add(record: NewRecord, partition: number, tag: number): boolean {
    if (this.failure) throw this.failure
    this.buffered += this.queues[partition]!.add(record, tag)
    return this.buffered < bufferBytes
  }

  /** Sends what was added as far as brokers are free, and resolves when the buffer has room again. Throws the first failure. */
  async ready(): Promise<void> {
    this.kick()
    while (this.buffered >= bufferBytes && !this.failure) await this.change()
    if (this.failure) throw this.failure
  }

  /** Sends what was added; does not wait. */
  kick(): void {
    if (this.failure) return
    const idle = this.queues.filter((queue) => !queue.isEmpty && !queue.isUnderWay)
    for (const [broker, queues] of groupBy(idle, (queue) => this.leaders.leaders[queue.partition]!))
      if (!this.busyBrokers.has(broker)) void this.sendTo(broker, queues)
  }

  /** Resolves when everything that was added is acknowledged. Throws the first failure. */
  async flush(): Promise<void> {
    this.kick()
    while (!this.failure && (this.busyBrokers.size > 0 || this.queues.some((queue) => !queue.isEmpty)))
      await this.change()
    if (this.failure) throw this.failure
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiters.push(resolve))
  }

  private wake(): void {
    const waiters = this.waiters
    this.waiters = []
    for (const resolve of waiters) resolve()
  }

  private async sendTo(broker: number, queues: readonly PartitionQueue[]): Promise<void> {
    this.busyBrokers.add(broker)
    const sent: Sent[] = []
    for (const queue of queues) {
      const batch = queue.take(this.producer)
      if (!batch) continue
      if (queue.partition === this.sticky) this.sticky = (this.sticky + 1) % this.queues.length
      queue.isUnderWay = true
      sent.push({ queue, batch })
    }
    try {
      const verdicts = await this.exchange(broker, sent)
      for (const item of sent)
        this.settle(
          item,
          verdicts.get(item.queue.partition) ?? { code: -1, message: 'the broker gave no answer for the partition' },
        )
      if ([...verdicts.values()].some(({ code }) => isRetriable(code))) await this.renewLeaders()
    } catch (thrown) {
      this.failure ??= asFailure(thrown)
    } finally {
      for (const { queue } of sent) queue.isUnderWay = false
      this.busyBrokers.delete(broker)
      this.wake()
      this.kick()
    }
  }

  private async exchange(broker: number, sent: readonly Sent[]): Promise<Map<number, Verdict>> {
    const body = {
      acks: -1,
      timeoutMs: requestTimeoutMs,
      topicData: [
        {
          name: this.leaders.topic,
          partitionData: sent.map(({ queue, batch }) => ({ index: queue.partition, records: batch.bytes })),
        },
      ],
    }
    try {
      const { responses } = await this.cluster.send(produce, body, broker, { timeoutMs: requestTimeoutMs + 5000 })
      return new Map(
        responses
          .flatMap((topic) => topic.partitionResponses)
          .map(({ index, errorCode: code, errorMessage, recordErrors: [first] }) => {
            const message = first?.batchIndexErrorMessage ?? errorMessage
            return [index, { code, message, ...(first && { record: first.batchIndex }) }]
          }),
      )
    } catch (thrown) {
      if (!(thrown instanceof EvplatError) || thrown.code !== 'broker-unreachable') throw thrown
      if (performance.now() - this.lastProgress > deliveryTimeoutMs) throw thrown
      if (this.told !== thrown.message) this.onTrouble(`${thrown.message}; trying again`)
      this.told = thrown.message
      return new Map(
        sent.map(({ queue }) => [queue.partition, { code: errorCode('NETWORK_EXCEPTION'), message: thrown.message }]),
      )
    }
  }

  private settle({ queue, batch }: Sent, verdict: Verdict): void {
    const name = errorName(verdict.code)
    if (name === 'NONE' || name === 'DUPLICATE_SEQUENCE_NUMBER') {
      this.acknowledged += batch.count
      this.buffered -= batch.bytes.length
      this.lastProgress = performance.now()
      this.told = ''
    } else if ((name === 'MESSAGE_TOO_LARGE' || name === 'RECORD_LIST_TOO_LARGE') && batch.count > 1) {
      queue.split(batch, this.producer)
    } else if (isRetriable(verdict.code) && performance.now() - this.lastProgress < deliveryTimeoutMs) {
      queue.putBack(batch)
    } else this.failure ??= refusal(this.leaders.topic, verdict, batch)
  }

  private async renewLeaders(): Promise<void> {
    await sleep(200)
    this.leaders = await findLeadersAgain(this.cluster, this.leaders)
  }
}

function asFailure(thrown: unknown): EvplatError {
  if (thrown instanceof EvplatError) return thrown
  throw thrown
}

/** The input lines of what was refused: `line 4: `, or those between which the refused record stands. */
function linesText(tags: readonly number[]): string {
  const [first, last] = [tags[0], tags.at(-1)]
  return first === last ? `line ${first}: ` : `lines ${first} to ${last}: `
}

function refusal(topic: string, { code, message, record }: Verdict, batch?: ReadyBatch): EvplatError {
  const name = errorName(code)
  const said = message ?? name
  if (name.endsWith('AUTHORIZATION_FAILED'))
    return new EvplatError('not-authorised', `topic "${topic}" may not be written by this user`, {
      said,
      hint: 'the user needs WRITE on the topic',
    })
  const refused = record === undefined ? batch?.tags : batch?.tags.slice(record, record + 1)
  const tags = refused && refused.length > 0 ? refused : undefined
  const lines = tags ? linesText(tags) : ''
  const details = { code: name, ...(tags && { firstLine: tags[0], lastLine: tags.at(-1) }) }
  if (name === 'MESSAGE_TOO_LARGE')
    return new EvplatError('broker-refused', `${lines}the record is larger than topic "${topic}" takes`, {
      said,
      hint: 'its config max.message.bytes is the limit',
      details,
    })
  const what = tags?.length === 1 ? 'the record' : 'the records'
  return new EvplatError('broker-refused', `${lines}topic "${topic}" does not take ${what}`, { said, details })
}
