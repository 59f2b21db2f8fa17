// What the work of partitions has done is committed: at times, after so many records, and when somebody waits for it.
import type { DriverConsumer, Offsets } from '../../kafka/driver/port.ts'
import { type Clock, endWithin, wait } from '../clock.ts'
import type { PartitionWork } from './partition-work.ts'
import type { Limits, ListenerEvent } from './words.ts'

/** How long a commit may take that somebody waits for. */
export const lastCommitMs = 5000

export interface CommitterOptions {
  readonly consumer: DriverConsumer
  readonly clock: Clock
  readonly limits: Pick<Limits, 'commitMs' | 'commitCount'>
  readonly tell: (event: ListenerEvent) => void
  readonly parts: () => Iterable<PartitionWork>
}

export class Committer {
  private readonly options: CommitterOptions
  private sinceCommit = 0
  private wake: () => void = () => {}
  private waiting: (() => void)[] = []
  /** the commit that is under way, and how it is given up */
  private underway: { readonly giveUp: AbortController; readonly ended: Promise<void> } | undefined

  constructor(options: CommitterOptions) {
    this.options = options
  }

  /** A record counts as done. */
  completed(): void {
    this.sinceCommit += 1
    if (this.sinceCommit >= this.options.limits.commitCount) this.wake()
  }

  /** One commit after the other, until it is over. Partitions that are drained are left to whoever drains them. */
  async commitAtTimes(before: () => void, over: AbortSignal): Promise<void> {
    const { clock, limits, parts } = this.options
    while (!over.aborted) {
      const wake = new AbortController()
      this.wake = () => {
        // records go on while the commit does
        this.wake = () => {}
        wake.abort()
      }
      if (this.waiting.length === 0) await wait(clock, limits.commitMs, AbortSignal.any([wake.signal, over]))
      const waiting = this.waiting.splice(0)
      before()
      const giveUp = new AbortController()
      const going = [...parts()].filter((part) => !part.drainSignal.aborted)
      const ended = this.commit(going, giveUp.signal)
      this.underway = { giveUp, ended }
      await ended
      this.underway = undefined
      for (const resolve of waiting) resolve()
    }
  }

  /** Resolves when a commit has ended that began after this, or at a deadline. */
  async next(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.waiting.push(resolve))
    this.wake()
    await endWithin(this.options.clock, lastCommitMs, () => ended)
  }

  /** What these have done, at once. */
  async commitNow(parts: readonly PartitionWork[]): Promise<void> {
    await endWithin(this.options.clock, lastCommitMs, (signal) => this.commit(parts, signal))
  }

  /** The commit that is under way may have so many milliseconds to end, then it is given up. */
  async endUnderway(patienceMs: number): Promise<void> {
    const { underway } = this
    if (!underway) return
    if (patienceMs > 0) await endWithin(this.options.clock, patienceMs, () => underway.ended)
    underway.giveUp.abort()
    await underway.ended
  }

  /** Never rejects: what could not be committed is part of the next commit. */
  private async commit(parts: readonly PartitionWork[], signal: AbortSignal): Promise<void> {
    const due = parts.flatMap((part) => {
      const { committable } = part.watermark
      return part.isOver || committable === undefined || committable === part.committed ? [] : [{ part, committable }]
    })
    this.sinceCommit = 0
    if (due.length === 0) return
    const offsets = new Map<string, Map<number, number>>()
    for (const { part, committable } of due)
      offsets.set(part.topic, (offsets.get(part.topic) ?? new Map<number, number>()).set(part.partition, committable))
    try {
      if (!(await this.options.consumer.commit(offsets satisfies Offsets, signal))) return
      for (const { part, committable } of due) part.committed = committable
    } catch (error) {
      if (!signal.aborted) this.options.tell({ kind: 'commit-failed', error })
    }
  }
}
