// Passes over a value that a reader does not want, without making anything of it.
import type { BinaryIn } from './binary-in.ts'
import type { LeafSchema } from './leaf-code.ts'
import { leastWidth } from './least-width.ts'
import type { RecordSchema, Schema } from './schema.ts'

export type Skip = (input: BinaryIn) => void

export function compileSkip(schema: Schema, records: Map<RecordSchema, Skip> = new Map()): Skip {
  switch (schema.type) {
    case 'array':
      return skipBlocks(leastWidth(schema.items), compileSkip(schema.items, records))
    case 'map':
      return skipEntries(compileSkip(schema.values, records))
    case 'union':
      return skipBranch(schema.branches.map((branch) => compileSkip(branch, records)))
    case 'record':
    case 'error':
      return records.get(schema) ?? skipRecord(schema, records)
    default:
      return skipLeaf(schema)
  }
}

function skipLeaf(schema: LeafSchema): Skip {
  switch (schema.type) {
    case 'int':
    case 'long':
    case 'enum':
      return (input) => void input.long()
    case 'bytes':
    case 'string':
      return (input) => void input.bytes()
    default: {
      const width = leastWidth(schema)
      return (input) => input.skip(width)
    }
  }
}

function skipBlocks(width: number, skipItem: Skip): Skip {
  return (input) => {
    input.enter()
    for (let count = input.block(width); count > 0; count = input.block(width))
      for (let at = 0; at < count; at++) skipItem(input)
    input.leave()
  }
}

function skipEntries(skipValue: Skip): Skip {
  return skipBlocks(1, (input) => {
    input.bytes()
    skipValue(input)
  })
}

function skipBranch(branches: readonly Skip[]): Skip {
  return (input) => branches[input.index(branches.length, 'a branch of a union')]!(input)
}

function skipRecord(schema: RecordSchema, records: Map<RecordSchema, Skip>): Skip {
  const fields: Skip[] = []
  const skip: Skip = (input) => {
    const start = input.at
    input.enter()
    for (const skipField of fields) skipField(input)
    input.leave()
    if (input.at === start) input.spend(1)
  }
  records.set(schema, skip)
  for (const field of schema.fields) fields.push(compileSkip(field.type, records))
  return skip
}
