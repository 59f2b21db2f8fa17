// Durations as people write them: `7d`, `1h30m`, `500ms`. A bare number is milliseconds, as in Kafka's own configs.

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** Milliseconds of a duration text, or undefined when it is not one. `-1` (Kafka's "no limit") passes. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim()
  if (/^-1$|^\d+$/.test(trimmed)) return Number(trimmed)
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/.test(trimmed)) return undefined
  let total = 0
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g))
    total += Number(amount) * unitMs[unit!]!
  return Number.isSafeInteger(total) ? total : undefined
}

/** The shortest exact text of a number of milliseconds: `7d`, `90m`, `1500ms`; `-1` stays. */
export function formatDuration(ms: number): string {
  if (ms <= 0) return String(ms)
  for (const unit of ['d', 'h', 'm', 's']) if (ms % unitMs[unit]! === 0) return `${ms / unitMs[unit]!}${unit}`
  return `${ms}ms`
}

/** Elapsed time for people, two digits of it: `340 ms`, `4.2 s`, `3 min`. */
export function elapsed(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.round(ms / 60_000)} min`
}
