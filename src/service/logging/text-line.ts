// A line for people: 12:34:56.789 INFO  listeners.orders.placed  received  topic=orders.placed partition=0
import { type Json, type JsonObject, isJsonObject, stringifyJson } from '../../core/json.ts'
import type { Style } from '../../core/style.ts'
import { shortened } from './shortened.ts'

export interface Line {
  /** milliseconds since 1970 */
  readonly time: number
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly logger: string
  readonly message: string
  readonly fields: JsonObject
}

const longestValue = 200
// C0, DEL, C1, separators of lines, and what turns the direction of text around
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const steering = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** Text that can neither begin a line nor steer a terminal, whatever it was. */
export function harmless(text: string): string {
  return text.replace(steering, (char) => {
    if (char === '\n') return '\\n'
    if (char === '\t') return '\\t'
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** The line with its ending; stacks of errors follow it, indented. Time is that of this machine. */
export function textLine(line: Line, style: Style): string {
  const values: string[] = []
  const errors: string[] = []
  for (const [name, value] of Object.entries(line.fields))
    if (isError(value)) errors.push(...errorLines(value, ''))
    else values.push(`${style.dim(`${harmless(name)}=`)}${valueText(value)}`)
  const parts = [harmless(line.message), values.join(' ')].filter((part) => part !== '')
  const level = colourOf(line.level, style)(line.level.toUpperCase().padEnd(5))
  const head = `${style.dim(clockText(line.time))} ${level} ${style.cyan(harmless(line.logger))}`
  return [[head, ...parts].join('  '), ...errors.map((each) => `    ${harmless(each)}`), ''].join('\n')
}

function colourOf(level: Line['level'], style: Style): (text: string) => string {
  const colours = { debug: style.dim, info: style.green, warn: style.yellow, error: style.red }
  return colours[level]
}

function clockText(time: number): string {
  const date = new Date(time)
  const two = (value: number): string => String(value).padStart(2, '0')
  const seconds = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** A value that has blanks, quotes or an equals sign is quoted: it can't be taken for another field. */
function valueText(value: Json): string {
  const text = typeof value === 'string' ? value : stringifyJson(value)
  const short = harmless(shortened(text, longestValue))
  return typeof value === 'string' && /^$|[\s"=]/.test(short) ? `"${short.replaceAll('"', '\\"')}"` : short
}

function isError(value: Json): value is JsonObject {
  return isJsonObject(value) && typeof value['name'] === 'string' && typeof value['message'] === 'string'
}

/** What a user can act on needs no stack. */
function errorLines(error: JsonObject, prefix: string): string[] {
  const { name, message, code, stack, hint, cause, errors } = error
  const isOurs = name === 'EvplatError'
  const fact = isOurs ? `${String(code)}: ${String(message)}` : `${String(name)}: ${String(message)}`
  const told = !isOurs && typeof stack === 'string' && stack !== '' ? stack.split('\n') : [fact]
  const lines = told.map((line, index) => (index === 0 ? `${prefix}${line}` : line))
  if (!isOurs && code !== undefined) lines[0] += ` [${String(code)}]`
  if (typeof hint === 'string') lines.push(`hint: ${hint}`)
  const inner = [cause, ...(Array.isArray(errors) ? (errors as readonly Json[]) : [])]
  for (const each of inner)
    if (each !== undefined)
      lines.push(...(isError(each) ? errorLines(each, 'caused by: ') : [`caused by: ${valueText(each)}`]))
  return lines
}
