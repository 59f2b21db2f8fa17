// One consumer of the driver: what it is told becomes work of partitions, what they have done is committed.
import type { ConsumerSink, DriverConsumer, Offsets, StartFrom, TopicPartitions } from '../../kafka/driver/port.ts'
import { endWithin, wait } from '../clock.ts'
import type { PartitionOwner } from './partition-owner.ts'
import { PartitionWork } from './partition-work.ts'
import { workOnBatch } from './batch-work.ts'
import type { WorkContext } from './failure-steps.ts'
import { workOn } from './record-work.ts'
import { numbersOf } from './partition-numbers.ts'
import { Membership } from './membership.ts'
import type { Source } from './sources.ts'
import { watchStalls } from './watch-stalls.ts'
import type { Limits, ListenerDefinition, ListenersOptions, PartitionNumbers } from './words.ts'

const keyOf = (topic: string, partition: number): string => `${topic}\0${partition}`

/** How long the commit of a revoked partition may take. */
const lastCommitMs = 5000

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
  private sinceCommit = 0
  private commitNow: () => void = () => {}
  /** the commit that is under way, and how it is given up */
  private underway: { readonly giveUp: AbortController; readonly ended: Promise<void> } | undefined

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
      completed: () => {
        this.sinceCommit += 1
        if (this.sinceCommit >= limits.commitCount) this.commitNow()
      },
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
    void this.commitAtTimes(limits.commitMs)
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

  /** Reads on from other offsets: what is in work ends or is given up first, and the new place is committed before anything of it is read. */
  async seek(topic: string, to: StartFrom): Promise<Offsets> {
    const held = [...this.parts.values()].filter((part) => part.topic === topic)
    const partitions = new Map([[topic, held.map(({ partition }) => partition)]])
    const offsets = await this.options.driver.offsetsAt(this.options.settings, partitions, to)
    await this.drainAll(held)
    const moved = held.flatMap((part) => this.movedTo(part, offsets.get(topic)?.get(part.partition)))
    await endWithin(this.options.clock, lastCommitMs, (signal) => this.commit(moved, signal))
    return offsets
  }

  /** In the place of a partition's work one that begins at the offset; none where the partition is not here any more. */
  private movedTo(part: PartitionWork, offset: number | undefined): PartitionWork[] {
    const { topic, partition, source, holds } = part
    const key = keyOf(topic, partition)
    if (offset === undefined || this.parts.get(key) !== part) return []
    part.close()
    const wasPaused = holds.size > 0
    const next = new PartitionWork([topic, partition], source, this.owner)
    next.watermark.committable = offset
    this.parts.set(key, next)
    this.consumer.seek(topic, partition, offset)
    if (this.asked.has(source.definition)) next.hold('asked')
    else if (wasPaused) this.consumer.resume(new Map([[topic, [partition]]]))
    return [next]
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
    const { clock, tell } = this.options
    const parts = this.partsOf(partitions)
    await this.drainAll(parts)
    await endWithin(clock, lastCommitMs, (signal) => this.commit(parts, signal))
    for (const part of parts) this.forget(part)
    tell({ kind: 'revoked', partitions: placesIn(partitions) })
  }

  private async drainAll(parts: readonly PartitionWork[]): Promise<void> {
    const { clock, tell } = this.options
    const drained = Promise.all(parts.map((part) => part.drain()))
    // a commit that waits for the end of the rebalance would wait for itself
    this.underway?.giveUp.abort()
    await this.underway?.ended
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

  private async commitAtTimes(everyMs: number): Promise<void> {
    while (!this.over.signal.aborted) {
      const wake = new AbortController()
      this.commitNow = () => {
        // records go on while the commit does
        this.commitNow = () => {}
        wake.abort()
      }
      await wait(this.options.clock, everyMs, AbortSignal.any([wake.signal, this.over.signal]))
      this.membership.look()
      const giveUp = new AbortController()
      const going = [...this.parts.values()].filter((part) => !part.drainSignal.aborted)
      const ended = this.commit(going, giveUp.signal)
      this.underway = { giveUp, ended }
      await ended
      this.underway = undefined
    }
  }

  /** Never rejects: what could not be committed is part of the next commit. */
  private async commit(parts: readonly PartitionWork[], signal: AbortSignal): Promise<void> {
    const due = parts.flatMap((part) => {
      const { committable } = part.watermark
      return part.isOver || committable === undefined || committable === part.committed ? [] : [{ part, committable }]
    })
    this.sinceCommit = 0
    if (due.length === 0) return
    const offsets = new Map<string, Map<number, number>>()
    for (const { part, committable } of due)
      offsets.set(part.topic, (offsets.get(part.topic) ?? new Map<number, number>()).set(part.partition, committable))
    try {
      if (!(await this.consumer.commit(offsets satisfies Offsets, signal))) return
      for (const { part, committable } of due) part.committed = committable
    } catch (error) {
      if (!signal.aborted) this.options.tell({ kind: 'commit-failed', error })
    }
  }
}
