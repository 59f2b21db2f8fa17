// Batches as single records.
import { RecordCursor } from '../../protocol/records/cursor.ts'
import type { Arrived } from '../read/fetcher.ts'
import type { InRecord } from './port.ts'

/**
 * The records from the offset on that was asked for; their bytes are views of the batches. Throws `malformed-message` for what can't be
 * read, when it comes to it.
 */
export function* inRecords({ topic, partition, from, batches }: Arrived): Generator<InRecord, void> {
  const cursor = new RecordCursor()
  for (const batch of batches) {
    cursor.open(batch)
    while (cursor.next()) {
      const { offset, timestamp } = cursor
      if (offset < from) continue
      yield {
        topic,
        partition,
        offset,
        timestamp,
        key: cursor.key(),
        value: cursor.value(),
        headers: cursor.headers(),
      }
    }
  }
}
