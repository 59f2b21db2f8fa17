// How many of a log's first segments are too old, or too much (Kafka's retention: whole segments, the oldest first).
import type { LogConfig } from '../log-config.ts'
import type { Segment } from './segment.ts'

/** producer.id.expiration.ms of Kafka */
export const producerExpirationMs = 86_400_000

export interface Retaining {
  readonly config: LogConfig
  /** in ms */
  readonly now: number
  readonly highWatermark: number
}

/** The age of a segment counts from its largest timestamp, or from when it was last written where its records have none. */
function expired(segments: readonly Segment[], { config, now }: Retaining): number {
  const most = config['retention.ms']
  if (most < 0) return 0
  const isYoung = ({ largest, modified }: Segment): boolean =>
    now - (largest.timestamp >= 0 ? largest.timestamp : modified) <= most
  const kept = segments.findIndex(isYoung)
  return kept < 0 ? segments.length : kept
}

function superfluous(segments: readonly Segment[], { config }: Retaining): number {
  const most = config['retention.bytes']
  if (most < 0) return 0
  let over = segments.reduce((sum, { size }) => sum + size, 0) - most
  let count = 0
  for (const { size } of segments) {
    if (over - size < 0) break
    over -= size
    count++
  }
  return count
}

/** All of them may be due: the one that is written to is sealed first then. */
export function dueSegments(segments: readonly Segment[], retaining: Retaining): number {
  if (!retaining.config['cleanup.policy'].delete) return 0
  const invisible = segments.findIndex((segment) => segment.end > retaining.highWatermark)
  const visible = invisible < 0 ? segments.length : invisible
  const due = Math.min(visible, Math.max(expired(segments, retaining), superfluous(segments, retaining)))
  // an empty segment that waits for its first record is not old
  return segments[due - 1]?.size === 0 && due === segments.length ? due - 1 : due
}
