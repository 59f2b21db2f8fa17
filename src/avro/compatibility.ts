// Whether data written with one schema can be read with another: the rules of Apache Avro's SchemaCompatibility, which
// registries ask. Logical types play no part in them.
import { pointerTo } from './json-pointer.ts'
import { shortName } from './names.ts'
import type { EnumSchema, Field, FixedSchema, NamedSchema } from './schema.ts'
import type { RecordSchema, Schema, UnionSchema } from './schema.ts'

export type IncompatibilityKind =
  | 'FIXED_SIZE_MISMATCH'
  | 'MISSING_ENUM_SYMBOLS'
  | 'MISSING_UNION_BRANCH'
  | 'NAME_MISMATCH'
  | 'READER_FIELD_MISSING_DEFAULT_VALUE'
  | 'TYPE_MISMATCH'

export interface Incompatibility {
  /** as Apache Avro names it */
  readonly kind: IncompatibilityKind
  /** one line for people */
  readonly message: string
  /** JSON pointer into the reader's schema; where a type is used by its name, the way goes on through its definition */
  readonly pointer: string
}

/**
 * Everything that keeps data written with `writer` from being read with `reader`; empty when it can be read.
 * Named types match by their names without namespace, or by an alias of the reader with the writer's full name.
 */
export function incompatibilities(reader: Schema, writer: Schema): Incompatibility[] {
  return [...new Set(compare({ seen: new Map() }, reader, writer, ''))]
}

interface Checking {
  /** what was found for a pair of types; a pair that is under way counts as compatible, which ends recursion */
  readonly seen: Map<Schema, Map<Schema, readonly Incompatibility[]>>
}

function compare(checking: Checking, reader: Schema, writer: Schema, pointer: string): readonly Incompatibility[] {
  const pairs = checking.seen.get(reader) ?? new Map<Schema, readonly Incompatibility[]>()
  checking.seen.set(reader, pairs)
  const known = pairs.get(writer)
  if (known) return known
  pairs.set(writer, [])
  const found = comparePair(checking, reader, writer, pointer)
  pairs.set(writer, found)
  return found
}

function comparePair(checking: Checking, reader: Schema, writer: Schema, pointer: string): readonly Incompatibility[] {
  if (writer.type === 'union') return writer.branches.flatMap((branch) => compare(checking, reader, branch, pointer))
  if (reader.type === 'union') return compareWithUnion(checking, reader, writer, pointer)
  if (isPromoted(writer.type, reader.type) && !('name' in reader))
    return compareContents(checking, reader, writer, pointer)
  return (
    compareNamed(checking, reader, writer, pointer) ?? [
      { kind: 'TYPE_MISMATCH', message: `${label(writer)} cannot be read as ${label(reader)}`, pointer },
    ]
  )
}

function compareContents(
  checking: Checking,
  reader: Schema,
  writer: Schema,
  pointer: string,
): readonly Incompatibility[] {
  if (reader.type === 'array' && writer.type === 'array')
    return compare(checking, reader.items, writer.items, pointerTo(pointer, 'items'))
  if (reader.type === 'map' && writer.type === 'map')
    return compare(checking, reader.values, writer.values, pointerTo(pointer, 'values'))
  return []
}

/** Two named types of one kind, or undefined when they are not. */
function compareNamed(
  checking: Checking,
  reader: Schema,
  writer: Schema,
  pointer: string,
): readonly Incompatibility[] | undefined {
  if (isRecord(reader) && isRecord(writer))
    return [...compareNames(reader, writer, pointer), ...compareFields(checking, reader, writer, pointer)]
  if (reader.type === 'enum' && writer.type === 'enum')
    return [...compareNames(reader, writer, pointer), ...compareSymbols(reader, writer, pointer)]
  if (reader.type === 'fixed' && writer.type === 'fixed')
    return [...compareNames(reader, writer, pointer), ...compareSizes(reader, writer, pointer)]
  return undefined
}

