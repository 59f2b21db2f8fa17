// Which part of a log is to be compacted, and whether it pays by now (Kafka's LogCleanerManager).
import type { LogConfig } from '../../log-config.ts'
import type { Segment } from '../segment.ts'

export interface Round {
  /** keys are counted from this offset on; what is before was compacted among itself */
  readonly dirtyFrom: number
  /** the offset behind the last segment of the round */
  readonly upTo: number
  /** all segments up to there */
  readonly segments: readonly Segment[]
}

export interface Cleaning {
  readonly config: LogConfig
  /** in ms */
  readonly now: number
  readonly highWatermark: number
  /** the round before ended there */
  readonly cleaned: number
  /** whether the segment may be put into another file: it is not written to, and not on its way to the device */
  readonly isSettled: (segment: Segment) => boolean
}

const sizeOf = (segments: readonly Segment[]): number => segments.reduce((sum, { size }) => sum + size, 0)

/** What a round would compact; undefined when there is nothing, or too little of it to be worth the writing. */
export function cleanableRound(segments: readonly Segment[], cleaning: Cleaning): Round | undefined {
  const { config, now, highWatermark, isSettled } = cleaning
  const lag = config['min.compaction.lag.ms']
  const isDirty = (segment: Segment): boolean => segment.end > cleaning.cleaned
  const isTooYoung = (segment: Segment): boolean => lag > 0 && isDirty(segment) && segment.largest.timestamp > now - lag
  const sealed = segments.slice(0, -1)
  const stop = sealed.findIndex((segment) => segment.end > highWatermark || isTooYoung(segment) || !isSettled(segment))
  const part = stop < 0 ? sealed : sealed.slice(0, stop)
  const dirty = part.filter(isDirty)
  if (sizeOf(dirty) === 0) return undefined
  const first = dirty[0]!.firstTimestamp()
  const isOverdue = first > 0 && now - first > config['max.compaction.lag.ms']
  const ratio = sizeOf(dirty) / sizeOf(part)
  if (!isOverdue && ratio <= config['min.cleanable.dirty.ratio']) return undefined
  return { dirtyFrom: dirty[0]!.base, upTo: part.at(-1)!.end, segments: part }
}

/** Neighbours that fit into one segment together, so that what compaction leaves does not stay a file each. */
export function groupSegments(segments: readonly Segment[], { 'segment.bytes': mostBytes }: LogConfig): Segment[][] {
  const groups: Segment[][] = []
  let size = 0
  for (const segment of segments) {
    const group = groups.at(-1)
    const fits = group && size + segment.size <= mostBytes && segment.end - group[0]!.base < 2 ** 31
    if (fits) group.push(segment)
    else groups.push([segment])
    size = fits ? size + segment.size : segment.size
  }
  return groups
}
