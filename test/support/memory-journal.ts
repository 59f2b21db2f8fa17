// A journal in memory for tests: writes are durable at once, when the test says so, or never.
import type { Journal } from '../../src/broker/storage/store.ts'

export class MemoryJournal implements Journal {
  records: Buffer[] = []
  rewrites = 0
  size = 0
  /** `later` leaves appends open until `settle` */
  durability: 'at once' | 'later' | 'refused' = 'at once'
  private open: { readonly resolve: () => void; readonly reject: (reason: Error) => void }[] = []

  replay(each: (record: Buffer) => void): boolean {
    for (const record of this.records) each(record)
    return true
  }

  append(record: Buffer): Promise<void> | undefined {
    if (this.durability === 'refused') throw new Error('no space left on the device')
    this.records.push(Buffer.from(record))
    this.size += record.length
    if (this.durability === 'at once') return undefined
    return new Promise((resolve, reject) => this.open.push({ resolve, reject }))
  }

  rewrite(records: Iterable<Buffer>): void {
    this.records = [...records].map((record) => Buffer.from(record))
    this.rewrites += 1
    this.size = 0
  }

  /** Ends all open appends; resolves when those who wait for them have been told. */
  async settle(how: 'durable' | 'failed' = 'durable'): Promise<void> {
    const open = this.open
    this.open = []
    for (const { resolve, reject } of open)
      if (how === 'durable') resolve()
      else reject(new Error('the device is gone'))
    await new Promise<void>((done) => setImmediate(done))
  }
}
