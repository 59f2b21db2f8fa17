// Which batches a reader may see (KIP-98): no control batches, and with read_committed nothing of aborted transactions.
import type { Batch } from '../../protocol/records/batch.ts'

export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

/** An abort marker is a control record whose key says version and type; type 0 is abort. */
function isAbortMarker(batch: Batch): boolean {
  // length, attributes, timestamp and offset deltas and key length take one byte each in a marker: its key (version, type) begins at 5
  return batch.body.length >= 9 && batch.body.readInt16BE(7) === 0
}

/** The batches that are shown. `aborted` is what the broker says of the fetched range; null when all transactions count. */
export function visibleBatches(batches: readonly Batch[], aborted: readonly AbortedTransaction[] | null): Batch[] {
  if (!aborted || aborted.length === 0) return batches.filter((batch) => !batch.isControl)
  const waiting = aborted.toSorted((a, b) => Number(a.firstOffset - b.firstOffset))
  const open = new Set<bigint>()
  const shown: Batch[] = []
  for (const batch of batches) {
    while (waiting[0] && Number(waiting[0].firstOffset) <= batch.lastOffset) open.add(waiting.shift()!.producerId)
    if (batch.isControl) {
      if (isAbortMarker(batch)) open.delete(batch.producerId)
    } else if (!(batch.isTransactional && open.has(batch.producerId))) shown.push(batch)
  }
  return shown
}
