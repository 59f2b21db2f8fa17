// Looks at everything that clients can see, after a start: what was acknowledged is there, and nothing has changed.
import type { Wire } from '../differential/wire.ts'
import type { ReadRecord } from '../support/log-fixture.ts'
import { fetchCommitted } from './committed.ts'
import type { PartitionHistory } from './partition-history.ts'
import { earliest, latest, offsetOf, type Part, readAll } from './read-partition.ts'
import type { Run } from './run.ts'

/** so many offsets are held in memory at once */
const windowSize = 5000

/** of a partition: producer -> its last record that was looked at */
type Lasts = Map<number, number>

export class Auditor {
  private readonly run: Run
  private readonly isIdempotent: (producer: number) => boolean
  private readonly lasts = new Map<PartitionHistory, Lasts>()

  constructor(run: Run, isIdempotent: (producer: number) => boolean) {
    this.run = run
    this.isIdempotent = isIdempotent
  }

  /** What came since the last time, or everything. Throws Lost when the broker is killed meanwhile. */
  async look(wire: Wire, { atAll }: { readonly atAll: boolean }): Promise<void> {
    for (const history of this.run.histories) {
      if (history.isCompacted) await this.lookAtKeys(wire, history)
      else await this.lookAtTail(wire, history, atAll)
      await fetchCommitted(wire, this.run, history)
    }
  }

  private async lookAtTail(wire: Wire, history: PartitionHistory, atAll: boolean): Promise<void> {
    const { start, end } = await this.range(wire, history)
    const lasts: Lasts = atAll ? new Map() : new Map(this.lasts.get(history))
    let known = atAll ? 0 : history.auditedTo // `lasts` tell of all before it
    for (let at = Math.max(start, known); at < end; at += windowSize) {
      const to = Math.min(at + windowSize, end)
      for (const part of await readAll(wire, history, at, to)) {
        this.lookAtGaps(history, part)
        this.lookAtOrder(history, part.records, { lasts, isDense: part.from === known })
        for (const record of part.records) history.see(record)
        this.run.count('records looked at', part.records.length)
        known = part.to
      }
    }
    this.lasts.set(history, lasts)
    history.auditedTo = end
  }

  private async range(wire: Wire, history: PartitionHistory): Promise<{ start: number; end: number }> {
    const known = history.end
    const start = await offsetOf(wire, history, earliest)
    history.seeStart(start)
    if (start > 0 && history.loses !== 'the oldest') this.run.report(`${history.name}: begins at ${start}`)
    const end = await offsetOf(wire, history, latest)
    history.seeEnd(end, known)
    return { start, end }
  }

  /** Offsets follow each other without gaps. */
  private lookAtGaps({ name }: PartitionHistory, { records, from, to }: Part): void {
    let next = from
    for (const { offset } of records) {
      if (offset !== next) this.run.report(`${name}: ${offset} comes where ${next} is the next`)
      next = offset + 1
    }
    if (next < to) this.run.report(`${name}: nothing from ${next} to ${to}`)
  }

  /** What an idempotent producer sent is there in order, once; without gaps where nothing was taken away. */
  private lookAtOrder(
    { name }: PartitionHistory,
    records: readonly ReadRecord[],
    { lasts, isDense }: { readonly lasts: Lasts; readonly isDense: boolean },
  ): void {
    const met = new Set<number>()
    for (const { timestamp, key, value, offset } of records) {
      const sent = this.run.ledger.find(timestamp, { key, value })
      if (!sent || !this.isIdempotent(sent.producer)) continue
      const { producer, n } = sent
      const last = lasts.get(producer) ?? -1
      const isNext = isDense || met.has(producer) ? n === last + 1 : n > last
      if (!isNext)
        this.run.report(
          `${name}: at ${offset} is record ${n} of idempotent producer ${producer}, behind record ${last}`,
        )
      lasts.set(producer, n)
      met.add(producer)
    }
  }

  private async lookAtKeys(wire: Wire, history: PartitionHistory): Promise<void> {
    const { start, end } = await this.range(wire, history)
    const judge = history.beginKeys()
    const until = Math.max(end, await offsetOf(wire, history, latest))
    const records = (await readAll(wire, history, start, until)).flatMap((part) => part.records)
    const found = new Map<string, number>()
    const lasts: Lasts = new Map()
    for (const record of records) {
      history.see(record)
      if (record.key !== null) found.set(record.key, record.offset)
      this.lookAtRising(history, record, lasts)
    }
    for (const problem of judge(found)) this.run.report(`${history.name}: ${problem}`)
    this.run.compacted.set(history.name, until - records.length)
    history.auditedTo = until
    this.run.count('records looked at', records.length)
  }

  private lookAtRising({ name }: PartitionHistory, record: ReadRecord, lasts: Lasts): void {
    const sent = this.run.ledger.find(record.timestamp, record)
    if (!sent || !this.isIdempotent(sent.producer)) return
    const last = lasts.get(sent.producer) ?? -1
    if (sent.n <= last)
      this.run.report(`${name}: at ${record.offset} is record ${sent.n} of producer ${sent.producer}, behind ${last}`)
    lasts.set(sent.producer, sent.n)
  }
}
