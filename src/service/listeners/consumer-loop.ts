// One consumer of the driver: what it is told becomes work of partitions, what they have done is committed.
import type { ConsumerSink, DriverConsumer, Offsets, TopicPartitions } from '../../kafka/driver/port.ts'
import { endWithin } from '../clock.ts'
import { Committer, lastCommitMs } from './committer.ts'
import type { PartitionOwner } from './partition-owner.ts'
import { PartitionWork } from './partition-work.ts'
import { workOnBatch } from './batch-work.ts'
import type { WorkContext } from './failure-steps.ts'
import { workOn } from './record-work.ts'
import { numbersOf } from './partition-numbers.ts'
import { Membership } from './membership.ts'
import { seekTopic } from './seek-topic.ts'
import type { Source } from './sources.ts'
import { watchStalls } from './watch-stalls.ts'
import type { Limits, ListenerDefinition, ListenersOptions, PartitionNumbers, SeekTo, Sought } from './words.ts'

const keyOf = (topic: string, partition: number): string => `${topic}\0${partition}`

function placesIn(partitions: TopicPartitions): [string, number][] {
  return [...partitions].flatMap(([topic, numbers]) => numbers.map((number): [string, number] => [topic, number]))
}

export class ConsumerLoop {
  readonly consumer: DriverConsumer
  readonly membership: Membership
  private readonly options: ListenersOptions
  private readonly sources: ReadonlyMap<string, Source>
  private readonly owner: PartitionOwner
  private readonly parts = new Map<string, PartitionWork>()
  private readonly asked = new Set<ListenerDefinition>()
  private readonly over = new AbortController()
  private drainMs: number
  private seeking: Promise<unknown> = Promise.resolve()
  private readonly committer: Committer

  constructor(
    options: ListenersOptions & { readonly limits: Limits },
    sources: ReadonlyMap<string, Source>,
    context: WorkContext,
  ) {
    const { limits, service, clock } = options
    this.options = options
    this.sources = sources
    this.drainMs = limits.drainMs
    this.owner = {
      clock,
      limits,
      work: (record, origin, of) => workOn({ record, origin, of, context }),
      workBatch: (records, of, done) => {
        const tasks = records.map((record) => ({ record, origin: of.originOf(record), of, context }))
        return workOnBatch(tasks, ({ record }) => done(record))
      },
      completed: () => this.committer.completed(),
      setPaused: (of, isPaused) => {
        const partitions = new Map([[of.topic, [of.partition]]])
        if (isPaused) this.consumer.pause(partitions)
        else this.consumer.resume(partitions)
      },
    }
    const { sessionMs, rebalanceMs } = limits
    const startFrom = new Map([...sources].map(([topic, source]) => [topic, source.startFrom]))
    const consume = { group: service.group, topics: [...sources.keys()], startFrom, sessionMs, rebalanceMs }
    this.consumer = options.driver.consume(options.settings, consume, this.sink())
    this.membership = new Membership(clock, () => this.consumer.isMember)
    this.committer = new Committer({ ...options, consumer: this.consumer, parts: () => this.parts.values() })
    void this.committer.commitAtTimes(() => this.membership.look(), this.over.signal)
    void watchStalls(() => this.parts.values(), { ...options, stalledMs: limits.stalledMs }, this.over.signal)
  }

  numbers(): PartitionNumbers[] {
    const now = this.options.clock.now()
    const ends = this.consumer.ends()
    const positions = this.consumer.positions()
    return [...this.parts.values()].map((part) => {
      const at = (offsets: Offsets): number | undefined => offsets.get(part.topic)?.get(part.partition)
      return numbersOf(part, { now, end: at(ends), position: at(positions) })
    })
  }

  /** Lets what runs end, and begins nothing more of a listener's topics until `resume`. */
  pause(topic: string): void {
    const definition = this.sources.get(topic)?.definition
    if (!definition) return
    this.asked.add(definition)
    for (const part of this.parts.values()) if (part.source.definition === definition) part.hold('asked')
  }

  resume(topic: string): void {
    const definition = this.sources.get(topic)?.definition
    if (!definition || !this.asked.delete(definition)) return
    for (const part of this.parts.values()) if (part.source.definition === definition) part.release('asked')
  }

