// A consumer of our own: a member of the group says which partitions, a fetcher reads them.
import type { ClusterSettings } from '../../core/connection-settings.ts'
import { EvplatError, messageOf } from '../../core/errors.ts'
import { type Resolvers, withResolvers } from '../../core/with-resolvers.ts'
import { Cluster } from '../cluster.ts'
import { pauseFor } from '../group/change.ts'
import type { Duties } from '../group/duties.ts'
import { GroupMember } from '../group/member.ts'
import { Fetcher } from '../read/fetcher.ts'
import { KeptRecords } from './kept-records.ts'
import type { ConsumeOptions, ConsumerSink, DriverConsumer, Offsets, TopicPartitions } from './port.ts'
import { endOf, watchPausedEnds } from './paused-ends.ts'
import { type Reading, Readings, handOver } from './readings.ts'
import { startOf, startOffsets } from './start-offsets.ts'
import { awaitGone } from './topic-gone.ts'

const againAfterMs = 500
/** for a member that ends by itself */
const leaveWithinMs = 5000
const topicsEveryMs = 30_000

export class OwnConsumer implements DriverConsumer {
  readonly ended: Promise<void>
  private readonly settings: ClusterSettings
  private readonly options: ConsumeOptions
  private readonly sink: ConsumerSink
  private readonly readings = new Readings()
  private readonly stopping = new AbortController()
  /** ends every connection */
  private readonly over = new AbortController()
  private hasFailed = false
  private clusters: Cluster[] = []
  private readonly told = new Set<string>()
  private readonly settle: Resolvers
  private fetcher: Fetcher | undefined
  private member: GroupMember | undefined
  private readonly joined: Promise<void>

  constructor(settings: ClusterSettings, options: ConsumeOptions, sink: ConsumerSink) {
    this.settings = settings
    this.options = options
    this.sink = sink
    this.settle = withResolvers()
    this.ended = this.settle.promise
    // who waits for it hears of it; where nobody does, the process goes on
    this.ended.catch(() => undefined)
    this.joined = this.join().catch((thrown: unknown) => this.fail(thrown))
  }

  pause(partitions: TopicPartitions): void {
    for (const reading of this.readings.of(partitions)) {
      reading.isPaused = true
      this.fetcher?.pause(reading.topic, reading.partition)
    }
  }

  resume(partitions: TopicPartitions): void {
    for (const reading of this.readings.of(partitions)) {
      if (!reading.isPaused) continue
      reading.isPaused = false
      // not before the caller has gone on
      queueMicrotask(() => this.handOver(reading))
    }
  }

  seek(topic: string, partition: number, offset: number): void {
    const reading = this.readings.get(topic, partition)
    if (!reading) return
    reading.kept = []
    reading.sought = offset
    if (reading.isRead) this.fetcher?.read(topic, partition, offset)
  }

  async commit(offsets: Offsets, signal: AbortSignal): Promise<boolean> {
    return (await this.member?.commit(offsets, signal)) ?? false
  }

  ends(): Offsets {
    return this.readings.offsets((reading) => endOf(reading, this.fetcher?.endOf(reading.topic, reading.partition)))
  }

  positions(): Offsets {
    return this.readings.offsets((part) => part.kept[0]?.offset ?? this.fetcher?.nextOf(part.topic, part.partition))
  }

  get isMember(): boolean {
    return (this.member?.generation ?? -1) >= 0
  }

  async stop(timeoutMs: number): Promise<void> {
    this.stopping.abort()
    // nothing is in work of one that has not joined yet
    if (!this.member) this.over.abort()
    await this.shutDown(timeoutMs)
    this.settle.resolve()
  }

  private async shutDown(timeoutMs: number): Promise<void> {
    const late = new AbortController()
    await Promise.race([this.leave(late.signal), pauseFor(timeoutMs, late.signal)])
    late.abort()
    this.over.abort()
    this.readings.clear()
  }

  private async leave(late: AbortSignal): Promise<void> {
    await this.joined
    await this.member?.leave(late)
    await this.fetcher?.close()
  }

