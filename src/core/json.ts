// JSON with exact whole numbers: what lies beyond 2^53 is a bigint when read and is written with all its digits.
// Text without such numbers goes through the runtime's own parser and writer.
import { parse as parseLossless } from 'lossless-json'

/** A JSON value. Whole numbers beyond 2^53 are bigint, all others number. */
export type Json = null | boolean | number | bigint | string | JsonArray | JsonObject
export type JsonArray = readonly Json[]
export type JsonObject = { readonly [key: string]: Json }

export function isJsonArray(value: Json): value is JsonArray {
  return Array.isArray(value)
}

export function isJsonObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Text that is no JSON, or goes beyond a limit. Line and column count from 1. */
export class JsonError extends Error {
  /** what is wrong, without the place */
  readonly fact: string
  readonly line: number
  readonly column: number

  constructor(message: string, text: string, position: number) {
    const before = text.slice(0, position)
    const line = before.split('\n').length
    const column = position - before.lastIndexOf('\n')
    super(`${message} (line ${line}, column ${column})`)
    this.name = 'JsonError'
    this.fact = message
    this.line = line
    this.column = column
  }
}

/** Deeper JSON is refused: what works on it is recursive. Jackson, Java's usual parser, has the same limit. */
export const nestingLimit = 1000

/** Longer whole numbers are refused: making a bigint of them costs more than their length. Jackson's limit too. */
const digitLimit = 1000

export interface ParseJsonOptions {
  /** refuses an object in which a key stands twice with different values; else the last one counts, as in JSON.parse */
  readonly uniqueKeys?: boolean
}

/**
 * The value of a JSON text (RFC 8259). `__proto__` is a key like any other.
 * Throws a JsonError with line and column for text that is no JSON or is nested deeper than `nestingLimit`.
 */
export function parseJson(text: string, options: ParseJsonOptions = {}): Json {
  const deep = text.length > 2 * nestingLimit ? tooDeepAt(text) : undefined
  if (deep !== undefined) throw new JsonError(`nested deeper than ${nestingLimit} levels`, text, deep)
  // the first look is for the many texts that have no such row of digits at all
  const isLong = /\d{16}/.test(text) && /(?:^|[:[,\s])-?\d{16}/.test(text)
  if (options.uniqueKeys || isLong) return parseExactly(text, options)
  try {
    return JSON.parse(text)
  } catch {
    return parseExactly(text, options)
  }
}

/** The position at which the nesting of a text goes beyond the limit. */
function tooDeepAt(text: string): number | undefined {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (quoted) {
      if (character === '\\') at++
      else quoted = character !== '"'
    } else if (character === '"') quoted = true
    else if (character === '[' || character === '{') {
      if (++depth > nestingLimit) return at
    } else if (character === ']' || character === '}') depth--
  }
  return undefined
}

function parseExactly(text: string, options: ParseJsonOptions): Json {
  try {
    return parseLossless(text, undefined, {
      parseNumber: exactNumber,
      onDuplicateKey: ({ key, position, newValue }) => {
        if (options.uniqueKeys) throw new JsonError(`the key "${key}" stands twice`, text, position - 1)
        return newValue
      },
    }) as Json
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    throw translated(thrown.message, text)
  }
}

function exactNumber(literal: string): number | bigint {
  const number = Number(literal)
  if (Number.isSafeInteger(number) || !/^-?\d+$/.test(literal)) return number
  if (literal.length > digitLimit) throw new SyntaxError(`A number of ${literal.length} digits is too long`)
  return BigInt(literal)
}

/** lossless-json ends its messages with `at position N`, where it knows one. */
function translated(message: string, text: string): JsonError {
  const match = /^(.*?),? (?:at|encountered at) position (\d+)$/s.exec(message)
  const fact = match?.[1] ?? message
  return new JsonError(startingSmall(fact), text, Number(match?.[2] ?? 0))
}

/** `Value expected` begins small in the middle of a sentence, `JSON value expected` does not. */
function startingSmall(sentence: string): string {
  return /^[A-Z][^A-Z]/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence
}

/**
 * The JSON text of a value, without white space; `parseJson` reads back the same value. Bigints are written as whole
 * numbers, -0 as `-0`, infinities (what JSON.parse makes of `1e999`) as `1e999` and `-1e999`.
 * Throws a TypeError for NaN, which no JSON text stands for.
 */
export function stringifyJson(value: Json): string {
  return isPlain(value) ? JSON.stringify(value) : exactText(value)
}

/** Whether JSON.stringify writes the value without loss. */
function isPlain(value: Json): boolean {
  if (typeof value === 'number') return value === 0 ? !Object.is(value, -0) : Number.isFinite(value)
  if (typeof value !== 'object') return typeof value !== 'bigint'
  if (value === null) return true
  if (isJsonArray(value)) return value.every(isPlain)
  for (const key in value) if (!isPlain(value[key]!)) return false
  return true
}

function exactText(value: Json): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number') return numberText(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isJsonArray(value)) return `[${value.map(exactText).join(',')}]`
  const entries = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${exactText(member)}`)
  return `{${entries.join(',')}}`
}

function numberText(value: number): string {
  if (Number.isNaN(value)) throw new TypeError('NaN has no JSON text')
  if (!Number.isFinite(value)) return value > 0 ? '1e999' : '-1e999'
  return Object.is(value, -0) ? '-0' : JSON.stringify(value)
}
