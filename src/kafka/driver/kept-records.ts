// What a fetch brought of a partition and is not handed over yet: its bytes, and the next few records. A record that waits as an object
// costs many times its bytes, and the collector of garbage moves it again and again.
import type { Arrived } from '../read/fetcher.ts'
import { inRecords } from './in-records.ts'
import type { InRecord } from './port.ts'

const atOnce = 256

export class KeptRecords {
  private readonly records: Iterator<InRecord, void>
  private ahead: readonly InRecord[]

  /** Throws `malformed-message` for records that can't be read, as `take` does. */
  constructor(arrived: Arrived) {
    this.records = inRecords(arrived)
    this.ahead = this.read()
  }

  /** of the next record; undefined when there are no more */
  get offset(): number | undefined {
    return this.ahead[0]?.offset
  }

  /** The next ones; none when there are no more. */
  take(): readonly InRecord[] {
    const records = this.ahead
    if (records.length > 0) this.ahead = this.read()
    return records
  }

  private read(): InRecord[] {
    const records: InRecord[] = []
    while (records.length < atOnce) {
      const { value } = this.records.next()
      if (value === undefined) break
      records.push(value)
    }
    return records
  }
}
