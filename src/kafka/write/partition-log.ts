// One partition as a log with one writer: records go in one by one and their offsets come back; reading goes to the present end.
import { setTimeout as sleep } from 'node:timers/promises'
import { EvplatError } from '../../core/errors.ts'
import { errorName, isRetriable } from '../../protocol/error-table.ts'
import { initProducerId } from '../../protocol/messages/init-producer-id.ts'
import { produce } from '../../protocol/messages/produce.ts'
import { BatchBuilder } from '../../protocol/records/batch-builder.ts'
import { RecordCursor } from '../../protocol/records/cursor.ts'
import type { Cluster } from '../cluster.ts'
import { listOffsets } from '../read/list-offsets.ts'
import { readTopic } from '../read/read-topic.ts'
import { findLeaders } from '../topic-partitions.ts'

export interface LogEntry {
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
}

export interface PartitionLogOptions {
  readonly topic: string
  /** how long one append is tried before it counts as failed */
  readonly appendTimeoutMs: number
  /** told when a broker is lost; reading goes on */
  readonly onTrouble: (message: string) => void
}

interface Sequence {
  readonly producerId: bigint
  readonly epoch: number
  readonly sequence: number
}

const partition = 0
const lastEpoch = 32_767
const lastSequence = 2 ** 31 - 1
const pauseMs = 150

export class PartitionLog {
  private readonly cluster: Cluster
  private readonly options: PartitionLogOptions
  private tail: Promise<unknown> = Promise.resolve()
  private position: Sequence | undefined
  private leader: number | undefined
  /** whether the last append failed, so that its record may be in the log or on its way to it */
  private inDoubt = false

  /** A log on partition 0 of a topic that exists. */
  constructor(cluster: Cluster, options: PartitionLogOptions) {
    this.cluster = cluster
    this.options = options
  }

  /**
   * Appends one record and answers its offset when all replicas in sync have it (acks=all). Appends follow each other in the order of
   * the calls. What is sent again is not written twice (KIP-98). A rejected append may or may not have happened; but it does not
   * happen any more once a later one was acknowledged, because that has a higher epoch, and the broker refuses what is left of lower ones.
   */
  append(key: Buffer | null, value: Buffer | null): Promise<number> {
    const done = this.tail.then(() => this.appendNow(key, value))
    this.tail = done.catch(() => undefined)
    return done
  }

  /** The offset that the next record will get. */
  async end(): Promise<number> {
    const query = { topic: this.options.topic, partitions: [partition], at: 'end', readCommitted: false } as const
    return (await listOffsets(this.cluster, query)).get(partition)!
  }

  /** Hands on every record from the offset on, in order, up to what is the end now, which it answers. Their bytes are views: copy what is kept. */
  async read(from: number, each: (entry: LogEntry) => void): Promise<number> {
    const until = await this.end()
    if (from >= until) return until
    const { topic, onTrouble } = this.options
    const ranges = new Map([[partition, { from, until }]])
    const cursor = new RecordCursor()
    for await (const fetched of readTopic(this.cluster, { topic, ranges, readCommitted: false, onTrouble }))
      for (const batch of fetched.flatMap(({ batches }) => batches)) {
        cursor.open(batch)
        while (cursor.next())
          if (cursor.offset >= from && cursor.offset < until)
            each({ offset: cursor.offset, key: cursor.key(), value: cursor.value() })
      }
    return until
  }

  private async appendNow(key: Buffer | null, value: Buffer | null): Promise<number> {
    const due = performance.now() + this.options.appendTimeoutMs
    const position = await this.takePosition(due)
    const batch = new BatchBuilder()
    batch.add({ key, value, headers: [], timestamp: Date.now() })
    const records = batch.finish(position)
    this.inDoubt = true
    const offset = await this.insist(due, (timeoutMs) => this.sendOnce(records, timeoutMs))
    this.inDoubt = false
    this.position = { ...position, sequence: position.sequence === lastSequence ? 0 : position.sequence + 1 }
    return offset
  }

  /** Tries until there is an answer or the time is up; then throws what went wrong at the end. */
  private async insist<T>(due: number, attempt: (timeoutMs: number) => Promise<T | EvplatError>): Promise<T> {
    for (;;) {
      const outcome = await attempt(Math.max(1, Math.ceil(due - performance.now()))).catch((thrown: unknown) => {
        if (thrown instanceof EvplatError && thrown.code === 'broker-unreachable') return thrown
        throw thrown
      })
      if (!(outcome instanceof EvplatError)) return outcome
      this.leader = undefined
      if (performance.now() + pauseMs >= due) throw outcome
      await sleep(pauseMs)
    }
  }

  /** The producer id, epoch and sequence of the next record. After a failure the next epoch, which fences what may be on its way (KIP-360). */
  private async takePosition(due: number): Promise<Sequence> {
    if (this.position && !this.inDoubt) return this.position
    if (this.position && this.position.epoch < lastEpoch)
      this.position = { ...this.position, epoch: this.position.epoch + 1, sequence: 0 }
    else this.position = await this.insist(due, (timeoutMs) => this.newProducer(timeoutMs))
    this.inDoubt = false
    return this.position
  }

  private async newProducer(timeoutMs: number): Promise<Sequence | EvplatError> {
    const body = { transactionalId: null, transactionTimeoutMs: 60_000 }
    const { errorCode, producerId, producerEpoch } = await this.cluster.send(initProducerId, body, 'any', { timeoutMs })
    if (errorCode === 0) return { producerId, epoch: producerEpoch, sequence: 0 }
    return this.refusal(errorCode, null)
  }

  private async sendOnce(records: Buffer, timeoutMs: number): Promise<number | EvplatError> {
    const { topic } = this.options
    this.leader ??= (await findLeaders(this.cluster, topic)).leaders[partition]!
    const body = {
      acks: -1,
      timeoutMs,
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    }
    const { responses } = await this.cluster.send(produce, body, this.leader, { timeoutMs })
    const answer = responses[0]?.partitionResponses[0]
    if (answer?.errorCode === 0) return Number(answer.baseOffset)
    return this.refusal(answer?.errorCode ?? -1, answer?.errorMessage ?? null)
  }

  /** Answers an error that another try may help against, and throws any other. */
  private refusal(errorCode: number, message: string | null): EvplatError {
    const error = new EvplatError('broker-refused', `topic "${this.options.topic}" does not take a record`, {
      said: message ?? errorName(errorCode),
      details: { code: errorName(errorCode) },
    })
    if (isRetriable(errorCode)) return error
    throw error
  }
}
