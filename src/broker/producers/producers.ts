// What a partition knows of its idempotent producers (KIP-98, KIP-360): of each its epoch and its last five batches, by which a
// batch that is sent again is found, and one that is missing.
import type { ErrorName } from '../../protocol/error-table.ts'

/** A batch as far as its producer's order is concerned. */
export interface ProducerBatch {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly count: number
}

/** A batch that was written. */
export interface WrittenBatch {
  readonly firstSequence: number
  readonly lastSequence: number
  readonly firstOffset: number
  readonly lastOffset: number
  /** the largest of its timestamps, in ms */
  readonly timestamp: number
}

/** A producer as it wrote last. */
export interface ActiveProducer {
  readonly producerId: bigint
  readonly epoch: number
  readonly lastSequence: number
  /** in ms */
  readonly lastTimestamp: number
}

interface Producer {
  epoch: number
  /** oldest first */
  batches: readonly WrittenBatch[]
}

const batchesKept = 5
const largestSequence = 2 ** 31 - 1

/** Sequences begin again at 0 behind the largest int32. */
export function sequenceAfter(sequence: number, records: number): number {
  const sum = sequence + records
  return sum > largestSequence ? sum - largestSequence - 1 : sum
}

const lastSequenceOf = ({ baseSequence, count }: ProducerBatch): number => sequenceAfter(baseSequence, count - 1)

export class Producers {
  private readonly byId = new Map<bigint, Producer>()

  get count(): number {
    return this.byId.size
  }

  /**
   * What becomes of a batch of an idempotent producer: the one that was written when it was sent before, the protocol's error when
   * it is out of its order, undefined when it is to be written. Of a producer that is not known any order is taken (3.9).
   */
  check(batch: ProducerBatch): WrittenBatch | ErrorName | undefined {
    const known = this.byId.get(batch.producerId)
    if (!known) return undefined
    if (batch.producerEpoch < known.epoch) return 'INVALID_PRODUCER_EPOCH'
    if (batch.producerEpoch > known.epoch) return batch.baseSequence === 0 ? undefined : 'OUT_OF_ORDER_SEQUENCE_NUMBER'
    const last = lastSequenceOf(batch)
    const sent = known.batches.find((each) => each.firstSequence === batch.baseSequence && each.lastSequence === last)
    if (sent) return sent
    const before = known.batches.at(-1)!
    return batch.baseSequence === sequenceAfter(before.lastSequence, 1) ? undefined : 'OUT_OF_ORDER_SEQUENCE_NUMBER'
  }

  /** Takes note of a batch that is in the log now. */
  add(batch: ProducerBatch, firstOffset: number, lastOffset: number, timestamp: number): void {
    const { producerId, producerEpoch: epoch, baseSequence: firstSequence } = batch
    const written = { firstSequence, lastSequence: lastSequenceOf(batch), firstOffset, lastOffset, timestamp }
    const known = this.byId.get(producerId)
    const batches = known?.epoch === epoch ? known.batches : []
    this.byId.set(producerId, { epoch, batches: [...batches.slice(1 - batchesKept), written] })
  }

  /** Forgets who wrote last at or before that time, in ms (producer.id.expiration.ms). */
  expire(before: number): void {
    for (const [id, { batches }] of this.byId) if (batches.at(-1)!.timestamp <= before) this.byId.delete(id)
  }

  /** Forgets batches that the log has lost: those that end at or behind this offset. */
  dropFrom(end: number): void {
    for (const [id, { epoch, batches }] of this.byId) {
      const left = batches.filter(({ lastOffset }) => lastOffset < end)
      if (left.length > 0) this.byId.set(id, { epoch, batches: left })
      else this.byId.delete(id)
    }
  }

  /** Everybody who is remembered. */
  active(): ActiveProducer[] {
    return Array.from(this.byId, ([producerId, { epoch, batches }]) => {
      const { lastSequence, timestamp } = batches.at(-1)!
      return { producerId, epoch, lastSequence, lastTimestamp: timestamp }
    })
  }

  /** Whether a batch is the last one of its producer: compaction keeps the header of that batch. */
  isLastOf(producerId: bigint, lastOffset: number): boolean {
    return this.byId.get(producerId)?.batches.at(-1)?.lastOffset === lastOffset
  }

  /** Everything as bytes, for `decode`. */
  encode(): Buffer {
    return Buffer.from(JSON.stringify([...this.byId].map(([id, { epoch, batches }]) => [String(id), epoch, batches])))
  }

  static decode(bytes: Buffer): Producers {
    const producers = new Producers()
    const entries = JSON.parse(bytes.toString()) as [id: string, epoch: number, batches: WrittenBatch[]][]
    for (const [id, epoch, batches] of entries) producers.byId.set(BigInt(id), { epoch, batches })
    return producers
  }
}
