// What is known of each partition beside its files.
import type { Epoch } from './epochs.ts'

/** A segment as a clean stop leaves it. */
export interface SegmentNote {
  readonly base: number
  readonly end: number
  readonly size: number
  readonly largest: readonly [timestamp: number, offset: number]
  readonly modified: number
}

/** What holds only if nothing was written since. */
export interface StopNote {
  readonly segments: readonly SegmentNote[]
}

export interface PartitionNote {
  readonly topic: string
  readonly partition: number
  /** the start of the broker, counted from 1, at which it was made: its leader epoch counts the starts since */
  readonly born: number
  /** the first offset that can be read */
  readonly from: number
  /** segments that end at or before this offset are whole on the device, their indexes too */
  readonly safe: number
  /** the offset of the file that has the producers as they were there; -1 when there is none, because there were none */
  readonly producersAt: number
  /** compaction is through with what is before */
  readonly cleaned: number
  readonly epochs: readonly Epoch[]
  readonly stop?: StopNote
}

/** Of a partition that was not there before. */
export function newNote(topic: string, partition: number, born: number): PartitionNote {
  return { topic, partition, born, from: 0, safe: 0, producersAt: -1, cleaned: 0, epochs: [] }
}

/** What holds also after something was written. */
export function withoutStop(note: PartitionNote): PartitionNote {
  const { topic, partition, born, from, safe, producersAt, cleaned, epochs } = note
  return { topic, partition, born, from, safe, producersAt, cleaned, epochs }
}

/** Where the files of a partition are. */
export function folderOf(topic: string, partition: number): string {
  return `logs/${topic}-${partition}`
}

/** By topic: to drop one looks at no other, however many there are. */
export class Notes {
  private readonly topics = new Map<string, Map<number, PartitionNote>>()

  get(topic: string, partition: number): PartitionNote | undefined {
    return this.topics.get(topic)?.get(partition)
  }

  /** Those of one topic. */
  of(topic: string): PartitionNote[] {
    return [...(this.topics.get(topic)?.values() ?? [])]
  }

  *all(): Generator<PartitionNote> {
    for (const notes of this.topics.values()) yield* notes.values()
  }

  set(note: PartitionNote): void {
    const notes = this.topics.get(note.topic) ?? new Map<number, PartitionNote>()
    this.topics.set(note.topic, notes.set(note.partition, note))
  }

  drop(topic: string): void {
    this.topics.delete(topic)
  }
}
