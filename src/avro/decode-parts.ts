// Decoders of the types with parts, made of the decoders of their parts.
import type { Json } from '../core/json.ts'
import type { BinaryIn } from './binary-in.ts'
import { throwFrom } from './value-error.ts'

export type Decode = (input: BinaryIn) => Json

/** `width`: how many bytes an item takes at least. */
export function arrayDecoder(width: number, decodeItem: Decode): Decode {
  return (input) => {
    const items: Json[] = []
    input.enter()
    for (let count = input.block(width); count > 0; count = input.block(width))
      for (let at = 0; at < count; at++) items.push(decodeAt(decodeItem, input, items.length))
    input.leave()
    return items
  }
}

export function mapDecoder(width: number, decodeValue: Decode): Decode {
  return (input) => {
    const entries: Record<string, Json> = {}
    input.enter()
    for (let count = input.block(width + 1); count > 0; count = input.block(width + 1))
      for (let at = 0; at < count; at++) {
        const key = input.string()
        put(entries, key, decodeAt(decodeValue, input, key))
      }
    input.leave()
    return entries
  }
}

function decodeAt(decode: Decode, input: BinaryIn, step: string | number): Json {
  try {
    return decode(input)
  } catch (thrown) {
    return throwFrom(thrown, step)
  }
}

/** Sets an own property, whatever its key. */
function put(object: Record<string, Json>, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

/** One field of a record as it is written. */
export interface WrittenField {
  /** the reader's name for it; the writer's where it is passed over */
  readonly name: string
  readonly decode: Decode
  /** its index among the reader's fields, or -1 to pass over it */
  readonly target: number
}

/** How a written record is read. */
export interface RecordPlan {
  readonly written: readonly WrittenField[]
  /** the reader's fields in order; `value` is there for those that are not written */
  readonly read: readonly { readonly name: string; readonly value: (() => Json) | undefined }[]
}

/** The plan may be made later, as long as it is before the first value: a record may hold itself. */
export function recordDecoder(planOf: () => RecordPlan): Decode {
  let build: Decode | undefined
  return (input) => {
    build ??= buildOf(planOf())
    const start = input.at
    input.enter()
    const record = build(input)
    input.leave()
    if (input.at === start) input.spend(1)
    return record
  }
}

function buildOf({ written, read }: RecordPlan): Decode {
  const wanted = written.filter((field) => field.target >= 0)
  const isInOrder = wanted.length === read.length && wanted.every((field, at) => field.target === at)
  return isInOrder ? inOrder(written) : reordered({ written, read })
}

function inOrder(written: readonly WrittenField[]): Decode {
  return (input) => {
    const record: Record<string, Json> = {}
    for (const field of written) {
      const value = decodeAt(field.decode, input, field.name)
      if (field.target >= 0) put(record, field.name, value)
    }
    return record
  }
}

function reordered({ written, read }: RecordPlan): Decode {
  return (input) => {
    const values: Json[] = []
    for (const field of written) {
      const value = decodeAt(field.decode, input, field.name)
      if (field.target >= 0) values[field.target] = value
    }
    const record: Record<string, Json> = {}
    for (const [at, { name, value }] of read.entries()) put(record, name, value ? value() : values[at]!)
    return record
  }
}
