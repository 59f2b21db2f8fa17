// Compaction in the background: one log at a time, a little at each turn of the event loop, so that nobody waits for it.
import type { Clock, Timer } from '../clock.ts'
import { expectDeviceError, orRefused, tolerate } from './device-error.ts'
import type { Step } from './compaction/compact.ts'

/** A log as far as the cleaner is concerned. */
export interface Cleanable {
  /** a round of compaction as steps; undefined when none is due */
  compaction(): Generator<Step, void> | undefined
}

export class Cleaner {
  private readonly clock: Clock
  private queue: Cleanable[] = []
  private current: Generator<Step, void> | undefined
  private timer: Timer | undefined
  private isStopped = false

  constructor(clock: Clock) {
    this.clock = clock
  }

  get isBusy(): boolean {
    return this.current !== undefined || this.queue.length > 0
  }

  /** Looks at all these logs, unless it is still busy with those of the last call. */
  start(logs: Iterable<Cleanable>): void {
    if (this.isStopped || this.isBusy) return
    this.queue = [...logs]
    this.later()
  }

  /** Ends between two steps; what is unfinished is as it was before. */
  stop(): void {
    this.isStopped = true
    this.timer?.cancel()
    this.queue = []
    this.abandon()
  }

  private later(): void {
    this.timer = this.clock.after(0, () => this.step())
  }

  private step(): void {
    while (!this.current && this.queue.length > 0) this.current = this.queue.shift()!.compaction()
    if (!this.current) return
    const round = this.current
    // a device that refuses ends the round of this log, which stays as it was; the next call of `start` tries again
    const { done, value } = orRefused(() => round.next(), { done: true, value: undefined })
    if (done === true) this.current = undefined
    if (!(value instanceof Promise)) return this.later()
    const goOn = (): void => (this.isStopped ? undefined : this.later())
    value.then(goOn, (thrown: unknown) => {
      expectDeviceError(thrown)
      this.abandon()
      goOn()
    })
  }

  private abandon(): void {
    tolerate(() => this.current?.return()) // what it leaves behind is removed by the next round, or the next start
    this.current = undefined
  }
}
