// Which records are handled together: those of one partition, one batch after the other, each as soon as it is full or old enough.
import type { InRecord } from '../../kafka/driver/port.ts'
import type { Clock } from '../clock.ts'
import type { Limits } from './words.ts'

export interface BatchLimits {
  readonly max: number
  /** how long the first record of a batch waits for others */
  readonly waitMs: number
}

export class Batches {
  private readonly limits: BatchLimits
  private readonly clock: Clock
  private readonly ripe: () => void
  private queue: InRecord[] = []
  private ripeAt = 0
  private isBusy = false
  private callOff: (() => void) | undefined

  /** `ripe` is called when a batch that was too small to begin is old enough. */
  constructor(limits: BatchLimits, clock: Clock, ripe: () => void) {
    this.limits = limits
    this.clock = clock
    this.ripe = ripe
  }

  add(record: InRecord): void {
    if (this.queue.length === 0) this.ripeAt = this.clock.now() + this.limits.waitMs
    this.queue.push(record)
  }

  /** The batch to begin with now; no other one until `done`. */
  next(): readonly InRecord[] | undefined {
    if (this.isBusy || this.queue.length === 0) return undefined
    const waitMs = this.ripeAt - this.clock.now()
    if (this.queue.length < this.limits.max && waitMs > 0) {
      this.callOff ??= this.clock.after(waitMs, () => {
        this.callOff = undefined
        this.ripe()
      })
      return undefined
    }
    this.isBusy = true
    return this.queue.splice(0, this.limits.max)
  }

  done(): void {
    this.isBusy = false
  }

  close(): void {
    this.callOff?.()
    this.queue = []
  }
}

/** A batch that no partition may hold would never be full. */
export function atMost({ waitingRecords, gap }: Limits, { max, waitMs }: BatchLimits): BatchLimits {
  return { max: Math.min(max, waitingRecords, gap), waitMs }
}
