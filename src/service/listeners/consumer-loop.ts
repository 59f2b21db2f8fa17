// One consumer of the driver: what it is told becomes work of partitions, what they have done is committed.
import type { ConsumerSink, DriverConsumer, Offsets, TopicPartitions } from '../../kafka/driver/port.ts'
import { endWithin, wait } from '../clock.ts'
import type { PartitionOwner } from './partition-owner.ts'
import { PartitionWork } from './partition-work.ts'
import { workOnBatch } from './batch-work.ts'
import type { WorkContext } from './failure-steps.ts'
import { workOn } from './record-work.ts'
import { Membership } from './membership.ts'
import type { Source } from './sources.ts'
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
    void this.watch(limits.stalledMs)
  }

  numbers(): PartitionNumbers[] {
    const now = this.options.clock.now()
    const ends = this.consumer.ends()
    const positions = this.consumer.positions()
    return [...this.parts.values()].map((part) => {
      const { topic, partition, committed, isStalled, retries, deadLetters, inWork } = part
      const end = ends.get(topic)?.get(partition)
      const at = part.standsAt(positions.get(topic)?.get(partition))
      return {
        topic,
        partition,
        committed,
        isStalled,
        retries,
        deadLetters,
        lag: end === undefined || at === undefined ? undefined : Math.max(0, end - at),
        waiting: part.outstanding - inWork.size,
        inWork: inWork.size,
        oldestInWork: inWork.size === 0 ? undefined : now - Math.min(...inWork.values()),
        quiet: part.isPausedOnPurpose ? 0 : now - part.lastMove,
        pausedFor: [...part.holds],
        blockedBy: [...part.blockedBy.values()][0],
      }
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
    await endWithin(clock, lastCommitMs, (signal) => this.commit(parts, signal))
    for (const part of parts) this.forget(part)
    tell({ kind: 'revoked', partitions: placesIn(partitions) })
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

  private async watch(stalledMs: number): Promise<void> {
    const { clock, tell } = this.options
    for (;;) {
      await wait(clock, stalledMs / 4, this.over.signal)
      if (this.over.signal.aborted) return
      for (const part of this.parts.values()) {
        if (part.outstanding === 0 || part.isPausedOnPurpose) part.lastProgress = clock.now()
        const ms = clock.now() - part.lastProgress
        const isStalled = ms >= stalledMs
        if (isStalled === part.isStalled) continue
        part.isStalled = isStalled
        tell({ kind: isStalled ? 'stalled' : 'moving', topic: part.topic, partition: part.partition, ms })
      }
    }
  }
}
