// A partition as a program inside the broker's process uses it: keyed records in, keyed records out, without a socket.
import { EvplatError } from '../core/errors.ts'
import { produce } from '../protocol/messages/produce.ts'
import { BatchBuilder } from '../protocol/records/batch-builder.ts'
import { batchesIn } from '../protocol/records/batch.ts'
import { RecordCursor } from '../protocol/records/cursor.ts'
import type { Clock } from './clock.ts'
import type { PartitionLog } from './storage/partition-log.ts'

export interface OwnRecord {
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
}

export interface OwnLog {
  /** Answers the offset when the record is as safe as the broker's durability promises. Throws `broker-refused`. */
  append(key: Buffer, value: Buffer | null): Promise<number>
  /** Hands on every record from an offset on, in order, up to what was the end when the call began. */
  read(from: number, each: (record: OwnRecord) => void): Promise<void>
}

const pieceSize = 1024 * 1024
const request = { version: produce.versions[1] }

/** Reads and writes the log directly. */
export function createOwnLog(log: PartitionLog, clock: Clock): OwnLog {
  return {
    append: async (key, value) => {
      const batch = new BatchBuilder()
      batch.add({ key, value, headers: [], timestamp: clock.now() })
      const written = log.append(batch.finish(), request)
      if ('error' in written)
        throw new EvplatError('broker-refused', 'a record was not written', { said: written.message ?? written.error })
      await written.durable
      return written.baseOffset
    },
    read: (from, each) => {
      const end = log.highWatermark
      const cursor = new RecordCursor()
      for (let at = Math.max(from, log.startOffset); at < end;)
        for (const batch of log.read(at, pieceSize, true).flatMap(batchesIn)) {
          cursor.open(batch)
          while (cursor.next())
            if (cursor.offset >= from) each({ offset: cursor.offset, key: cursor.key(), value: cursor.value() })
          at = batch.lastOffset + 1
        }
      return Promise.resolve()
    },
  }
}
