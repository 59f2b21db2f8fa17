// What goes wrong with a value. Inside the encoders and decoders a Misfit is thrown, to which each level on the way out adds
// its step; at the rim it becomes an AvroValueError with the whole path.
import { type Json, isJsonArray, isJsonObject } from '../core/json.ts'

/** A value that does not go with its schema, in either direction. */
export class AvroValueError extends Error {
  /** JSON path of the place in the value: `$.items[2].price` */
  readonly path: string
  readonly expected: string
  readonly got: string

  constructor(path: string, expected: string, got: string, hint = '') {
    super(`${path}: expected ${expected}, got ${got}${hint && `, ${hint}`}`)
    this.name = 'AvroValueError'
    this.path = path
    this.expected = expected
    this.got = got
  }
}

export class Misfit extends Error {
  readonly expected: string
  readonly got: string
  readonly hint: string
  /** from the place up to the whole */
  readonly steps: (string | number)[] = []

  constructor(expected: string, got: string, hint = '') {
    super(expected)
    this.expected = expected
    this.got = got
    this.hint = hint
  }
}

/** Throws what was thrown again, with one more step of the way to it. */
export function throwFrom(thrown: unknown, step: string | number): never {
  if (thrown instanceof Misfit) thrown.steps.push(step)
  throw thrown
}

/** What a Misfit becomes for the world outside; anything else stays. */
export function atRim(thrown: unknown): unknown {
  if (!(thrown instanceof Misfit)) return thrown
  const path = thrown.steps.toReversed().map((step) => (typeof step === 'number' ? `[${step}]` : pathStep(step)))
  return new AvroValueError(`$${path.join('')}`, thrown.expected, thrown.got, thrown.hint)
}

function pathStep(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

const mostShown = 40

/** A value in a few words, for an error. */
export function describeValue(value: Json): string {
  if (typeof value === 'string') return shortened(JSON.stringify(value))
  if (isJsonArray(value)) return `an array of ${value.length}`
  if (!isJsonObject(value)) return shortened(Object.is(value, -0) ? '-0' : String(value))
  const keys = Object.keys(value)
  return keys.length === 0 ? 'an empty object' : shortened(`an object with ${keys.map((key) => `"${key}"`).join(', ')}`)
}

function shortened(text: string): string {
  return text.length <= mostShown ? text : `${text.slice(0, mostShown)}...`
}
