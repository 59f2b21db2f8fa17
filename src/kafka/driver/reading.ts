// What a consumer knows of a partition that it reads.
import type { InRecord } from './port.ts'
import type { Slot } from './slots.ts'

/** A partition that this member has. */
export interface Reading extends Slot {
  isPaused: boolean
  /** where a seek has put it before it was known where the group stands */
  sought: number | undefined
  isRead: boolean
  /** came while it was paused */
  kept: (readonly InRecord[])[]
}

/** An assignment starts unpaused, with nothing kept of the one before. */
export function newReading(topic: string, partition: number): Reading {
  return { topic, partition, isPaused: false, sought: undefined, isRead: false, kept: [] }
}
