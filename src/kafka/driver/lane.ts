// The records of one partition on their way: what waits, and the one batch that is under way or has to be sent again as it was. So the
// order is kept, and the broker's duplicate check (KIP-98) sees sequences without gaps. A batch that is given up while nobody knows what
// the broker has of it raises the epoch of this partition (KIP-360): what is left of it on the way is refused from then on.
import { BatchBuilder } from '../../protocol/records/batch-builder.ts'
import { type Pending, tooLate } from './pending.ts'

export interface ProducerIdentity {
  readonly producerId: bigint
  readonly epoch: number
}

export interface LaneBatch {
  readonly bytes: Buffer
  readonly records: readonly Pending[]
  /** whether a broker may have it by now */
  isInDoubt: boolean
}

const batchBytes = 512 * 1024
const lastEpoch = 32_767
const sequences = 2 ** 31

export class Lane {
  readonly topic: string
  readonly partition: number
  private queue: Pending[] = []
  private batch: LaneBatch | undefined
  private isUnderWay = false
  private identity: ProducerIdentity | undefined
  private sequence = 0
  /** records of one batch at most, after one that was too large */
  private most = Number.POSITIVE_INFINITY
  private why: string | undefined

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  get isEmpty(): boolean {
    return this.batch === undefined && this.queue.length === 0
  }

  get isReady(): boolean {
    return !this.isUnderWay && !this.isEmpty
  }

  /** of the record that has waited longest */
  get deadline(): number {
    return (this.batch?.records[0] ?? this.queue[0])?.deadline ?? Number.POSITIVE_INFINITY
  }

  add(pending: Pending): void {
    this.queue.push(pending)
  }

  /** The next batch to send; one that may have been written goes again as it was. */
  take(fresh: ProducerIdentity): LaneBatch {
    this.isUnderWay = true
    this.identity ??= fresh
    this.batch ??= this.build(this.identity)
    return this.batch
  }

  /** An offset of -1 is one that the broker does not tell any more. */
  written(batch: LaneBatch, baseOffset: number, appendTime: number): void {
    if (this.batch !== batch) return
    this.free()
    this.sequence = (this.sequence + batch.records.length) % sequences
    this.most *= 2
    this.why = undefined
    for (const [i, pending] of batch.records.entries()) {
      const timestamp = appendTime >= 0 ? appendTime : pending.timestamp
      pending.done(this.partition, baseOffset < 0 ? -1 : baseOffset + i, timestamp)
    }
  }

  /** What passes by itself. A batch that no broker has had becomes single records again, each with its own time. */
  again(batch: LaneBatch, why: string, isUnsent: boolean): void {
    if (this.batch !== batch) return
    this.isUnderWay = false
    this.why = why
    if (!isUnsent) batch.isInDoubt = true
    else if (!batch.isInDoubt) this.putBack(batch)
  }

  /** The broker does not know this producer, or not as this one sees itself: what it did not take goes under another epoch. */
  renumber(batch: LaneBatch, isIdRefused: boolean): void {
    if (this.batch !== batch) return
    this.putBack(batch)
    this.raiseEpoch()
    if (isIdRefused) this.identity = undefined
  }

  /** One record of them is refused, and nobody says which: smaller batches find it. */
  split(batch: LaneBatch): void {
    if (this.batch !== batch) return
    this.most = Math.ceil(batch.records.length / 2)
    this.putBack(batch)
    if (batch.isInDoubt) this.raiseEpoch()
  }

  /** Will not be written, or nobody knows whether it was. */
  refused(batch: LaneBatch, error: unknown): void {
    if (this.batch !== batch) return
    this.free()
    if (batch.isInDoubt) this.raiseEpoch()
    for (const pending of batch.records) pending.failed(error)
  }

  /** Gives up what is over its time; a batch goes as a whole, with its first record. */
  expire(now: number): void {
    const { batch } = this
    if (batch && batch.records[0]!.deadline <= now) {
      batch.isInDoubt ||= this.isUnderWay
      this.refused(batch, tooLate(this.topic, this.why))
    }
    let late = this.queue.findIndex(({ deadline }) => deadline > now)
    if (late < 0) late = this.queue.length
    for (const pending of this.queue.splice(0, late)) pending.failed(tooLate(this.topic, this.why))
  }

  failAll(error: unknown): void {
    if (this.batch) {
      this.batch.isInDoubt ||= this.isUnderWay
      this.refused(this.batch, error)
    }
    for (const pending of this.queue.splice(0)) pending.failed(error)
  }

  private build(identity: ProducerIdentity): LaneBatch {
    let bytes = 0
    const isFull = (pending: Pending, i: number): boolean =>
      i > 0 && (i >= this.most || bytes + pending.bytes > batchBytes)
    let count = this.queue.findIndex((pending, i) => isFull(pending, i) || ((bytes += pending.bytes), false))
    if (count < 0) count = this.queue.length
    const records = this.queue.splice(0, count)
    const builder = new BatchBuilder()
    for (const record of records) builder.add(record)
    return { bytes: builder.finish({ ...identity, sequence: this.sequence }), records, isInDoubt: false }
  }

  private putBack({ records }: LaneBatch): void {
    this.queue = [...records, ...this.queue]
    this.free()
  }

  private free(): void {
    this.batch = undefined
    this.isUnderWay = false
  }

  private raiseEpoch(): void {
    const { identity } = this
    this.sequence = 0
    if (identity) this.identity = identity.epoch < lastEpoch ? { ...identity, epoch: identity.epoch + 1 } : undefined
  }
}
