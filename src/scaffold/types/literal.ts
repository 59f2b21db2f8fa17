// JSON -> the text of the same value in TypeScript.
import { type Json, isJsonArray, isJsonObject } from '../../core/json.ts'

const widest = 100

/** Text as a literal of TypeScript, in single quotes. */
export function textLiteral(text: string): string {
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)
  return `'${inner}'`
}

/** A name as the key of a literal or a member of a type: quoted only where it must be. */
export function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : textLiteral(name)
}

/** `__proto__: x` in an object literal would set the prototype. */
const ownKey = (name: string): string => (name === '__proto__' ? "['__proto__']" : keyText(name))

/** A literal of the value: on one line where that is short, else a line for each part. Whole numbers beyond 2^53 are bigints. */
export function literal(value: Json, indent = ''): string {
  if (typeof value === 'string') return textLiteral(value)
  if (typeof value === 'bigint') return `${value}n`
  if (isJsonArray(value)) return bracketed(['[', ']'], indent, (inner) => value.map((item) => literal(item, inner)))
  if (!isJsonObject(value)) return Object.is(value, -0) ? '-0' : JSON.stringify(value)
  const entries = Object.entries(value)
  return bracketed(['{ ', ' }'], indent, (inner) =>
    entries.map(([key, part]) => `${ownKey(key)}: ${literal(part, inner)}`),
  )
}

type Brackets = readonly [open: string, close: string]

function bracketed([open, close]: Brackets, indent: string, partsAt: (indent: string) => string[]): string {
  const inner = `${indent}  `
  const parts = partsAt(inner)
  if (parts.length === 0) return open.trim() + close.trim()
  const line = open + parts.join(', ') + close
  if (!line.includes('\n') && indent.length + line.length <= widest) return line
  return `${open.trim()}\n${parts.map((part) => `${inner}${part},\n`).join('')}${indent}${close.trim()}`
}
