// From a definition and a version to a reader and a writer: closures, made once per (fields, version) and kept.
import { EvplatError } from '../core/errors.ts'
import type { Field, Fields, Read, Shape, Written } from './notation.ts'
import { Reader, noUuid } from './reader.ts'
import type { Codec } from './codec.ts'
import { scalarCodec } from './scalars.ts'
import { Writer } from './writer.ts'

/** What a compiled field depends on beside its definition. */
export interface Wire {
  readonly version: number
  readonly flexible: boolean
  /** by which errors call the message */
  readonly message?: string
}

type Values = Record<string, unknown>

interface Compiled extends Codec {
  readonly name: string
  readonly default: unknown
  readonly nullable: boolean
}

function isPresent({ options }: Field, { version }: Wire): boolean {
  return version >= (options.since ?? 0) && version <= (options.until ?? Infinity)
}

/** What Kafka takes for a field that is left out. */
function defaultOf({ shape, options }: Field): unknown {
  if (options.default !== undefined) return options.default
  switch (shape.kind) {
    case 'array':
      return []
    case 'struct':
      return Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, defaultOf(field)]))
    case 'bool':
      return false
    case 'int64':
      return 0n
    case 'uuid':
      return noUuid
    case 'string':
      return ''
    case 'bytes':
    case 'records':
      return Buffer.alloc(0)
    default:
      return 0
  }
}

function arrayCodec(element: Codec, nullable: boolean, name: string, wire: Wire): Codec<unknown[] | null> {
  const { flexible } = wire
  return {
    read(reader) {
      const length = flexible ? reader.uvarint() - 1 : reader.int32()
      if (length < 0) return nullable ? null : refuseNull()
      const items: unknown[] = []
      for (let left = reader.count(length); left > 0; left--) items.push(element.read(reader))
      return items
    },
    write(writer, items) {
      const length = items === null ? -1 : items.length
      if (flexible) writer.uvarint(length + 1)
      else writer.int32(length)
      for (const item of items ?? []) {
        if (item === null) refuseToWriteNull(name, wire)
        element.write(writer, item)
      }
    },
  }
}

function nullableStruct(inner: Codec): Codec {
  return {
    read: (reader) => (reader.int8() < 0 ? null : inner.read(reader)),
    write(writer, value) {
      writer.int8(value === null ? -1 : 1)
      if (value !== null) inner.write(writer, value)
    },
  }
}

function refuseNull(): never {
  throw new EvplatError('malformed-message', 'a message of the Kafka protocol is broken: null where it is not allowed')
}

/** Nothing that is read would tell such a null from a value: a number would become 0, and the rest a message that nobody can read. */
function refuseToWriteNull(name: string, { message = 'a message', version }: Wire): never {
  throw new EvplatError('malformed-message', `"${name}" of ${message} can not be null in version ${version}`)
}

function shapeCodec(shape: Shape, nullable: boolean, name: string, wire: Wire): Codec<never> {
  if (shape.kind === 'array')
    return arrayCodec(shapeCodec(shape.element, false, name, wire), nullable, name, wire) as Codec<never>
  if (shape.kind !== 'struct') return scalarCodec(shape.kind, nullable, wire.flexible) as Codec<never>
  const inner = structCodec(shape.fields, wire)
  return (nullable ? nullableStruct(inner) : inner) as Codec<never>
}

function compileField(name: string, field: Field, wire: Wire): Compiled {
  const nullable = field.options.nullable !== undefined && wire.version >= field.options.nullable
  return { name, default: defaultOf(field), nullable, ...shapeCodec(field.shape, nullable, name, wire) }
}

/** Whether a value says nothing beyond the default, so that leaving it out loses nothing. */
function isDefault(value: unknown, fallback: unknown): boolean {
  if (value === undefined || value === fallback) return true
  if (Array.isArray(value) && Array.isArray(fallback)) return value.length === 0
  return Buffer.isBuffer(value) && Buffer.isBuffer(fallback) && value.equals(fallback)
}

interface Absent {
  readonly name: string
  readonly default: unknown
  readonly ignorable: boolean
}

function refuseAbsent(absent: readonly Absent[], value: Values, version: number): void {
  for (const field of absent)
    if (!field.ignorable && !isDefault(value[field.name], field.default))
      throw new EvplatError('broker-too-old', `version ${version} of the message has no field "${field.name}"`)
}

function structCodec(fields: Fields, wire: Wire): Codec {
  const entries = Object.entries(fields)
  const present = entries.filter(([, field]) => isPresent(field, wire))
  const plain = present.filter(([, f]) => f.options.tag === undefined).map(([name, f]) => compileField(name, f, wire))
  const tagged = present
    .filter(([, f]) => f.options.tag !== undefined)
    .map(([name, f]) => ({ tag: f.options.tag!, ...compileField(name, f, wire) }))
    .toSorted((a, b) => a.tag - b.tag)
  const absent = entries
    .filter(([, field]) => !isPresent(field, wire))
    .map(([name, f]) => ({ name, default: defaultOf(f), ignorable: f.options.ignorable === true }))
  return {
    read(reader) {
      const value: Values = {}
      for (const field of plain) value[field.name] = field.read(reader)
      for (const field of absent) value[field.name] = field.default
      if (wire.flexible) readTags(reader, tagged, value)
      return value
    },
    write(writer, given) {
      const value = given as Values
      for (const field of plain) {
        let own = value[field.name]
        if (own === undefined) own = field.default
        if (own === null && !field.nullable) refuseToWriteNull(field.name, wire)
        field.write(writer, own)
      }
      if (absent.length > 0) refuseAbsent(absent, value, wire.version)
      if (wire.flexible) writeTags(writer, tagged, value, wire)
    },
  }
}

type Tagged = Compiled & { readonly tag: number }

function readTags(reader: Reader, tagged: readonly Tagged[], value: Values): void {
  for (const field of tagged) value[field.name] = field.default
  for (let n = reader.uvarint(); n > 0; n--) {
    const tag = reader.uvarint()
    const content = reader.bytes(reader.uvarint())
    const field = tagged.find((f) => f.tag === tag)
    if (field) value[field.name] = field.read(new Reader(content))
  }
}

function writeTags(writer: Writer, tagged: readonly Tagged[], value: Values, wire: Wire): void {
  const given = tagged.filter((field) => !isDefault(value[field.name], field.default))
  writer.uvarint(given.length)
  for (const field of given) {
    const own = value[field.name]
    if (own === null && !field.nullable) refuseToWriteNull(field.name, wire)
    const content = new Writer()
    field.write(content, own)
    writer.uvarint(field.tag)
    writer.uvarint(content.length)
    for (const chunk of content.chunks()) writer.bytes(chunk)
  }
}

const compiled = new WeakMap<Fields, Map<string, Codec>>()

/** The reader and writer of these fields at one version. */
export function compile<F extends Fields>(fields: F, wire: Wire): Codec<Read<F>, Written<F>> {
  const versions = compiled.get(fields) ?? new Map<string, Codec>()
  compiled.set(fields, versions)
  const key = `${wire.version}${wire.flexible ? 'f' : ''}`
  const codec = versions.get(key) ?? structCodec(fields, wire)
  versions.set(key, codec)
  return codec as Codec<Read<F>, Written<F>>
}
