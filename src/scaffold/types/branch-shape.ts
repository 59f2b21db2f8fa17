// How the values of a branch of a union stand in JSON (docs/formats.md): bare, or under the name of the branch.
import { branchLabels, kindsOf, rankOf } from '../../avro/branch-fit.ts'
import type { RecordSchema, Schema, UnionSchema } from '../../avro/schema.ts'

/** `either`: some of its values could be taken for those of another branch, and these alone have the name around them. */
export type BranchShape = 'bare' | 'named' | 'either'

/** `sent`: what may be sent; fields with a default may be missing there, so that more records look like each other. */
export type Direction = 'given' | 'sent'

/** How the values of a branch look that a decoder gives, or that an encoder takes. */
export function branchShape(union: UnionSchema, at: number, direction: Direction): BranchShape {
  const branch = union.branches[at]!
  const others = union.branches.filter((other) => other !== branch)
  if (branch.type === 'map') return 'either'
  if (isRecord(branch)) {
    const isBare = !looksNamed(branch, union) && !others.some((other) => couldBe(branch, other, direction))
    return isBare ? 'bare' : 'either'
  }
  const shapes = kindsOf(branch).map((kind): BranchShape => {
    const rank = rankOf(branch, kind)
    const rivals = others.filter((other) => kindsOf(other).includes(kind))
    if (rivals.every((rival) => rankOf(rival, kind) > rank)) return 'bare'
    // every text is a string, and a string is meant before anything else
    return kind === 'string' && rivals.some((rival) => rankOf(rival, kind) === 0) ? 'named' : 'either'
  })
  return shapes.every((shape) => shape === shapes[0]) ? (shapes[0] ?? 'bare') : 'either'
}

function isRecord(schema: Schema): schema is RecordSchema {
  return schema.type === 'record' || schema.type === 'error'
}

/** A record whose only field is called like a branch looks like a value with that name around it. */
function looksNamed({ fields }: RecordSchema, union: UnionSchema): boolean {
  return fields.length === 1 && branchLabels(union).has(fields[0]!.name)
}

/** Whether values of a record could be taken for those of another branch, going by the names of fields alone. */
function couldBe(record: RecordSchema, other: Schema, direction: Direction): boolean {
  if (other.type === 'map') return true
  if (!isRecord(other)) return false
  const names = new Set(record.fields.map((field) => field.name))
  const otherNames = new Set(other.fields.map((field) => field.name))
  const present = direction === 'given' ? record.fields : record.fields.filter((field) => field.default === undefined)
  const required = other.fields.filter((field) => field.default === undefined)
  return present.every(({ name }) => otherNames.has(name)) && required.every(({ name }) => names.has(name))
}
