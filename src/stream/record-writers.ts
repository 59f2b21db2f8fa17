// A record -> output, in one of three forms: envelopes (JSON lines), readable text, raw values.
import type { Style } from '../core/style.ts'
import type { RecordCursor } from '../protocol/records/cursor.ts'
import { base64Form, isPlain, quoted } from './json-text.ts'
import type { OutputBuffer } from './output-buffer.ts'
import type { SchemaCache } from './schema-cache.ts'
import { type Shown, type ShownAs, show } from './show.ts'

export interface RecordWriter {
  /** Writes one record; returns why a part of it could not be decoded. */
  write(cursor: RecordCursor, partition: number): string | undefined
}

export interface WriterOptions {
  readonly topic: string
  readonly output: OutputBuffer
  readonly key: ShownAs
  readonly value: ShownAs
  readonly schemas: SchemaCache
}

const newline = '\n'

/** The last time that ISO 8601 is written for, in milliseconds (the year 275760): nanoseconds in place of them lie beyond. */
const lastTime = 8.64e15

/** Times as JSON: ISO 8601, or the number where it has none. Those of neighbours are mostly the same: the last text is kept. */
function timeTexts(): (timestamp: number) => string {
  let last = NaN
  let text = ''
  return (timestamp) => {
    if (timestamp !== last)
      [last, text] = [
        timestamp,
        Math.abs(timestamp) <= lastTime ? `"${new Date(timestamp).toISOString()}"` : String(timestamp),
      ]
    return text
  }
}

function headersJson(cursor: RecordCursor): string {
  const shown = cursor.headers().map(([name, value]) => {
    const json = value === null ? 'null' : (quoted(value) ?? base64Form(value))
    return `[${JSON.stringify(name)},${json}]`
  })
  return `[${shown.join(',')}]`
}

function problemOf(key: Shown | undefined, value: Shown | undefined): string | undefined {
  if (key?.error !== undefined) return `key: ${key.error}`
  return value?.error === undefined ? undefined : `value: ${value.error}`
}

/** One envelope a line: the published shape `record`. */
export function envelopeWriter({ topic, output, key, value, schemas }: WriterOptions): RecordWriter {
  const start = `{"topic":${JSON.stringify(topic)},"partition":`
  const timeText = timeTexts()

  /** Writes plain ASCII text straight from the batch, and says whether it did; everything else goes through `show`. */
  const fast = (bytes: Buffer, from: number, to: number, as: ShownAs): boolean => {
    if (from < 0) {
      output.ascii('null')
      return true
    }
    const isText = as === 'string' || (as === 'auto' && (from === to || bytes[from] !== 0))
    if (!isText || !isPlain(bytes, from, to)) return false
    output.ascii('"')
    output.bytes(bytes, from, to)
    output.ascii('"')
    return true
  }

  const slow = (bytes: Buffer, as: ShownAs): Shown => {
    const shown = show(bytes, as, schemas)
    output.text(shown.json)
    return shown
  }

  return {
    write(cursor, partition) {
      const { bytes } = cursor
      output.ascii(`${start}${partition},"offset":${cursor.offset},"timestamp":${timeText(cursor.timestamp)},"key":`)
      const shownKey = fast(bytes, cursor.keyStart, cursor.keyEnd, key) ? undefined : slow(cursor.key()!, key)
      output.ascii(',"value":')
      const shownValue = fast(bytes, cursor.valueStart, cursor.valueEnd, value)
        ? undefined
        : slow(cursor.value()!, value)
      if (cursor.headerCount === 0) output.ascii(',"headers":[]')
      else output.text(`,"headers":${headersJson(cursor)}`)
      if (shownKey?.schemaId !== undefined) output.ascii(`,"keySchemaId":${shownKey.schemaId}`)
      if (shownValue?.schemaId !== undefined) output.ascii(`,"valueSchemaId":${shownValue.schemaId}`)
      const problem = problemOf(shownKey, shownValue)
      if (problem !== undefined) output.text(`,"error":${JSON.stringify(problem)}`)
      output.ascii('}\n')
      return problem
    },
  }
}

/** The value's bytes and a newline; a tombstone is an empty line. */
export function rawWriter({ output }: Pick<WriterOptions, 'output'>): RecordWriter {
  return {
    write(cursor) {
      if (cursor.valueStart >= 0) output.bytes(cursor.bytes, cursor.valueStart, cursor.valueEnd)
      output.ascii(newline)
      return undefined
    },
  }
}

/** Control characters could steer the terminal; they are shown as JSON escapes. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

function readable(shown: Shown): string {
  const text = shown.json.startsWith('"') ? (JSON.parse(shown.json) as string) : shown.json
  return text.replace(control, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A line for people: partition and offset, time, key, value, headers. */
export function textWriter({ output, key, value, schemas }: WriterOptions, style: Style): RecordWriter {
  const timeText = timeTexts()
  return {
    write(cursor, partition) {
      const keyBytes = cursor.key()
      const valueBytes = cursor.value()
      const shownKey = keyBytes ? show(keyBytes, key, schemas) : undefined
      const shownValue = valueBytes ? show(valueBytes, value, schemas) : undefined
      const place = style.dim(`${partition}:${cursor.offset}  ${timeText(cursor.timestamp).replaceAll('"', '')}`)
      const parts = [
        place,
        style.cyan(shownKey ? readable(shownKey) : '-'),
        shownValue ? readable(shownValue) : style.yellow('tombstone'),
      ]
      if (cursor.headerCount > 0) parts.push(style.dim(headersJson(cursor)))
      const problem = problemOf(shownKey, shownValue)
      if (problem !== undefined) parts.push(style.red(problem))
      output.text(parts.join('  ') + newline)
      return problem
    },
  }
}
