// The batches of one partition on their way: one is being filled, full ones wait, one at a time is under way. So order is kept whatever
// has to be sent again, and the broker's duplicate check (KIP-98) sees sequences without gaps.
import { type Batch, batchesIn } from '../../protocol/records/batch.ts'
import { BatchBuilder, type NewRecord, type ProducerState } from '../../protocol/records/batch-builder.ts'
import { RecordCursor } from '../../protocol/records/cursor.ts'

/** A batch that can be sent, with the tag (the number of an input line) of each of its records. */
export interface ReadyBatch {
  readonly bytes: Buffer
  readonly count: number
  readonly sequence: number
  readonly tags: readonly number[]
}

const sequenceLimit = 2 ** 31

export class PartitionQueue {
  readonly partition: number
  isUnderWay = false

  private readonly maxBytes: number
  private readonly waiting: { readonly builder: BatchBuilder; readonly tags: number[] }[] = []
  private retry: ReadyBatch[] = []
  private sequence = 0

  constructor(partition: number, maxBytes: number) {
    this.partition = partition
    this.maxBytes = maxBytes
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0 && this.retry.length === 0
  }

  /** Adds a record; returns the bytes that it takes. A record that fits into no batch goes alone, and the broker judges it. */
  add(record: NewRecord, tag: number): number {
    const size = (record.key?.length ?? 0) + (record.value?.length ?? 0) + 32
    let last = this.waiting.at(-1)
    if (!last || last.builder.size + size > this.maxBytes) {
      last = { builder: new BatchBuilder(), tags: [] }
      this.waiting.push(last)
    }
    const before = last.builder.count === 0 ? 0 : last.builder.size
    last.builder.add(record)
    last.tags.push(tag)
    return last.builder.size - before
  }

  /** Takes the next batch to send: one that has to be sent again first. */
  take(producer: Omit<ProducerState, 'sequence'>): ReadyBatch | undefined {
    const again = this.retry.shift()
    if (again) return again
    const next = this.waiting.shift()
    return next && this.finish(next.builder, producer, next.tags)
  }

  /** Puts a batch back that has to be sent again as it was. */
  putBack(batch: ReadyBatch): void {
    this.retry.unshift(batch)
  }

  /** Cuts a batch that the broker finds too large into two halves, to be sent in its place. */
  split(batch: ReadyBatch, producer: Omit<ProducerState, 'sequence'>): void {
    const end = this.sequence
    this.sequence = batch.sequence
    const halves = [new BatchBuilder(), new BatchBuilder()] as const
    const cursor = new RecordCursor()
    cursor.open(batchesIn(batch.bytes)[0] as Batch)
    const middle = Math.ceil(batch.count / 2)
    for (let i = 0; cursor.next(); i++) {
      const half = halves[i < middle ? 0 : 1]
      half.add({ key: cursor.key(), value: cursor.value(), headers: cursor.headers(), timestamp: cursor.timestamp })
    }
    const tags = [batch.tags.slice(0, middle), batch.tags.slice(middle)] as const
    this.retry.unshift(...halves.map((builder, i) => this.finish(builder, producer, tags[i]!)))
    this.sequence = end
  }

  private finish(
    builder: BatchBuilder,
    producer: Omit<ProducerState, 'sequence'>,
    tags: readonly number[],
  ): ReadyBatch {
    const sequence = this.sequence
    this.sequence = (sequence + builder.count) % sequenceLimit
    return { bytes: builder.finish({ ...producer, sequence }), count: builder.count, sequence, tags }
  }
}
