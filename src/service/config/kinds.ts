// Kinds of values that a setting takes. Each reads text: files, environment and arguments say everything in text.
import { didYouMean } from '../../core/did-you-mean.ts'
import { formatDuration, parseDuration } from '../../core/duration.ts'
import { formatSize, parseSize } from '../../core/size.ts'

/** How a value is written in a file, for editors; where nothing is said, as text. */
export type Form =
  | { readonly is: 'number'; readonly min: number; readonly max: number }
  | { readonly is: 'truth' }
  | { readonly is: 'word'; readonly words: readonly string[] }
  /** a number with a unit: `10s`, `1MiB` */
  | { readonly is: 'amount' }

export interface Kind<T> {
  /** what the value must be: `a whole number from 0 to 65535`, ... */
  readonly expected: string
  readonly example: string
  /** the value of a text, or undefined when it is none */
  readonly read: (text: string) => T | undefined
  /** what to do about a text that is none, where more can be said than the example */
  readonly hint?: (text: string) => string | undefined
  /** several of these: a list, or one text with commas */
  readonly isList?: true
  /** of one of them, where it is a list */
  readonly form?: Form
}

/** Text that is not empty; with a pattern, of a form that `expected` tells in words. */
export function text(expected: string, example: string, pattern = /\S/): Kind<string> {
  return { expected, example, read: (value) => (pattern.test(value) ? value : undefined) }
}

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number, example: string): Kind<number> {
  const read = (value: string): number | undefined => {
    const number = /^\d{1,15}$/.test(value.trim()) ? Number(value) : Number.NaN
    return number >= min && number <= max ? number : undefined
  }
  return { expected: `a whole number from ${min} to ${max}`, example, read, form: { is: 'number', min, max } }
}

/** `true` or `false`. */
export const truth: Kind<boolean> = {
  expected: 'true or false',
  example: 'true',
  form: { is: 'truth' },
  read: (value) => (/^true$/i.test(value) ? true : /^false$/i.test(value) ? false : undefined),
  hint: (value) => (/^(y|yes|n|no|on|off)$/i.test(value) ? `write \`${/^(y|yes|on)$/i.test(value)}\`` : undefined),
}

/** One of several words, in any case. */
export function choice<const T extends string>(
  words: readonly T[],
  hint: (value: string) => string | undefined = () => undefined,
): Kind<T> {
  return {
    expected: `one of ${words.join(', ')}`,
    example: words[0]!,
    form: { is: 'word', words },
    read: (value) => words.find((word) => word === value.trim().toLowerCase()),
    hint: (value) => hint(value) ?? (didYouMean(value, words) || undefined),
  }
}

/** timers of Node go no further than 24.8 days */
const longestMs = 24 * 86_400_000

/** A duration from `minMs` to 24 days, in milliseconds. */
export function duration(example: string, minMs = 1): Kind<number> {
  return {
    expected: `a duration from ${minMs === 0 ? '0' : formatDuration(minMs)} to 24d`,
    example,
    form: { is: 'amount' },
    read: (value) => within(parseDuration(value), minMs, longestMs),
    hint: () => 'durations are `500ms`, `10s`, `1m`, `1h30m`; a bare number is milliseconds',
  }
}

/** A size from one byte to `max`, in bytes. */
export function size(example: string, max: number): Kind<number> {
  return {
    expected: `a size from 1B to ${formatSize(max)}`,
    example,
    form: { is: 'amount' },
    read: (value) => within(parseSize(value), 1, max),
    hint: () => 'sizes are `512kB`, `1MiB`, `2GiB`; a bare number is bytes',
  }
}

const within = (value: number | undefined, min: number, max: number): number | undefined =>
  value !== undefined && value >= min && value <= max ? value : undefined

/** A list of what `item` reads, or a text of it with commas. */
export function listOf<T>(expected: string, item: Kind<T>): Kind<readonly T[]> {
  const read = (value: string): readonly T[] | undefined => {
    const items = commaParts(value).map((part) => item.read(part))
    return items.length > 0 && items.every((part) => part !== undefined) ? (items as T[]) : undefined
  }
  const hint = (value: string): string | undefined => {
    const wrong = commaParts(value).find((part) => item.read(part) === undefined)
    return wrong === undefined ? undefined : item.hint?.(wrong)
  }
  return { expected, example: item.example, read, hint, isList: true, ...(item.form && { form: item.form }) }
}

/** The parts of a text between commas, those without anything left out. */
export const commaParts = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
