// Schema resolution (specification 1.12): how what one schema wrote is read as a value of another. Where the specification
// and Java differ, Java is followed: outside of unions, records are matched by their fields, whatever their names.
import type { Json } from '../core/json.ts'
import { BinaryIn } from './binary-in.ts'
import { branchName } from './branch-fit.ts'
import { incompatibilities, isPromoted, isRecord, isSameName, writtenField } from './compatibility.ts'
import { type Decode, type RecordPlan, arrayDecoder, mapDecoder, recordDecoder } from './decode-parts.ts'
import { encodeDefault } from './encode.ts'
import type { LeafSchema } from './leaf-code.ts'
import { leafDecoder } from './leaf-decoder.ts'
import type { ValueForm } from './leaf-form.ts'
import { leastWidth } from './least-width.ts'
import type { Field, RecordSchema, Schema, UnionSchema } from './schema.ts'
import { compileSkip } from './skip.ts'
import { type UnionChoice, createChoice } from './union-choice.ts'
import { bareDecoder, branchDecoder, wrappedDecoder } from './union-decoder.ts'
import { Misfit, throwFrom } from './value-error.ts'

export interface Resolving {
  readonly form: ValueForm
  /** decoders of records that are compiled or under way: by writer, then reader */
  readonly records: Map<RecordSchema, Map<RecordSchema, Decode>>
  readonly choices: Map<UnionSchema, UnionChoice>
}

export function compileDecode(resolving: Resolving, writer: Schema, reader: Schema): Decode {
  if (writer.type === 'union')
    return branchDecoder(writer.branches.map((branch) => compileDecode(resolving, branch, reader)))
  if (reader.type === 'union') return compileBranch(resolving, writer, reader)
  if (writer.type === 'array' && reader.type === 'array')
    return arrayDecoder(leastWidth(writer.items), compileDecode(resolving, writer.items, reader.items))
  if (writer.type === 'map' && reader.type === 'map')
    return mapDecoder(leastWidth(writer.values), compileDecode(resolving, writer.values, reader.values))
  if (isRecord(writer) && isRecord(reader)) return compileRecord(resolving, writer, reader)
  const leaf = isLeaf(writer) && isLeaf(reader) ? leafDecoder(writer, reader, resolving.form) : undefined
  return leaf ?? unreadable(writer, reader)
}

function isLeaf(schema: Schema): schema is LeafSchema {
  return !isRecord(schema) && schema.type !== 'array' && schema.type !== 'map' && schema.type !== 'union'
}

/** What cannot be read is an error of the values in which it occurs, not of all. */
function unreadable(writer: Schema, reader: Schema): Decode {
  const name = (schema: Schema): string =>
    schema.type === 'union' ? 'a branch of the union' : `"${branchName(schema)}"`
  return () => {
    throw new Misfit(`what can be read as ${name(reader)}`, name(writer))
  }
}

function compileBranch(resolving: Resolving, writer: Schema, reader: UnionSchema): Decode {
  const at = branchFor(reader, writer)
  if (at < 0) return unreadable(writer, reader)
  const decode = compileDecode(resolving, writer, reader.branches[at]!)
  if (resolving.form === 'avro') return wrappedDecoder(reader.branches[at]!, decode)
  const choice = resolving.choices.get(reader) ?? createChoice(reader)
  resolving.choices.set(reader, choice)
  return choice.isAlwaysBare(at) ? decode : bareDecoder(choice, at, branchName(reader.branches[at]!), decode)
}

/**
 * The index of the branch that a written type is read as, or -1: the same type, by full name or alias where it has a name,
 * else by short name, else (as Java does) a record whose fields go together, else the first type that it is promoted to.
 */
function branchFor(union: UnionSchema, writer: Schema): number {
  const tests: ((branch: Schema) => boolean)[] = [
    (branch) => branch === writer,
    (branch) => isSameKind(branch, writer) && isSameFullName(branch, writer),
    (branch) => isSameKind(branch, writer) && 'name' in branch && 'name' in writer && isSameName(branch, writer),
    (branch) => isRecord(branch) && isRecord(writer) && hasReadableFields(branch, writer),
    (branch) => !('name' in branch) && isPromoted(writer.type, branch.type),
  ]
  for (const test of tests) {
    const at = union.branches.findIndex(test)
    if (at >= 0) return at
  }
  return -1
}

function isSameKind(reader: Schema, writer: Schema): boolean {
  return reader.type === writer.type || (isRecord(reader) && isRecord(writer))
}

function isSameFullName(reader: Schema, writer: Schema): boolean {
  if (!('name' in reader) || !('name' in writer)) return true
  return reader.name === writer.name || reader.aliases.includes(writer.name)
}

function hasReadableFields(reader: RecordSchema, writer: RecordSchema): boolean {
  return incompatibilities(reader, writer).every((each) => each.pointer === '/name')
}

function compileRecord(resolving: Resolving, writer: RecordSchema, reader: RecordSchema): Decode {
  const readers = resolving.records.get(writer) ?? new Map<RecordSchema, Decode>()
  resolving.records.set(writer, readers)
  const known = readers.get(reader)
  if (known) return known
  let plan: RecordPlan | undefined
  const decode = recordDecoder(() => plan!)
  readers.set(reader, decode)
  plan = planRecord(resolving, writer, reader)
  return decode
}

function planRecord(resolving: Resolving, writer: RecordSchema, reader: RecordSchema): RecordPlan {
  const sources = reader.fields.map((field) => writtenField(writer, field))
  const written = writer.fields.map((field) => {
    const target = sources.indexOf(field)
    const wanted = reader.fields[target]
    if (!wanted) return { name: field.name, target, decode: skipping(field.type) }
    return { name: wanted.name, target, decode: compileDecode(resolving, field.type, wanted.type) }
  })
  const read = reader.fields.map((field, at) => {
    const isWritten = written.some((each) => each.target === at)
    return { name: field.name, value: isWritten ? undefined : defaultOf(resolving, field) }
  })
  return { written, read }
}

function skipping(schema: Schema): Decode {
  const skip = compileSkip(schema)
  return (input) => {
    skip(input)
    return null
  }
}

/** The default of a field that is not written, made at its first use. */
function defaultOf(resolving: Resolving, field: Field): () => Json {
  let value: Json | undefined
  const make = (): Json => {
    if (field.default === undefined) throw new Misfit('a value for the field', 'neither a written one nor a default')
    const input = new BinaryIn()
    input.open(encodeDefault(field.type, field.default))
    return compileDecode(resolving, field.type, field.type)(input)
  }
  return () => {
    try {
      return (value ??= make())
    } catch (thrown) {
      return throwFrom(thrown, field.name)
    }
  }
}
