// How the values of types without parts look in JSON, in the two forms: `plain` (docs/formats.md) and `avro`, the specification's
// own JSON encoding. A form goes between JSON and the value that the binary encoding knows.
import type { Json } from '../core/json.ts'
import type { EnumSchema } from './schema.ts'

export type ValueForm = 'plain' | 'avro'

export interface LeafForm<T> {
  /** what an error says that it expected */
  readonly expected: string
  /** some value; undefined where the name of a field says more */
  readonly example?: Json
  readonly toJson: (value: T) => Json
  /** undefined for JSON that stands for no value of the type */
  readonly fromJson: (json: Json) => T | undefined
}

export const nullForm: LeafForm<null> = {
  expected: 'null',
  example: null,
  toJson: () => null,
  fromJson: (json) => (json === null ? null : undefined),
}

export const booleanForm: LeafForm<boolean> = {
  expected: 'boolean',
  example: false,
  toJson: (value) => value,
  fromJson: (json) => (typeof json === 'boolean' ? json : undefined),
}

/** A form that is text: `parse` and `format` say which. */
export function textForm<T>(
  expected: string,
  format: (value: T) => string,
  parse: (text: string) => T | undefined,
): LeafForm<T> {
  return { expected, toJson: format, fromJson: (json) => (typeof json === 'string' ? parse(json) : undefined) }
}

/** Half of a surrogate pair has no UTF-8, so text with one is none. */
export const stringForm: LeafForm<string> = textForm(
  'string',
  (text) => text,
  (text) => (/[\ud800-\udfff]/.test(text) && /\p{Surrogate}/u.test(text) ? undefined : text),
)

/** An error names this many symbols. */
const mostShown = 8

/** An enum's value is the index of its symbol. */
export function enumForm(schema: EnumSchema): LeafForm<number> {
  const indexes = new Map(schema.symbols.map((symbol, at) => [symbol, at]))
  const shown = schema.symbols.slice(0, mostShown).join(', ')
  const more = schema.symbols.length > mostShown ? ', ...' : ''
  const expected = `a symbol of "${schema.name}" (${shown}${more})`
  const form = textForm<number>(
    expected,
    (at) => schema.symbols[at]!,
    (symbol) => indexes.get(symbol),
  )
  return { ...form, example: schema.symbols[0] ?? '' }
}
