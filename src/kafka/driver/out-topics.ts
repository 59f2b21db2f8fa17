// The topics that a producer writes to: who leads their partitions, and the records that wait until that is known.
import { EvplatError } from '../../core/errors.ts'
import { partitionOfKey } from '../../protocol/murmur2.ts'
import type { Cluster } from '../cluster.ts'
import { findLeaders } from '../topic-partitions.ts'
import { Lane } from './lane.ts'
import type { Pending } from './pending.ts'

/** after that a topic is looked at again: it may have more partitions */
const oldAfterMs = 30_000

export interface OutTopicIo {
  readonly cluster: () => Promise<Cluster>
  /** there is something to send */
  readonly filled: (lane: Lane) => void
  /** waits a little */
  readonly wait: (why: string) => Promise<void>
  readonly isClosed: () => boolean
}

export class OutTopic {
  readonly name: string
  private readonly io: OutTopicIo
  private leaders: readonly number[] = []
  private readonly lanes: Lane[] = []
  private waiting: Pending[] = []
  private lookedAt = Number.NEGATIVE_INFINITY
  private looking: Promise<void> | undefined
  /** where records without a key go until their batch is sent (KIP-480) */
  private sticky = 0

  constructor(name: string, io: OutTopicIo) {
    this.name = name
    this.io = io
  }

  get deadline(): number {
    return this.waiting[0]?.deadline ?? Number.POSITIVE_INFINITY
  }

  leaderOf(partition: number): number {
    return this.leaders[partition] ?? -1
  }

  add(pending: Pending): void {
    const isOld = performance.now() - this.lookedAt > oldAfterMs
    if (!this.place(pending)) this.waiting.push(pending)
    else if (!isOld) return
    void this.look()
  }

  /** The batch of that partition goes out: records without a key go elsewhere from now on. */
  taken(partition: number): void {
    if (partition !== this.sticky) return
    for (let i = 0; i < this.leaders.length; i++) {
      this.sticky = (this.sticky + 1) % this.leaders.length
      if (this.leaderOf(this.sticky) >= 0) return
    }
  }

  /** Finds out who leads the partitions by now; nothing new where nobody can tell. */
  look(): Promise<void> {
    this.looking ??= this.lookNow().finally(() => {
      this.looking = undefined
      // what came for a partition that was not there when the cluster was asked
      if (this.waiting.length > 0) void this.look()
    })
    return this.looking
  }

  expire(now: number, error: unknown): void {
    const isLate = ({ deadline }: Pending): boolean => deadline <= now
    const late = this.waiting.filter(isLate)
    this.waiting = this.waiting.filter((pending) => !isLate(pending))
    for (const pending of late) pending.failed(error)
  }

  private async lookNow(): Promise<void> {
    const asked = new Set(this.waiting)
    try {
      const { leaders } = await findLeaders(await this.io.cluster(), this.name)
      this.lookedAt = performance.now()
      this.leaders = leaders
      const waited = this.waiting
      this.waiting = waited.filter((pending) => !this.place(pending) && !this.refuse(pending, asked))
    } catch (thrown) {
      if (this.io.isClosed()) return this.expire(Number.POSITIVE_INFINITY, thrown)
      // a broker that has just started knows no topics for a while
      const isPassing =
        thrown instanceof EvplatError &&
        (thrown.code === 'broker-unreachable' || (thrown.code === 'topic-missing' && this.leaders.length > 0))
      if (isPassing) await this.io.wait(thrown.message)
      else this.expire(Number.POSITIVE_INFINITY, thrown)
    }
  }

  /** One that came before the cluster was asked; the others wait for the next answer. */
  private refuse(pending: Pending, asked: ReadonlySet<Pending>): boolean {
    if (!asked.has(pending)) return false
    pending.failed(new EvplatError('broker-refused', `topic "${this.name}" has no partition ${pending.partition}`))
    return true
  }

  private place(pending: Pending): boolean {
    const count = this.leaders.length
    if (count === 0) return false
    const { key, partition = key === null ? this.sticky % count : partitionOfKey(key, count) } = pending
    if (partition >= count) return false
    const lane = (this.lanes[partition] ??= new Lane(this.name, partition))
    lane.add(pending)
    this.io.filled(lane)
    return true
  }
}
