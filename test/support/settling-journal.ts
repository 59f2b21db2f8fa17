// A journal whose writes become durable, or fail, in the very moment that a test says so: no promise is waited for.
import type { Journal } from '../../src/broker/storage/store.ts'

interface Open {
  readonly record: Buffer
  readonly ends: ((isDurable: boolean) => void)[]
}

export class SettlingJournal implements Journal {
  size = 0
  private records: Buffer[] = []
  private open: Open[] = []

  replay(each: (record: Buffer) => void): boolean {
    for (const record of this.records) each(record)
    return true
  }

  append(record: Buffer): Promise<void> {
    const write: Open = { record: Buffer.from(record), ends: [] }
    this.open.push(write)
    this.size += record.length
    const then = (onDurable: () => void, onFailed: () => void): void => {
      write.ends.push((isDurable) => (isDurable ? onDurable() : onFailed()))
    }
    return { then } as unknown as Promise<void>
  }

  rewrite(records: Iterable<Buffer>): void {
    this.records = [...records].map((record) => Buffer.from(record))
    this.size = 0
  }

  /** Ends all writes that are open, and those that this brings about. */
  settle(isDurable: boolean): void {
    const open = this.open
    this.open = []
    if (isDurable) this.records.push(...open.map(({ record }) => record))
    for (const { ends } of open) for (const end of ends) end(isDurable)
  }

  /** The process dies: of the writes that are open, the first half is there. */
  crash(): void {
    this.records.push(...this.open.slice(0, Math.ceil(this.open.length / 2)).map(({ record }) => record))
    this.open = []
  }
}
