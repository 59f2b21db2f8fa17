// Where reading starts: the `--from` of consume.
import { didYouMean } from '../core/did-you-mean.ts'
import { parseDuration } from '../core/duration.ts'
import { EvplatError } from '../core/errors.ts'

export type Start =
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'offset'; readonly offset: number }
  /** so many records before the end of each partition */
  | { readonly kind: 'last'; readonly count: number }
  /** milliseconds since 1970 */
  | { readonly kind: 'time'; readonly timestamp: number }

const forms = 'start, end, an OFFSET, -N (the last N), @TIME (ISO 8601, milliseconds, or a duration ago such as @10m)'

function parseTime(text: string, now: number): number | undefined {
  if (/^\d{10,}$/.test(text)) return Number(text)
  const ago = /^\d+$/.test(text) ? undefined : parseDuration(text)
  if (ago !== undefined) return now - ago
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

/** Parses `start`, `end`, `17`, `-10`, `@2026-01-31T10:00:00Z`, `@1769853600000`, `@10m`. Throws `usage` for anything else. */
export function parseStart(text: string, now: number): Start {
  if (text === 'start' || text === 'end') return { kind: text }
  const whole = /^-?\d+$/.test(text) ? Number(text) : undefined
  if (whole !== undefined && Number.isSafeInteger(whole))
    return text.startsWith('-') ? { kind: 'last', count: -whole } : { kind: 'offset', offset: whole }
  const timestamp = text.startsWith('@') ? parseTime(text.slice(1), now) : undefined
  if (timestamp !== undefined) return { kind: 'time', timestamp }
  const guess = didYouMean(text, ['start', 'end'])
  throw new EvplatError('usage', `--from does not know "${text}"`, { hint: guess === '' ? `it takes ${forms}` : guess })
}
