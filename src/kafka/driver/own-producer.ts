// A producer of our own: records of any topics, each acknowledged for itself.
import type { ClusterSettings } from '../../core/connection-settings.ts'
import { EvplatError } from '../../core/errors.ts'
import { errorName, isRetriable } from '../../protocol/error-table.ts'
import { initProducerId } from '../../protocol/messages/init-producer-id.ts'
import { produce } from '../../protocol/messages/produce.ts'
import { partitionOfKey } from '../../protocol/murmur2.ts'
import { Cluster } from '../cluster.ts'
import { pauseFor } from '../group/change.ts'
import { type Leaders, findLeaders, findLeadersAgain } from '../topic-partitions.ts'
import { Lane, type Written } from './lane.ts'
import type { DriverProducer, OutRecord, Placed, ProducerOptions } from './port.ts'
import { slotKey } from './slots.ts'

const againAfterMs = 200

export class OwnProducer implements DriverProducer {
  pendingBytes = 0
  private readonly settings: ClusterSettings
  private readonly options: ProducerOptions
  private readonly topics = new Map<string, Promise<Leaders>>()
  private readonly lanes = new Map<string, Lane>()
  private readonly underWay = new Set<Promise<unknown>>()
  private readonly closing = new AbortController()
  private connecting: Promise<Cluster> | undefined
  private told = ''
  private turn = 0

  constructor(settings: ClusterSettings, options: ProducerOptions) {
    this.settings = settings
    this.options = options
  }

  send(record: OutRecord): Promise<Placed> {
    const sending = this.place(record, performance.now() + this.options.deliveryMs)
    this.underWay.add(sending)
    const forget = (): void => void this.underWay.delete(sending)
    sending.then(forget, forget)
    return sending
  }

  async close(timeoutMs: number): Promise<void> {
    const over = new AbortController()
    await Promise.race([Promise.allSettled(this.underWay), pauseFor(timeoutMs, over.signal)])
    over.abort()
    this.closing.abort()
    void this.connecting?.then(
      (cluster) => cluster.close(),
      () => undefined,
    )
  }

  private async place(record: OutRecord, deadline: number): Promise<Placed> {
    const { topic, key, value, headers, timestamp = Date.now() } = record
    const bytes = (key?.length ?? 0) + (value?.length ?? 0) + 32
    this.pendingBytes += bytes
    try {
      const { leaders } = await this.leadersOf(topic, deadline)
      const partition = record.partition ?? this.partitionFor(key, leaders.length)
      if (partition >= leaders.length)
        throw new EvplatError('broker-refused', `topic "${topic}" has no partition ${partition}`)
      return await new Promise<Placed>((resolve, failed) =>
        this.lane(topic, partition).add({
          record: { key, value, headers, timestamp },
          bytes,
          deadline,
          failed,
          done: (offset, placedAt) => resolve({ topic, partition, offset, timestamp: placedAt }),
        }),
      )
    } finally {
      this.pendingBytes -= bytes
    }
  }

  private partitionFor(key: Buffer | null, count: number): number {
    return key === null ? this.turn++ % count : partitionOfKey(key, count)
  }

  private leadersOf(topic: string, deadline: number): Promise<Leaders> {
    const known = this.topics.get(topic)
    if (known) return known
    const finding = this.find(topic, deadline)
    this.topics.set(topic, finding)
    finding.catch(() => this.topics.delete(topic))
    return finding
  }

  private async find(topic: string, deadline: number): Promise<Leaders> {
    for (;;) {
      try {
        return await findLeaders(await this.cluster(), topic)
      } catch (thrown) {
        if (!(thrown instanceof EvplatError) || thrown.code !== 'broker-unreachable') throw thrown
        if (performance.now() > deadline || this.closing.signal.aborted) throw thrown
        await this.wait(thrown.message)
      }
    }
  }

  private lane(topic: string, partition: number): Lane {
    const key = slotKey(topic, partition)
    const known = this.lanes.get(key)
    if (known) return known
    const lane = new Lane({
      topic,
      newId: (timeoutMs) => this.newId(timeoutMs),
      write: (batch, timeoutMs) => this.write(topic, partition, batch, timeoutMs),
      again: (why) => this.lookAgain(topic, why),
    })
    this.lanes.set(key, lane)
    return lane
  }

  /** Who leads the partitions by now; nothing new where nobody can tell. */
  private async lookAgain(topic: string, why: string): Promise<void> {
    await this.wait(why)
    try {
      const now = await findLeadersAgain(await this.cluster(), await this.topics.get(topic)!)
      this.topics.set(topic, Promise.resolve(now))
    } catch {
      // the write that follows says what is wrong
    }
  }

  private async newId(timeoutMs: number): Promise<{ producerId: bigint; epoch: number }> {
    const body = { transactionalId: null, transactionTimeoutMs: 60_000 }
    const answer = await (await this.cluster()).send(initProducerId, body, 'any', { timeoutMs: Math.max(1, timeoutMs) })
    if (answer.errorCode === 0) return { producerId: answer.producerId, epoch: answer.producerEpoch }
    if (!isRetriable(answer.errorCode))
      throw new EvplatError('not-authorised', 'no producer id is given to this user', {
        said: errorName(answer.errorCode),
        hint: 'the user needs WRITE on the topic',
      })
    throw new EvplatError('broker-unreachable', `no producer id is given: ${errorName(answer.errorCode)}`)
  }

  private async write(topic: string, partition: number, records: Buffer, timeoutMs: number): Promise<Written> {
    const leader = (await this.topics.get(topic)!).leaders[partition]!
    const topicData = [{ name: topic, partitionData: [{ index: partition, records }] }]
    const body = { acks: -1, timeoutMs: Math.ceil(timeoutMs), topicData }
    const answer = await (await this.cluster()).send(produce, body, leader, { timeoutMs })
    const { errorCode, errorMessage, baseOffset, logAppendTimeMs } = answer.responses[0]!.partitionResponses[0]!
    if (errorCode === 0) this.told = ''
    return {
      errorCode,
      message: errorMessage,
      baseOffset: Number(baseOffset),
      appendTime: Number(logAppendTimeMs),
    }
  }

  private cluster(): Promise<Cluster> {
    if (this.closing.signal.aborted)
      return Promise.reject(new EvplatError('interrupted', 'the producer was closed before the record was written'))
    this.connecting ??= Cluster.connect(this.settings, {
      connectTimeoutMs: Math.min(10_000, this.options.deliveryMs),
    }).catch((thrown: unknown) => {
      this.connecting = undefined
      throw thrown
    })
    return this.connecting
  }

  private async wait(why: string): Promise<void> {
    if (this.told !== why) this.options.onTrouble(`${why}; trying again`)
    this.told = why
    await pauseFor(againAfterMs, this.closing.signal)
  }
}
