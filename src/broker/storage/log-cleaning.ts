// Retention and compaction of one log: what is due, and how new segments take the place of old ones.
import type { LogConfig } from '../log-config.ts'
import type { Producers } from '../producers/producers.ts'
import { cleanableRound } from './compaction/cleanable.ts'
import { compact, type Step } from './compaction/compact.ts'
import type { Host } from './host.ts'
import type { LogKeeping } from './log-keeping.ts'
import { removeSegment } from './recover.ts'
import type { Segment } from './segment.ts'
import { segmentIn, segmentPath } from './segment-files.ts'
import type { SegmentList } from './segment-list.ts'

export interface CleanedLog {
  readonly host: Host
  readonly folder: string
  readonly segments: SegmentList
  readonly keeping: LogKeeping
  readonly highWatermark: number
  readonly config: () => LogConfig
  readonly producers: () => Producers
}

/** A round of compaction in steps; undefined when none is due. Throws what the device says; the log stays readable. */
export function compaction(log: CleanedLog): Generator<Step, void> | undefined {
  const config = log.config()
  if (!config['cleanup.policy'].compact) return undefined
  const now = log.host.clock.now()
  const round = cleanableRound(log.segments.all(), {
    config,
    now,
    highWatermark: log.highWatermark,
    cleaned: log.keeping.cleaned,
    isSettled: (segment) => log.keeping.isSettled(segment),
  })
  if (!round) return undefined
  return (function* () {
    // compaction leaves gaps, which only what was noted as safe may have: the note must not be lost when the gaps are not
    if (log.host.durability !== 'memory') yield log.host.book.synced(log.host.sync)
    const cleaned = yield* compact(round, {
      files: log.host.files,
      folder: log.folder,
      config,
      now,
      isLastOfProducer: (id, lastOffset) => id >= 0n && log.producers().isLastOf(id, lastOffset),
      replace: (old, by) => replace(log, old, by),
    })
    log.keeping.put({ cleaned })
  })()
}

/**
 * One rename is what counts. After a crash around it: a log without its indexes is looked through again, and old segments whose
 * offsets are in the new file as well are removed. Those behind go oldest first, so that a deleted key can't come back.
 */
function replace({ host, folder, segments, keeping }: CleanedLog, old: readonly Segment[], by: Segment): boolean {
  if (!old.every((segment) => segments.all().includes(segment))) return false
  const { files } = host
  const path = (kind: 'index' | 'timeindex' | 'cleaned' | 'log'): string => segmentPath(folder, by.base, kind)
  files.remove(path('index'))
  files.remove(path('timeindex'))
  files.rename(path('cleaned'), path('log'))
  for (const { base } of old.slice(1)) removeSegment(host, folder, base)
  const { end, size, largest, offsets, times } = by
  const renamed = segmentIn(files, folder, by.base, by.modified)
  segments.replace(old, Object.assign(renamed, { end, size, largest, offsets, times, isDirty: true }))
  keeping.storeIndexes(renamed)
  return true
}
