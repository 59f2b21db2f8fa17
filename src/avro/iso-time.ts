// Points in time, dates and times of day as ISO 8601 text. Counts are whole numbers, bigint beyond 2^53.
// Years have four digits, or a sign and six; a count beyond those has no text: undefined.
import { calendarDay, daysSince1970 } from './calendar.ts'
import type { Digits } from './logical-type.ts'

const secondsPerDay = 86_400

/** A count of 10^-digits seconds since 1970 as `2026-01-31T12:00:00.000`, without a zone. */
export function timestampText(count: number | bigint, digits: Digits): string | undefined {
  const perDay = secondsPerDay * 10 ** digits
  const inDay = typeof count === 'bigint' ? Number(modulo(count, BigInt(perDay))) : ((count % perDay) + perDay) % perDay
  const days = typeof count === 'bigint' ? Number((count - BigInt(inDay)) / BigInt(perDay)) : (count - inDay) / perDay
  const date = dateText(days)
  return date === undefined ? undefined : `${date}T${timeOfDay(inDay, digits)}`
}

function modulo(count: bigint, size: bigint): bigint {
  return ((count % size) + size) % size
}

/** A count of days since 1970 as `2026-01-31`. */
export function dateText(days: number): string | undefined {
  const { year, month, day } = calendarDay(days)
  if (Math.abs(year) > 999_999) return undefined
  const years = year >= 0 && year <= 9999 ? padded(year, 4) : `${year < 0 ? '-' : '+'}${padded(Math.abs(year), 6)}`
  return `${years}-${padded(month, 2)}-${padded(day, 2)}`
}

/** A count of 10^-digits seconds since midnight as `12:00:00.000`; undefined when it is no time of a day. */
export function timeText(count: number | bigint, digits: Digits): string | undefined {
  return count >= 0 && count < secondsPerDay * 10 ** digits ? timeOfDay(Number(count), digits) : undefined
}

function timeOfDay(count: number, digits: Digits): string {
  const second = 10 ** digits
  const seconds = Math.floor(count / second)
  const minutes = Math.floor(seconds / 60)
  const clock = `${padded(Math.floor(minutes / 60), 2)}:${padded(minutes % 60, 2)}:${padded(seconds % 60, 2)}`
  return `${clock}.${padded(count % second, digits)}`
}

function padded(number: number, digits: number): string {
  const text = String(number)
  return text.length >= digits ? text : '00000000'.slice(0, digits - text.length) + text
}

const datePattern = String.raw`([+-]\d{6}|\d{4})-(\d\d)-(\d\d)`
const timePattern = String.raw`(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?`
const timestampForm = new RegExp(`^${datePattern}[Tt ]${timePattern}(Z|z|[+-]\\d\\d:?\\d\\d)?$`)
const dateForm = new RegExp(`^${datePattern}$`)
const timeForm = new RegExp(`^${timePattern}$`)

/**
 * The count of 10^-digits seconds since 1970 that a text tells; with `zoned` it must have a zone, else none.
 * Undefined for any other text, and for one with more digits than can be kept.
 */
export function parseTimestamp(text: string, digits: Digits, zoned: boolean): number | bigint | undefined {
  const match = timestampForm.exec(text)
  if (!match || (match[8] !== undefined) !== zoned) return undefined
  const days = dayIn(match)
  const time = timeIn(match, 4, digits)
  const offset = zoned ? offsetMinutes(match[8]!) : 0
  if (days === undefined || time === undefined || offset === undefined) return undefined
  const minutes = days * 1440 - offset
  const perMinute = 60 * 10 ** digits
  const count = minutes * perMinute + time
  return Number.isSafeInteger(count) ? count : BigInt(minutes) * BigInt(perMinute) + BigInt(time)
}

/** The count of days since 1970 that `2026-01-31` tells, or undefined. */
export function parseDate(text: string): number | undefined {
  const match = dateForm.exec(text)
  return match ? dayIn(match) : undefined
}

/** The count of 10^-digits seconds since midnight that `12:00:00.000` tells, or undefined. */
export function parseTime(text: string, digits: Digits): number | undefined {
  const match = timeForm.exec(text)
  return match ? timeIn(match, 1, digits) : undefined
}

function dayIn(match: RegExpExecArray): number | undefined {
  return daysSince1970({ year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) })
}

/** 10^-digits seconds since midnight of hour, minute, second and fraction, in four groups from `group` on. */
function timeIn(match: RegExpExecArray, group: number, digits: Digits): number | undefined {
  const hour = Number(match[group])
  const minute = Number(match[group + 1])
  const second = Number(match[group + 2] ?? 0)
  const fraction = match[group + 3] ?? ''
  if (hour > 23 || minute > 59 || second > 59 || /[^0]/.test(fraction.slice(digits))) return undefined
  const kept = Number(fraction.slice(0, digits).padEnd(digits, '0'))
  return ((hour * 60 + minute) * 60 + second) * 10 ** digits + kept
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
