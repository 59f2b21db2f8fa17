// A driver whose consumers do what a test tells them: the port that listeners are written against, for their state machine alone.
import { EvplatError } from '../../../src/core/errors.ts'
import type {
  ConsumeOptions,
  ConsumerSink,
  InRecord,
  KafkaDriver,
  Offsets,
  OutRecord,
  TopicPartitions,
} from '../../../src/kafka/driver/port.ts'

export const slot = (topic: string, partition: number): string => `${topic}-${partition}`

export class Scripted {
  readonly consumers: { readonly options: ConsumeOptions; readonly sink: ConsumerSink }[] = []
  readonly committed = new Map<string, number>()
  readonly paused = new Set<string>()
  readonly sent: OutRecord[] = []
  readonly sought = new Map<string, number>()
  /** sends that fail before one is taken */
  refuseSends = 0
  ends: Offsets = new Map()
  positions: Offsets = new Map()
  isMember = false
  /** of the topic, here and elsewhere */
  partitions = 1
  private owned: TopicPartitions = new Map()

  readonly driver: KafkaDriver = {
    name: 'scripted',
    consume: (_settings, options, sink) => {
      const isMember = (): boolean => this.isMember
      this.consumers.push({ options, sink })
      return {
        ended: new Promise<void>(() => {}),
        pause: (partitions) => this.each(partitions, (name) => this.paused.add(name)),
        resume: (partitions) => this.each(partitions, (name) => this.paused.delete(name)),
        seek: (topic, partition, offset) => void this.sought.set(slot(topic, partition), offset),
        commit: (offsets) => Promise.resolve(this.commit(offsets)),
        ends: () => this.ends,
        positions: () => this.positions,
        get isMember() {
          return isMember()
        },
        stop: () => sink.revoked(this.owned),
      }
    },
    offsetsAt: () => Promise.resolve(this.positions),
    partitionCount: () => Promise.resolve(this.partitions),
    produce: () => ({
      pendingBytes: 0,
      close: () => Promise.resolve(),
      send: (record) => {
        if (this.refuseSends > 0) {
          this.refuseSends -= 1
          return Promise.reject(new EvplatError('broker-unreachable', 'no broker took a record'))
        }
        this.sent.push(record)
        return Promise.resolve({ topic: record.topic, partition: 0, offset: this.sent.length - 1, timestamp: 0 })
      },
    }),
  }

  get sink(): ConsumerSink {
    return this.consumers[0]!.sink
  }

  assign(topic: string, partitions: readonly number[] = [0]): TopicPartitions {
    this.owned = new Map([[topic, partitions]])
    this.isMember = true
    this.sink.assigned(this.owned)
    return this.owned
  }

  private commit(offsets: Offsets): boolean {
    for (const [topic, partitions] of offsets)
      for (const [partition, offset] of partitions) {
        const before = this.committed.get(slot(topic, partition)) ?? 0
        if (offset < before && this.sought.get(slot(topic, partition)) !== offset)
          throw new Error(`the commit of ${slot(topic, partition)} goes back to ${offset}`)
        this.committed.set(slot(topic, partition), offset)
      }
    return true
  }

  private each(partitions: TopicPartitions, act: (name: string) => void): void {
    for (const [topic, numbers] of partitions) for (const number of numbers) act(slot(topic, number))
  }
}

export function recordsOf(topic: string, values: readonly string[], from = 0, partition = 0): InRecord[] {
  return values.map((value, n) => {
    const key = value.includes(':') ? Buffer.from(value.split(':')[0]!) : null
    return { topic, partition, offset: from + n, timestamp: 5, key, value: Buffer.from(value), headers: [] }
  })
}

/** A record that was sent, as the first one of its topic. */
export function asRead({ topic, key, value, headers }: OutRecord): InRecord {
  const bytes = headers.map(([name, text]) => [name, text === null ? null : Buffer.from(text)] as const)
  return { topic, partition: 0, offset: 0, timestamp: 9, key, value, headers: bytes }
}
