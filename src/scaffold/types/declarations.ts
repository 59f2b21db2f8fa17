// Named types of Avro -> declarations of TypeScript.
import { stringifyJson } from '../../core/json.ts'
import { logicalTypeOf } from '../../avro/logical-type.ts'
import type { Field, FixedSchema, NamedSchema, RecordSchema } from '../../avro/schema.ts'
import type { Direction } from './branch-shape.ts'
import { keyText, textLiteral } from './literal.ts'
import { type NameOf, typeText } from './type-text.ts'

/** A doc comment, or nothing where there is nothing to say. */
export function docComment(lines: readonly (string | undefined)[], indent = ''): string {
  const said = lines.flatMap((line) => line?.replaceAll('*/', String.raw`*\/`).split(/\r?\n|[\r\u2028\u2029]/) ?? [])
  const text = said.map((line) => line.trimEnd())
  while (text.at(-1) === '') text.pop()
  if (text.length === 0) return ''
  if (text.length === 1) return `${indent}/** ${text[0]!.trimStart()} */\n`
  return `${indent}/**\n${text.map((line) => `${indent} * ${line}`.trimEnd() + '\n').join('')}${indent} */\n`
}

/** The declaration of a named type, with its documentation. */
export function declaration(type: NamedSchema, direction: Direction, nameOf: NameOf): string {
  const name = nameOf(type.name, direction)
  switch (type.type) {
    case 'enum':
      return `${docComment([type.doc])}export type ${name} = ${type.symbols.map(textLiteral).join(' | ') || 'never'}\n`
    case 'fixed':
      return `${docComment([type.doc, fixedNote(type)])}export type ${name} = string\n`
    default:
      return recordText(type, name, direction, nameOf)
  }
}

function fixedNote(type: FixedSchema): string {
  const logical = logicalTypeOf(type)?.kind
  return logical === undefined ? `${type.size} bytes in base64.` : `A ${logical} as text.`
}

function recordText(record: RecordSchema, name: string, direction: Direction, nameOf: NameOf): string {
  const note = direction === 'sent' ? `What may be sent as ${nameOf(record.name, 'given')}.` : undefined
  const doc = docComment([record.doc, note])
  // an interface without members would take anything
  if (record.fields.length === 0) return `${doc}export type ${name} = { readonly [key: string]: never }\n`
  const fields = record.fields.map((field) => fieldText(field, direction, nameOf)).join('')
  return `${doc}export interface ${name} {\n${fields}}\n`
}

function fieldText(field: Field, direction: Direction, nameOf: NameOf): string {
  const isOptional = direction === 'sent' && field.default !== undefined
  const note = isOptional ? `When left out: ${stringifyJson(field.default)}` : undefined
  const member = `${keyText(field.name)}${isOptional ? '?' : ''}: ${typeText(field.type, direction, nameOf)}`
  return `${docComment([field.doc, note], '  ')}  readonly ${member}\n`
}
