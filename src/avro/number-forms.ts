import type { Json } from '../core/json.ts'
import { dateText, parseDate, parseTime, parseTimestamp, timeText, timestampText } from './iso-time.ts'
import type { LeafForm, ValueForm } from './leaf-form.ts'
import { type Digits, type LogicalType, logicalTypeOf } from './logical-type.ts'
import type { PrimitiveSchema } from './schema.ts'

const wholeInt: LeafForm<number> = {
  expected: 'int (a whole number of 32 bits)',
  example: 1,
  toJson: (value) => value,
  fromJson: (json) => (typeof json === 'number' && (json | 0) === json ? json : undefined),
}

const wholeLong: LeafForm<number | bigint> = {
  expected: 'long (a whole number of 64 bits)',
  example: 1,
  toJson: (value) => value,
  fromJson: (json) => {
    if (typeof json === 'number') return Number.isSafeInteger(json) ? json : undefined
    return typeof json === 'bigint' && BigInt.asIntN(64, json) === json ? json : undefined
  },
}

export function intForm(schema: PrimitiveSchema, form: ValueForm): LeafForm<number> {
  const logical = form === 'plain' ? logicalTypeOf(schema) : undefined
  if (logical?.kind === 'date') return orCount('date', '2026-01-31', wholeInt, { format: dateText, parse: parseDate })
  return logical?.kind === 'time' ? orCount('time', '12:00:00.000', wholeInt, timeOf(3)) : wholeInt
}

export function longForm(schema: PrimitiveSchema, form: ValueForm): LeafForm<number | bigint> {
  const logical = form === 'plain' ? logicalTypeOf(schema) : undefined
  return logical ? timeForm(logical) : wholeLong
}

function timeForm(logical: LogicalType): LeafForm<number | bigint> {
  if (logical.kind !== 'time' && logical.kind !== 'timestamp' && logical.kind !== 'local-timestamp') return wholeLong
  const { kind, digits } = logical
  const noon = `12:00:00.${'0'.repeat(digits)}`
  if (kind === 'time') return orCount('time', noon, wholeLong, timeOf(digits))
  const zone = kind === 'timestamp' ? 'Z' : ''
  return orCount('time', `2026-01-31T${noon}${zone}`, wholeLong, {
    format: (count) => {
      const text = timestampText(count, digits)
      return text === undefined ? undefined : text + zone
    },
    parse: (text) => inLong(parseTimestamp(text, digits, kind === 'timestamp')),
  })
}

interface CountText<T> {
  /** undefined for a count that has no text */
  readonly format: (count: T) => string | undefined
  readonly parse: (text: string) => T | undefined
}

function timeOf(digits: Digits) {
  return {
    format: (count: number | bigint) => timeText(count, digits),
    parse: (text: string) => parseTime(text, digits),
  }
}

function inLong(count: number | bigint | undefined): number | bigint | undefined {
  return count === undefined ? undefined : wholeLong.fromJson(count)
}

/** Text where there is one for a count, else the count; both are read. */
function orCount<T extends number | bigint>(
  what: string,
  example: string,
  whole: LeafForm<T>,
  { format, parse }: CountText<T>,
): LeafForm<T> {
  return {
    expected: `${what} like ${example}`,
    example,
    toJson: (count) => format(count) ?? count,
    fromJson: (json) => (typeof json === 'string' ? parse(json) : whole.fromJson(json)),
  }
}

const special: ReadonlyMap<Json, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
])

export const doubleForm: LeafForm<number> = {
  expected: 'double',
  example: 1.5,
  toJson: (value) => (Number.isFinite(value) ? value : String(value)),
  fromJson: (json) => {
    const number = typeof json === 'number' || typeof json === 'bigint' ? Number(json) : undefined
    return number === undefined ? special.get(json) : Number.isFinite(number) ? number : undefined
  },
}

export const floatForm: LeafForm<number> = {
  expected: 'float',
  example: 1.5,
  toJson: (value) => (Number.isFinite(value) ? shortestFloat(value) : String(value)),
  fromJson: (json) => {
    const number = doubleForm.fromJson(json)
    return number !== undefined && Number.isFinite(number) && !Number.isFinite(Math.fround(number)) ? undefined : number
  },
}

/** Below this a float has fewer digits the smaller it is. */
const smallestNormal = 2 ** -126

/** The number with the fewest digits that rounds to the same float: 0.1 for what is 0.10000000149011612 as a double. */
export function shortestFloat(value: number): number {
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 2 ** 24) return value
  // six digits bring back every normal float that was made of six or fewer
  const scale = size < 1 ? 1e6 : 1e3
  const rounded = Math.round(value * scale) / scale
  if (size < 1e3 && Math.fround(rounded) === value) return rounded
  for (let digits = size < smallestNormal ? 1 : 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits))
    if (Math.fround(shorter) === value) return shorter
  }
  return Number(value.toPrecision(9))
}

/** A long as a float, rounded once: by way of a double it would be rounded twice. */
export function toFloat(value: number | bigint): number {
  if (typeof value === 'number') return Math.fround(value)
  // 53 bits, the last of which tells whether any bit below is set, decide every rounding to 24
  const kept = BigInt.asIntN(64, value >> 11n) | ((value & 0x7ffn) === 0n ? 0n : 1n)
  return Math.fround(Number(kept)) * 2 ** 11
}
