// Fetches partitions of any topics as long as they are wanted, with one fetch under way for each broker that leads some of them. What comes
// is handed over at once; a partition that is paused is not asked for, so the one who takes says how much there may be in work.
import { EvplatError } from '../../core/errors.ts'
import { groupBy } from '../../core/group-by.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import { errorName, isRetriable } from '../../protocol/error-table.ts'
import { fetch } from '../../protocol/messages/fetch.ts'
import { noUuid } from '../../protocol/reader.ts'
import { type Batch, batchesIn } from '../../protocol/records/batch.ts'
import type { Cluster } from '../cluster.ts'
import { pauseFor } from '../group/change.ts'
import { type Leaders, findLeaders, findLeadersAgain } from '../topic-partitions.ts'
import { visibleBatches } from './committed.ts'
import { type Asked, type Position, fetchBody } from './fetch-body.ts'
import { listOffsets } from './list-offsets.ts'

export interface FetcherOptions {
  /** nothing of transactions that are open or were rolled back (KIP-98) */
  readonly readCommitted: boolean
  /** bytes of one partition in one fetch */
  readonly partitionBytes?: number
  /** where to read on after an offset beyond the end, as of a topic that was deleted and made anew; `end` where nothing is said */
  readonly beyondEnd?: 'start' | 'end'
}

/** What one fetch brought of one partition; records before `from` may be in the first batch. */
export interface Arrived {
  readonly topic: string
  readonly partition: number
  readonly from: number
  /** the offset to read on from */
  readonly next: number
  readonly batches: readonly Batch[]
}

export interface FetchSink {
  readonly arrived: (records: Arrived) => void
  /** told when a broker is lost or records are gone; reading goes on */
  readonly trouble: (message: string) => void
  /** what no patience helps against; nothing more comes */
  readonly failed: (error: unknown) => void
}

type PartitionAnswer = ResponseOf<typeof fetch>['responses'][number]['partitions'][number]

const againAfterMs = 500
const keyOf = (topic: string, partition: number): string => `${topic}\0${partition}`

export class Fetcher {
  private readonly cluster: Cluster
  private readonly options: Required<FetcherOptions>
  private readonly sink: FetchSink
  private readonly positions = new Map<string, Position>()
  private readonly leaders = new Map<string, Leaders>()
  private readonly busy = new Map<number, Promise<void>>()
  private readonly ended = new AbortController()

  constructor(cluster: Cluster, options: FetcherOptions, sink: FetchSink) {
    this.cluster = cluster
    this.options = { partitionBytes: 1024 * 1024, beyondEnd: 'end', ...options }
    this.sink = sink
  }

  /** Reads a partition from an offset on, whether it is read already or not. */
  read(topic: string, partition: number, offset: number, isPaused = this.isPaused(topic, partition)): void {
    const end = this.endOf(topic, partition)
    this.positions.set(keyOf(topic, partition), { topic, partition, next: offset, isPaused, end })
    this.fetchMore()
  }

  /** The end of a partition, as the last fetch told it. */
  endOf(topic: string, partition: number): number | undefined {
    return this.positions.get(keyOf(topic, partition))?.end
  }

  /** The offset that a partition is read on from. */
  nextOf(topic: string, partition: number): number | undefined {
    return this.positions.get(keyOf(topic, partition))?.next
  }

  /** Of one that is not read nothing is said. One fetch that is under way may still bring something. */
  pause(topic: string, partition: number): void {
    const position = this.positions.get(keyOf(topic, partition))
    if (position) position.isPaused = true
  }

  resume(topic: string, partition: number): void {
    const position = this.positions.get(keyOf(topic, partition))
    if (position) position.isPaused = false
    this.fetchMore()
  }

  /** Nothing more of it is handed over. */
  stop(topic: string, partition: number): void {
    this.positions.delete(keyOf(topic, partition))
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.positions.clear()
    this.ended.abort()
    await Promise.all(this.busy.values())
  }

  private isPaused(topic: string, partition: number): boolean {
    return this.positions.get(keyOf(topic, partition))?.isPaused ?? false
  }

  private fetchMore(): void {
    if (this.ended.signal.aborted) return
    const wanted = [...this.positions.values()].filter(({ isPaused }) => !isPaused)
    for (const [leader, positions] of groupBy(wanted, (position) => this.leaderOf(position)))
      if (!this.busy.has(leader)) {
        const work = this.fetchFrom(leader, positions).catch((thrown: unknown) => this.fail(thrown))
        this.busy.set(
          leader,
          work.finally(() => {
            this.busy.delete(leader)
            this.fetchMore()
          }),
        )
      }
  }

  private leaderOf({ topic, partition }: Position): number {
    return this.leaders.get(topic)?.leaders[partition] ?? -1
  }

  private fail(thrown: unknown): void {
    if (this.ended.signal.aborted) return
    this.ended.abort()
    this.positions.clear()
    this.sink.failed(thrown)
  }

