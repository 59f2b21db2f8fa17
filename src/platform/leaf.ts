// Kinds of values in platform.yaml. Each reads text, because YAML's own idea of types is not asked (see tree.ts), and says
// what it expects in words for people and as JSON Schema for editors.
import * as z from 'zod/mini'
import { didYouMean } from '../core/did-you-mean.ts'
import { parseDuration } from '../core/duration.ts'

/** JSON Schema of the parts of the shape: what editors show and check. */
export const editor = z.registry<Record<string, unknown>>()

/** Puts a description for editors on a part of the shape. */
export function about<T extends z.ZodMiniType>(description: string, schema: T): T {
  editor.add(schema, { ...editor.get(schema), description })
  return schema
}

interface Leaf<T> {
  /** what the value must be: `a whole number`, ... */
  readonly expected: string
  readonly example: string
  /** the value of a text, or undefined when it is none */
  readonly read: (text: string) => T | undefined
  readonly json: Record<string, unknown>
  /** what to do about a text that is none, where more can be said than the example */
  readonly hint?: (text: string) => string | undefined
  /** what a text asks for that this version lacks */
  readonly later?: (text: string) => string | undefined
}

/** in an editor, a variable may stand for anything */
export const variable = { type: 'string', pattern: String.raw`\$\{` }

/** What a refused leaf says in the `params` of its zod issue. */
export interface Refusal {
  readonly expected: string
  readonly example: string
  readonly hint?: string | undefined
  readonly later?: string | undefined
}

/** A value that is read from text. A refusal is a zod issue `custom` with a `Refusal` in `params`. */
export function leaf<T>({ expected, example, read, json, hint, later }: Leaf<T>): z.ZodMiniTransform<T, unknown> {
  const schema = z.transform((input: unknown, context): T => {
    const value = typeof input === 'string' ? read(input) : undefined
    if (value !== undefined) return value
    const written = typeof input === 'string' ? input : ''
    const params: Refusal = { expected, example, hint: hint?.(written), later: later?.(written) }
    context.issues.push({ code: 'custom', input, params: { ...params } })
    return z.NEVER
  })
  editor.add(schema, json)
  return schema
}

/** Text; with a pattern, of a form that `expected` tells in words. */
export function text(expected: string, example: string, pattern?: RegExp): z.ZodMiniTransform<string, unknown> {
  return leaf({
    expected,
    example,
    read: (value) => (value !== '' && (pattern?.test(value) ?? true) ? value : undefined),
    json: { type: 'string', minLength: 1, ...(pattern && { pattern: `${pattern.source}|\\$\\{` }) },
  })
}

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number, example: string): z.ZodMiniTransform<number, unknown> {
  return leaf({
    expected: `a whole number from ${min} to ${max}`,
    example,
    read: (value) => {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
      return number >= min && number <= max ? number : undefined
    },
    json: { anyOf: [{ type: 'integer', minimum: min, maximum: max }, variable] },
  })
}

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
}

/** `true` or `false`. */
export function truth(): z.ZodMiniTransform<boolean, unknown> {
  return leaf({
    expected: 'true or false',
    example: 'true',
    read: (value) => (Object.hasOwn(booleans, value) ? booleans[value] : undefined),
    json: { anyOf: [{ type: 'boolean' }, variable] },
    hint: (value) =>
      /^(y|yes|n|no|on|off)$/i.test(value)
        ? `\`${value}\` is text in YAML 1.2: write \`${/^(y|on)/i.test(value) ? 'true' : 'false'}\``
        : undefined,
  })
}

/** One of several words. */
export function choice<const T extends string>(...words: readonly T[]): z.ZodMiniTransform<T, unknown> {
  return leaf({
    expected: words.length === 1 ? `"${words[0]}"` : `one of ${words.join(', ')}`,
    example: words[0]!,
    read: (value) => words.find((word) => word === value),
    json: words.length === 1 ? { const: words[0] } : { anyOf: [{ enum: words }, variable] },
    hint: (value) => didYouMean(value, words) || undefined,
  })
}

/** A duration of at least a millisecond, in milliseconds. */
export function duration(example: string): z.ZodMiniTransform<number, unknown> {
  return leaf({
    expected: 'a duration',
    example,
    read: (value) => {
      const ms = parseDuration(value)
      return ms !== undefined && ms > 0 ? ms : undefined
    },
    json: {
      anyOf: [
        { type: 'string', pattern: String.raw`^(\d+(\.\d+)?(ms|s|m|h|d|w))+$|\$\{` },
        { type: 'integer', minimum: 1 },
      ],
    },
    hint: () => 'durations are `500ms`, `10s`, `1m`, `1h30m`, `7d`',
  })
}
