// What compaction believes of a batch. A compressed one may have been taken unopened: the keys of a batch that nobody can read to its end, or
// whose records claim offsets that are not its own, must not make others look outdated.
import { batchAt } from '../../../protocol/records/batch.ts'
import { plainRecords } from '../../records/plain-records.ts'
import { type WalkedRecord, walkRecords } from '../../records/walk.ts'

/** A key as the table of a round has it. */
export function keyOf(body: Buffer, { keyStart, keyEnd }: WalkedRecord): string {
  return body.toString('latin1', keyStart, keyEnd)
}

/** Tells of the records of a batch as `walkRecords` does; false also where their offsets do not rise within those of the batch. */
export function walkSound(batch: Buffer, body: Buffer, onRecord: (record: WalkedRecord) => void): boolean {
  const last = batch.readInt32BE(batchAt.lastOffsetDelta)
  let before = -1
  let isInOrder = true
  const isSound = walkRecords(body, batch.readInt32BE(batchAt.count), (record) => {
    isInOrder &&= record.offsetDelta > before && record.offsetDelta <= last
    before = record.offsetDelta
    onRecord(record)
  })
  return isSound && isInOrder
}

/** The keys of a batch with their offsets from its base; none of a batch that is not sound. */
export function soundKeys(batch: Buffer): readonly (readonly [key: string, offsetDelta: number])[] {
  const body = plainRecords(batch)
  if (!body) return []
  const keys: (readonly [string, number])[] = []
  const isSound = walkSound(batch, body, (record) => {
    if (record.keyStart >= 0) keys.push([keyOf(body, record), record.offsetDelta])
  })
  return isSound ? keys : []
}