  /** One after the other: what a seek has begun is whole before the next one ends it. */
  seek(topic: string, to: SeekTo): Promise<Sought> {
    const { driver, settings } = this.options
    const sought = this.seeking.then(() =>
      seekTopic(topic, to, {
        driver,
        settings,
        here: () => [...this.parts.values()].filter((part) => part.topic === topic && !part.isLeaving),
        drain: (parts) => this.drainAll(parts, this.drainMs),
        beginAt: (part, offset) => this.beginAt(part, offset),
        commit: () => this.committer.next(),
      }),
    )
    this.seeking = sought.catch(() => undefined)
    return sought
  }

  /** In the place of a partition's work one that begins at the offset; none where the partition is not here any more. */
  private beginAt(part: PartitionWork, offset: number): PartitionWork | undefined {
    const { topic, partition, source } = part
    const key = keyOf(topic, partition)
    if (part.isLeaving || this.parts.get(key) !== part) return undefined
    part.close()
    const next = new PartitionWork([topic, partition], source, this.owner)
    next.watermark.committable = offset
    this.parts.set(key, next)
    this.consumer.seek(topic, partition, offset)
    this.options.tell({ kind: 'sought', topic, partition, offset })
    if (this.asked.has(source.definition)) next.hold('asked')
    else this.consumer.resume(new Map([[topic, [partition]]]))
    return next
  }

  isPaused(topic: string): boolean {
    const definition = this.sources.get(topic)?.definition
    return definition !== undefined && this.asked.has(definition)
  }

  /** Drains, commits and leaves. What does not end in the time is left to the next member. */
  async stop(timeoutMs: number): Promise<void> {
    const { abortMs } = this.owner.limits
    this.drainMs = Math.max(0, Math.min(this.drainMs, timeoutMs - abortMs - Math.min(lastCommitMs, timeoutMs / 4)))
    await this.consumer.stop(timeoutMs)
    this.over.abort()
    for (const part of this.parts.values()) part.close()
    this.parts.clear()
  }

  private sink(): ConsumerSink {
    const { tell } = this.options
    return {
      assigned: (partitions) => this.assigned(partitions),
      records: (records) => {
        const first = records[0]
        if (first) this.parts.get(keyOf(first.topic, first.partition))?.take(records)
      },
      revoked: (partitions) => this.revoked(partitions),
      lost: (partitions) => {
        for (const part of this.partsOf(partitions)) this.forget(part)
        tell({ kind: 'lost', partitions: placesIn(partitions) })
      },
      trouble: (message) => tell({ kind: 'trouble', message }),
    }
  }

  private assigned(partitions: TopicPartitions): void {
    const places = placesIn(partitions)
    for (const place of places) {
      const source = this.sources.get(place[0])
      if (!source) continue
      const key = keyOf(...place)
      this.parts.get(key)?.close()
      const part = new PartitionWork(place, source, this.owner)
      this.parts.set(key, part)
      if (this.asked.has(source.definition)) part.hold('asked')
    }
    this.options.tell({ kind: 'assigned', partitions: places })
  }

  private async revoked(partitions: TopicPartitions): Promise<void> {
    const { tell } = this.options
    const parts = this.partsOf(partitions)
    for (const part of parts) part.isLeaving = true
    await this.drainAll(parts, 0)
    await this.committer.commitNow(parts)
    for (const part of parts) this.forget(part)
    tell({ kind: 'revoked', partitions: placesIn(partitions) })
  }

  /** A commit that is under way may have `commitMs` to end: none where it would wait for the rebalance that waits for it. */
  private async drainAll(parts: readonly PartitionWork[], commitMs: number): Promise<void> {
    const { clock, tell } = this.options
    const drained = Promise.all(parts.map((part) => part.drain()))
    await this.committer.endUnderway(commitMs)
    if ((await endWithin(clock, this.drainMs, () => drained)).as !== 'done') {
      for (const part of parts) part.abort()
      await endWithin(clock, this.owner.limits.abortMs, () => drained)
    }
    for (const { topic, partition, inWork } of parts)
      if (inWork.size > 0) tell({ kind: 'abandoned', topic, partition, inWork: inWork.size })
  }

  private partsOf(partitions: TopicPartitions): PartitionWork[] {
    return placesIn(partitions).flatMap((place) => this.parts.get(keyOf(...place)) ?? [])
  }

  private forget(part: PartitionWork): void {
    part.close()
    const key = keyOf(part.topic, part.partition)
    if (this.parts.get(key) === part) this.parts.delete(key)
  }
}
