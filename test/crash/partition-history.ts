// What is known of one partition from outside: what was acknowledged, what somebody has read, and that neither ever changes.
import type { Ledger } from './ledger.ts'
import type { ReadRecord } from '../support/log-fixture.ts'

/** what of its records retention or compaction takes away */
export type Loses = 'nothing' | 'the oldest' | 'older values of a key'

/** What is known of a key of a compacted partition. */
export interface KeyState {
  /** of its last record that was acknowledged; -1 for none */
  readonly offset: number
  readonly isTombstone: boolean
  /** records that were sent, and those of them that were not acknowledged yet */
  readonly sent: number
  readonly pending: number
}

const unknownKey: KeyState = { offset: -1, isTombstone: false, sent: 0, pending: 0 }

export class PartitionHistory {
  readonly name: string
  readonly topic: string
  readonly partition: number
  readonly loses: Loses
  private readonly ledger: Ledger
  private readonly report: (problem: string) => void
  private readonly serials = new Map<number, number>()
  private readonly keys = new Map<string, KeyState>()
  /** no offset from here on was acknowledged or seen */
  end = 0
  start = 0
  /** all before it was looked at in order */
  auditedTo = 0

  constructor(
    topic: string,
    partition: number,
    loses: Loses,
    tools: { ledger: Ledger; report: (problem: string) => void },
  ) {
    this.topic = topic
    this.partition = partition
    this.name = `${topic}-${partition}`
    this.loses = loses
    this.ledger = tools.ledger
    this.report = tools.report
  }

  /** how many offsets are known */
  get size(): number {
    return this.serials.size
  }

  get isCompacted(): boolean {
    return this.loses === 'older values of a key'
  }

  /** Before a record is sent, for the first time or again. */
  send(key: string | null): void {
    if (key === null || !this.isCompacted) return
    const state = this.keys.get(key) ?? unknownKey
    this.keys.set(key, { ...state, sent: state.sent + 1, pending: state.pending + 1 })
  }

  acknowledge(offset: number, timestamp: number, key: string | null, isTombstone: boolean): void {
    this.note(offset, timestamp, 'acknowledged')
    if (key === null || !this.isCompacted) return
    const state = this.keys.get(key)!
    const latest = offset > state.offset ? { offset, isTombstone } : {}
    this.keys.set(key, { ...state, ...latest, pending: state.pending - 1 })
  }

  see({ offset, timestamp, key, value }: ReadRecord): void {
    if (!this.ledger.find(timestamp, { key, value }))
      return this.report(`${this.name}: at ${offset} is a record that nobody sent`)
    this.note(offset, timestamp, 'read')
  }

  seeStart(start: number): void {
    if (start < this.start) this.report(`${this.name}: begins at ${start}, after it began at ${this.start}`)
    this.start = Math.max(this.start, start)
  }

  /** `known` is what `end` was before the end of the log was asked for. */
  seeEnd(end: number, known: number): void {
    if (end < known) this.report(`${this.name}: ends at ${end}, but ${known - 1} was acknowledged or read`)
    this.end = Math.max(this.end, end)
  }

  /**
   * Call before a compacted log is read; the answer tells of each key what is wrong with the last offset that was found, if anything
   * is. Of keys that were being written meanwhile nothing can be said.
   */
  beginKeys(): (found: ReadonlyMap<string, number>) => readonly string[] {
    const before = new Map(this.keys)
    return (found) =>
      [...before].flatMap(([key, { offset, isTombstone, sent, pending }]) => {
        if (pending > 0 || this.keys.get(key)!.sent > sent) return []
        const at = found.get(key)
        const isRight = at === undefined ? isTombstone : at >= offset
        return isRight ? [] : [`the last of ${key} is at ${at ?? 'no offset'}, but ${offset} was acknowledged`]
      })
  }

  private note(offset: number, timestamp: number, how: string): void {
    const serial = this.ledger.serialOf(timestamp)
    const known = this.serials.get(offset)
    if (known !== undefined && known !== serial)
      this.report(`${this.name}: at ${offset} record ${serial} was ${how}, where record ${known} was before`)
    this.serials.set(offset, serial)
    this.end = Math.max(this.end, offset + 1)
  }
}