  /** A cluster that is away is waited for. */
  private async join(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.joinOnce()
        return
      } catch (thrown) {
        for (const cluster of this.clusters) cluster.close()
        this.clusters = []
        if (this.stopping.signal.aborted) return
        if (!(thrown instanceof EvplatError) || thrown.code !== 'broker-unreachable') throw thrown
        this.tell(`${thrown.message}; trying again`)
        await pauseFor(againAfterMs, this.stopping.signal)
      }
    }
  }

  private async joinOnce(): Promise<void> {
    const beyondEnd = (topic: string) => (startOf(this.options.startFrom, topic) === 'earliest' ? 'start' : 'end')
    const fetching = await this.connect()
    // questions must not wait behind a fetch that waits for records
    const asking = await this.connect()
    this.fetcher = new Fetcher(
      fetching,
      { readCommitted: true, beyondEnd },
      {
        arrived: (arrived) => {
          this.told.clear()
          const reading = this.readings.get(arrived.topic, arrived.partition)
          if (!reading) return
          reading.kept.push(new KeptRecords(arrived))
          this.handOver(reading)
        },
        trouble: (message) => this.tell(message),
        failed: (error) => this.fail(error),
      },
    )
    const { group, topics, instanceId, sessionMs, rebalanceMs, topicsEveryMs: everyMs = topicsEveryMs } = this.options
    const { signal } = this.over
    this.member = await GroupMember.join(
      this.settings,
      {
        group,
        topics,
        sessionMs,
        rebalanceMs,
        heartbeatMs: Math.min(3000, sessionMs / 3),
        topicsEveryMs: everyMs,
        signal,
        ...(instanceId !== undefined && { instanceId }),
      },
      this.duties(asking),
    )
    this.member.ended.catch((thrown: unknown) => this.fail(thrown))
    void watchPausedEnds(asking, () => this.readings.all(), signal)
    void awaitGone(asking, { topics, everyMs, signal }).then((gone) => gone && this.fail(gone))
  }

  private duties(asking: Cluster): Duties {
    return {
      assigned: (partitions) => {
        if (this.hasFailed) return
        this.readings.add(partitions)
        this.sink.assigned(partitions)
        this.begin(asking, partitions).catch((thrown: unknown) => this.fail(thrown))
      },
      revoked: async (partitions) => {
        if (this.hasFailed) return
        this.letGo(partitions)
        await this.sink.revoked(partitions)
      },
      lost: (partitions) => {
        if (this.hasFailed) return
        this.letGo(partitions)
        this.sink.lost(partitions)
      },
      trouble: (message) => this.tell(message),
    }
  }

  private async begin(asking: Cluster, partitions: TopicPartitions): Promise<void> {
    const given = this.readings.of(partitions)
    const isStillMine = (reading: Reading): boolean => this.readings.has(reading)
    while (given.some(isStillMine) && !this.stopping.signal.aborted) {
      try {
        const offsets = await startOffsets(asking, this.options, partitions)
        for (const reading of given.filter(isStillMine)) {
          const { topic, partition, isPaused } = reading
          reading.isRead = true
          this.fetcher!.read(topic, partition, reading.sought ?? offsets.get(topic)?.get(partition) ?? 0, isPaused)
        }
        return
      } catch (thrown) {
        const isPassing =
          thrown instanceof EvplatError && (thrown.code === 'broker-unreachable' || thrown.code === 'topic-missing')
        if (!isPassing && !this.stopping.signal.aborted) throw thrown
        this.tell(`${messageOf(thrown)}; trying again`)
        await pauseFor(againAfterMs, this.stopping.signal)
      }
    }
  }

  /** What is kept of a partition, as long as it is not paused; then more of it is fetched. */
  private handOver(reading: Reading): void {
    try {
      handOver(reading, this.sink.records)
      if (!reading.isPaused && reading.isRead) this.fetcher?.resume(reading.topic, reading.partition)
    } catch (thrown) {
      this.fail(thrown)
    }
  }

  private letGo(partitions: TopicPartitions): void {
    for (const { topic, partition } of this.readings.remove(partitions)) this.fetcher?.stop(topic, partition)
  }

  private async connect(): Promise<Cluster> {
    const cluster = await Cluster.connect(this.settings, { signal: this.over.signal })
    this.clusters.push(cluster)
    return cluster
  }

  /** Leaves the group without a word of what it had: nothing more comes. */
  private fail(thrown: unknown): void {
    if (this.stopping.signal.aborted || this.hasFailed) return
    const all = this.readings.partitions()
    this.letGo(all)
    this.hasFailed = true
    if (all.size > 0) this.sink.lost(all)
    this.settle.reject(thrown)
    void this.shutDown(leaveWithinMs)
  }

  private tell(message: string): void {
    if (this.told.has(message) || this.stopping.signal.aborted || this.hasFailed) return
    this.told.add(message)
    this.sink.trouble(message)
  }
}