  private async fetchFrom(leader: number, positions: readonly Position[]): Promise<void> {
    if (leader < 0) return this.lookAgain(positions)
    const asked = positions.map((position): Asked => ({ position, from: position.next }))
    let answer
    try {
      const limits = asked.some(({ position }) => this.topicId(position.topic) === noUuid) ? { newest: 12 } : {}
      answer = await this.cluster.send(
        fetch,
        fetchBody(asked, this.options, (topic) => this.topicId(topic)),
        leader,
        limits,
      )
    } catch (thrown) {
      if (!(thrown instanceof EvplatError) || thrown.code !== 'broker-unreachable') throw thrown
      return this.lookAgain(positions, thrown.message)
    }
    const names = new Map([...this.leaders.values()].map(({ topic, topicId }) => [topicId, topic]))
    for (const { topic: name, topicId, partitions } of answer.responses) {
      const topic = name === '' ? names.get(topicId) : name
      for (const partition of partitions)
        await this.take(
          partition,
          asked.find((a) => a.position.topic === topic && a.position.partition === partition.partitionIndex),
        )
    }
  }

  private async take(answer: PartitionAnswer, asked: Asked | undefined): Promise<void> {
    if (!asked || !this.isCurrent(asked)) return
    if (answer.errorCode !== 0) return this.explain(answer.errorCode, asked.position)
    const { position, from } = asked
    position.end = Number(answer.highWatermark)
    const batches = batchesIn(answer.records ?? Buffer.alloc(0))
    const last = batches.at(-1)
    if (!last) return
    position.next = Math.max(from, last.lastOffset + 1)
    const visible = visibleBatches(batches, answer.abortedTransactions)
    this.sink.arrived({
      topic: position.topic,
      partition: position.partition,
      from,
      next: position.next,
      batches: visible,
    })
  }

  /** Not stopped since, and not told to read from somewhere else. */
  private isCurrent({ position, from }: Asked): boolean {
    return this.positions.get(keyOf(position.topic, position.partition)) === position && position.next === from
  }

  private async explain(code: number, position: Position): Promise<void> {
    const name = errorName(code)
    const place = `partition ${position.partition} of topic "${position.topic}"`
    if (name === 'OFFSET_OUT_OF_RANGE') return this.skipGone(position)
    if (name === 'TOPIC_AUTHORIZATION_FAILED')
      throw new EvplatError('not-authorised', `${place} may not be read by this user`, {
        hint: 'the user needs READ on the topic',
      })
    if (!isRetriable(code)) throw new EvplatError('broker-refused', `${place} can't be read`, { said: name })
    return this.lookAgain([position], `${place}: ${name}`)
  }

  /** Records were deleted under the reader, or it began beyond the end: it goes on where there are some. */
  private async skipGone(position: Position): Promise<void> {
    const { topic, partition, next } = position
    const query = { topic, partitions: [partition], readCommitted: this.options.readCommitted }
    const start = (await listOffsets(this.cluster, { ...query, at: 'start' })).get(partition) ?? 0
    const end = (await listOffsets(this.cluster, { ...query, at: 'end' })).get(partition) ?? 0
    // the offset is there, by now or for another replica: nothing may be skipped for that
    if (next >= start && next <= end)
      return this.lookAgain([position], `offset ${next} of ${topic}-${partition} is not there yet`)
    position.next = next < start || this.options.beyondEnd === 'start' ? start : end
    const why = next < start ? 'is not there any more' : 'is beyond the end'
    this.sink.trouble(`offset ${next} of ${topic}-${partition} ${why}; reading on from ${position.next}`)
  }

  /** Finds out who leads the topics; without a reason they were not known before. */
  private async lookAgain(positions: readonly Position[], why?: string): Promise<void> {
    if (why !== undefined) await this.waitAfter(why)
    for (const topic of new Set(positions.map((position) => position.topic))) {
      if (this.ended.signal.aborted) return
      const known = this.leaders.get(topic)
      const isKnown = known !== undefined && positions.every((p) => p.topic !== topic || p.partition in known.leaders)
      try {
        this.leaders.set(
          topic,
          isKnown ? await findLeadersAgain(this.cluster, known) : await findLeaders(this.cluster, topic),
        )
      } catch (thrown) {
        // a broker that has just started knows no topics for a while
        const isPassing =
          thrown instanceof EvplatError && (thrown.code === 'broker-unreachable' || thrown.code === 'topic-missing')
        if (!isPassing) throw thrown
        await this.waitAfter(thrown.message)
      }
    }
  }

  private async waitAfter(why: string): Promise<void> {
    if (!this.ended.signal.aborted) this.sink.trouble(`${why}; trying again`)
    await pauseFor(againAfterMs, this.ended.signal)
  }

  private topicId(topic: string): string {
    return this.leaders.get(topic)?.topicId ?? noUuid
  }
}
