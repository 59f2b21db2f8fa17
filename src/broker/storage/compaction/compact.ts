// One round of compaction over a log, in steps: the latest offset of each key, then the segments written anew without what is
// older. A new file is complete and on the device before it takes the place of the old ones.
import { batchAt } from '../../../protocol/records/batch.ts'
import type { LogConfig } from '../../log-config.ts'
import type { Files, LogFile } from '../files.ts'
import { Segment } from '../segment.ts'
import { segmentPath } from '../segment-files.ts'
import { groupSegments, type Round } from './cleanable.ts'
import { type Filtering, filterBatch } from './filter-batch.ts'
import { soundKeys } from './sound-records.ts'

export interface Compacting {
  readonly files: Files
  readonly folder: string
  readonly config: LogConfig
  /** in ms */
  readonly now: number
  /** whether a batch is the last one of a producer that still is known */
  readonly isLastOfProducer: (producerId: bigint, lastOffset: number) => boolean
  /** Puts the new segment into the place of the old ones; false when those are gone meanwhile, then the round ends. */
  readonly replace: (old: readonly Segment[], by: Segment) => boolean
}

/** What has to be waited for before the next step: the device, or just others' turn. */
export type Step = Promise<void> | undefined

const bytesPerStep = 512 * 1024
/** so many keys are held in memory at most; what does not fit is for the next round */
const mostKeys = 4_000_000

/** Answers the offset up to which the log is compacted then. Throws what the device says; the log is as it was then. */
export function* compact(round: Round, compacting: Compacting): Generator<Step, number> {
  const latest = new Map<string, number>()
  let upTo = round.dirtyFrom
  for (const segment of round.segments) {
    if (segment.end <= round.dirtyFrom) continue
    yield* noteKeys(segment, latest)
    upTo = segment.end
    if (latest.size > mostKeys) break
  }
  const { now, config, isLastOfProducer } = compacting
  const filtering: Filtering = {
    now,
    deleteRetentionMs: config['delete.retention.ms'],
    isLatest: (key, offset) => offset >= (latest.get(key) ?? -1),
    keepsHeader: (batch) => {
      const end = Number(batch.readBigInt64BE(batchAt.baseOffset)) + batch.readInt32BE(batchAt.lastOffsetDelta)
      // the last batch of a round tells where it ended
      return end + 1 === upTo || isLastOfProducer(batch.readBigInt64BE(batchAt.producerId), end)
    },
  }
  for (const group of groupSegments(
    round.segments.filter((segment) => segment.end <= upTo),
    config,
  ))
    if (!(yield* rewrite(group, filtering, compacting))) break
  return upTo
}

function* noteKeys(segment: Segment, latest: Map<string, number>): Generator<Step, void> {
  const cursor = segment.batchesFrom(0)
  let bytes = 0
  while (cursor.next()) {
    for (const [key, offsetDelta] of soundKeys(cursor.bytes())) latest.set(key, cursor.baseOffset + offsetDelta)
    bytes += cursor.size
    if (bytes < bytesPerStep) continue
    bytes = 0
    yield undefined
  }
}

function* rewrite(group: readonly Segment[], filtering: Filtering, compacting: Compacting): Generator<Step, boolean> {
  const { files, folder, replace } = compacting
  const path = segmentPath(folder, group[0]!.base, 'cleaned')
  files.remove(path)
  const file = files.file(path)
  try {
    const next = new Segment(group[0]!.base, file, Math.max(...group.map(({ modified }) => modified)))
    for (const segment of group) yield* copyKept(segment, next, file, { filtering, config: compacting.config })
    next.end = group.at(-1)!.end
    yield file.sync()
    return replace(group, next)
  } finally {
    files.remove(path) // nothing is there when it took the place of the old ones
  }
}

interface Copying {
  readonly filtering: Filtering
  readonly config: LogConfig
}

function* copyKept(from: Segment, to: Segment, file: LogFile, copying: Copying): Generator<Step, void> {
  const cursor = from.batchesFrom(0)
  let chunks: Buffer[] = []
  let bytes = 0
  const flush = (): void => {
    if (chunks.length > 0) file.append(chunks)
    chunks = []
    bytes = 0
  }
  while (cursor.next()) {
    const kept = filterBatch(cursor.bytes(), copying.filtering)
    bytes += cursor.size
    if (kept.length > 0) {
      chunks.push(kept)
      const maxTimestamp = Number(kept.readBigInt64BE(batchAt.maxTimestamp))
      to.note(
        { size: kept.length, lastOffset: cursor.lastOffset, maxTimestamp },
        copying.config['index.interval.bytes'],
      )
    }
    if (bytes < bytesPerStep) continue
    flush()
    yield undefined
  }
  flush()
}