/** A record or an error, which is a record in all but its use in protocols. */
export function isRecord(schema: Schema): schema is RecordSchema {
  return schema.type === 'record' || schema.type === 'error'
}

const promotions: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
}

/** Whether a primitive type is read as itself or as one that it is promoted to ("Schema Resolution"). */
export function isPromoted(writer: Schema['type'], reader: Schema['type']): boolean {
  return writer === reader || (promotions[writer]?.includes(reader) ?? false)
}

/** A writer's type, no union itself, must be readable by one branch of the reader's union. */
function compareWithUnion(
  checking: Checking,
  reader: UnionSchema,
  writer: Schema,
  pointer: string,
): readonly Incompatibility[] {
  let reason = ''
  for (const [at, branch] of reader.branches.entries()) {
    const problems = compare(checking, branch, writer, pointerTo(pointer, at))
    if (problems.length === 0) return []
    if (reason === '' && isSameType(branch, writer)) reason = `: ${problems[0]!.message}`
  }
  const message = `no branch of the union can read ${label(writer)}${reason}`
  return [{ kind: 'MISSING_UNION_BRANCH', message, pointer }]
}

/** Whether a branch is the one that was meant, so that what is wrong in it is worth telling. */
function isSameType(reader: Schema, writer: Schema): boolean {
  if ('name' in reader && 'name' in writer) return isSameName(reader, writer)
  return reader.type === writer.type
}

/** Whether a named type of the reader stands for one of the writer by its name or an alias. */
export function isSameName(reader: NamedSchema, writer: NamedSchema): boolean {
  return shortName(reader.name) === shortName(writer.name) || reader.aliases.includes(writer.name)
}

function compareNames(reader: NamedSchema, writer: NamedSchema, pointer: string): Incompatibility[] {
  if (isSameName(reader, writer)) return []
  const message = `"${writer.name}" cannot be read as "${reader.name}", which has another name and no alias for it`
  return [{ kind: 'NAME_MISMATCH', message, pointer: pointerTo(pointer, 'name') }]
}

function compareSizes(reader: FixedSchema, writer: FixedSchema, pointer: string): Incompatibility[] {
  if (reader.size === writer.size) return []
  const message = `"${writer.name}" is written with ${writer.size} bytes and read with ${reader.size}`
  return [{ kind: 'FIXED_SIZE_MISMATCH', message, pointer: pointerTo(pointer, 'size') }]
}

function compareSymbols(reader: EnumSchema, writer: EnumSchema, pointer: string): Incompatibility[] {
  const missing = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol))
  if (missing.length === 0 || reader.default !== undefined) return []
  const names = missing.map((symbol) => `"${symbol}"`).join(', ')
  const message = `the reader's "${reader.name}" lacks ${names} and has no default`
  return [{ kind: 'MISSING_ENUM_SYMBOLS', message, pointer: pointerTo(pointer, 'symbols') }]
}

function compareFields(
  checking: Checking,
  reader: RecordSchema,
  writer: RecordSchema,
  pointer: string,
): readonly Incompatibility[] {
  return reader.fields.flatMap((field, at): readonly Incompatibility[] => {
    const place = pointerTo(pointer, 'fields', at)
    const written = writtenField(writer, field)
    if (written) return compare(checking, field.type, written.type, pointerTo(place, 'type'))
    if (field.default !== undefined) return []
    const message = `the reader's field "${field.name}" is not written and has no default`
    return [{ kind: 'READER_FIELD_MISSING_DEFAULT_VALUE', message, pointer: place }]
  })
}

/** The writer's field of the reader's field's name, or else of one of its aliases. */
export function writtenField(writer: RecordSchema, field: Field): Field | undefined {
  const names = [field.name, ...field.aliases]
  return names.map((name) => writer.fields.find((each) => each.name === name)).find((each) => each !== undefined)
}

function label(schema: Schema): string {
  return `"${'name' in schema ? schema.name : schema.type}"`
}
