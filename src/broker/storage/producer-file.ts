// The producers of a log as they were at an offset, in a file beside its segments. If it is lost, the batches tell the same.
import { type ProducerBatch, Producers } from '../producers/producers.ts'
import { batchAt } from '../../protocol/records/batch.ts'
import type { BatchCursor } from './batch-cursor.ts'
import type { Files, LogFile } from './files.ts'
import { frame, unframe } from './framed-file.ts'
import type { Segment } from './segment.ts'
import { segmentPath } from './segment-files.ts'

const path = (folder: string, offset: number): string => segmentPath(folder, offset, 'producers')

/** Writes them; the answer is the file that is to be brought to the device. */
export function writeProducers(files: Files, folder: string, offset: number, bytes: Buffer): LogFile {
  files.remove(path(folder, offset))
  const file = files.file(path(folder, offset))
  file.append([frame(bytes)])
  return file
}

/** Takes note of the batch that the cursor stands on, if its producer is idempotent. */
export function addBatch(producers: () => Producers, cursor: BatchCursor): void {
  const header = cursor.header()
  const producerId = header.readBigInt64BE(batchAt.producerId)
  if (producerId < 0n) return
  const batch: ProducerBatch = {
    producerId,
    producerEpoch: header.readInt16BE(batchAt.producerEpoch),
    baseSequence: header.readInt32BE(batchAt.baseSequence),
    // compaction may have taken records out: sequences count what was sent
    count: header.readInt32BE(batchAt.lastOffsetDelta) + 1,
  }
  producers().add(batch, cursor.baseOffset, cursor.lastOffset, cursor.maxTimestamp)
}

/** The producers as they were at this offset: from the file, or from the headers of all batches before. */
export function loadProducers(files: Files, folder: string, offset: number, segments: readonly Segment[]): Producers {
  const found = unframe(files.read(path(folder, offset)))
  if (found) return Producers.decode(found)
  const producers = new Producers()
  for (const segment of segments) {
    const cursor = segment.batchesFrom(0)
    while (cursor.next() && cursor.baseOffset < offset) addBatch(() => producers, cursor)
  }
  return producers
}
