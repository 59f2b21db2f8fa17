// The partitions that a member has, and what came of them while they were paused.
import type { KeptRecords } from './kept-records.ts'
import type { InRecord, Offsets, TopicPartitions } from './port.ts'
import { type Slot, offsetsOf, slotKey, slotsOf } from './slots.ts'

export interface Reading extends Slot {
  isPaused: boolean
  /** where a seek has put it before it was known where the group stands */
  sought: number | undefined
  isRead: boolean
  /** came and is not handed over yet */
  kept: KeptRecords[]
  /** where it ended when that was asked while it was paused */
  end: number | undefined
}

/** Hands over what is kept of a partition, as long as it is not paused. Throws `malformed-message` for records that can't be read. */
export function handOver(reading: Reading, take: (records: readonly InRecord[]) => void): void {
  for (let [kept] = reading.kept; kept && !reading.isPaused; [kept] = reading.kept) {
    const records = kept.take()
    // first: who takes the last of them may pause, and then the next ones say where it stands
    if (kept.offset === undefined) reading.kept.shift()
    if (records.length > 0) take(records)
  }
}

export class Readings {
  private readonly bySlot = new Map<string, Reading>()

  add(partitions: TopicPartitions): void {
    for (const { topic, partition } of slotsOf(partitions))
      this.bySlot.set(slotKey(topic, partition), {
        topic,
        partition,
        isPaused: false,
        sought: undefined,
        isRead: false,
        kept: [],
        end: undefined,
      })
  }

  get(topic: string, partition: number): Reading | undefined {
    return this.bySlot.get(slotKey(topic, partition))
  }

  /** Whether it is still this one: a partition may have gone and come back. */
  has(reading: Reading): boolean {
    return this.get(reading.topic, reading.partition) === reading
  }

  /** What is known of each that is there. */
  offsets(offsetOf: (reading: Reading) => number | undefined): Offsets {
    const all = [...this.bySlot.values()].flatMap((reading) => {
      const { topic, partition } = reading
      const offset = offsetOf(reading)
      return offset === undefined ? [] : [{ topic, partition, offset }]
    })
    return offsetsOf(all)
  }

  /** Those of the partitions that there are. */
  of(partitions: TopicPartitions): Reading[] {
    return slotsOf(partitions).flatMap(({ topic, partition }) => this.get(topic, partition) ?? [])
  }

  all(): Reading[] {
    return [...this.bySlot.values()]
  }

  partitions(): TopicPartitions {
    const all = new Map<string, number[]>()
    for (const { topic, partition } of this.bySlot.values()) all.set(topic, [...(all.get(topic) ?? []), partition])
    return all
  }

  /** Takes them out, with what is kept of them. */
  remove(partitions: TopicPartitions): Reading[] {
    const gone = this.of(partitions)
    for (const reading of gone) {
      reading.kept = []
      this.bySlot.delete(slotKey(reading.topic, reading.partition))
    }
    return gone
  }

  clear(): void {
    this.bySlot.clear()
  }
}
