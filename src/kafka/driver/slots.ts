// Partitions as keys of maps, and back.
import type { Offsets, TopicPartitions } from './port.ts'

export interface Slot {
  readonly topic: string
  readonly partition: number
}

export const slotKey = (topic: string, partition: number): string => `${topic}\0${partition}`

export function slotsOf(all: TopicPartitions): Slot[] {
  return [...all].flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })))
}

export function offsetsOf(all: Iterable<Slot & { readonly offset: number }>): Offsets {
  const offsets = new Map<string, Map<number, number>>()
  for (const { topic, partition, offset } of all) {
    const ofTopic = offsets.get(topic) ?? new Map<number, number>()
    offsets.set(topic, ofTopic.set(partition, offset))
  }
  return offsets
}
