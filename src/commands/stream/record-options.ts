// What the options of produce say of every record: key, headers, partition, time, and the form of the input.
import { EvplatError } from '../../core/errors.ts'
import type { Line } from '../../stream/lines.ts'
import { encodeLine, type WrittenAs } from '../../stream/encode.ts'
import { type InputRecord, readEnvelope } from '../../stream/envelope-reader.ts'
import type { JsonForm } from '../../stream/schema-cache.ts'
import { createEncoder } from '../../avro/encode.ts'
import { parsedSchemaById } from '../../registry/parsed-schema.ts'
import { type WritingOptions, writtenAs } from './formats.ts'

export interface RecordOptions {
  readonly key: string | undefined
  readonly keySeparator: string | undefined
  readonly header: readonly string[]
  readonly partition: number | undefined
  readonly timestamp: string | undefined
  readonly input: 'lines' | 'json' | undefined
}

/** A line of input, or null for a record without a value, as a record; undefined to pass over a blank line. */
export type ReadLine = (line: Buffer | null) => InputRecord | undefined | Promise<InputRecord | undefined>

function parseHeaders(texts: readonly string[]): [string, Buffer][] {
  return texts.map((text) => {
    const at = text.indexOf('=')
    if (at <= 0) throw new EvplatError('usage', `--header takes NAME=VALUE, not "${text}"`)
    return [text.slice(0, at), Buffer.from(text.slice(at + 1))]
  })
}

function parseTimestamp(text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (!Number.isSafeInteger(time))
    throw new EvplatError('usage', `--timestamp takes ISO 8601 or milliseconds, not "${text}"`)
  return time
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 32 || byte === 9 || byte === 13)
}

/** The envelopes of `--input json`. Decoders of ids that envelopes name are made once. */
function envelopeReader(writing: WritingOptions, form: JsonForm, key: WrittenAs, value: WrittenAs): ReadLine {
  const byId = new Map<number, Promise<WrittenAs | undefined>>()
  const load = async (id: number): Promise<WrittenAs | undefined> => {
    const schema = writing.client && (await parsedSchemaById(writing.client, id))
    return schema && { kind: 'avro', schemaId: id, encode: createEncoder(schema, form) }
  }
  const schemaFor = (id: number): Promise<WrittenAs | undefined> => {
    const known = byId.get(id) ?? load(id)
    byId.set(id, known)
    return known
  }
  return (line) => (line === null || isBlank(line) ? undefined : readEnvelope(line, { key, value, schemaFor }))
}

/** How lines become records under these options. Throws `usage` for options that contradict each other. */
export async function readerFor(options: RecordOptions, writing: WritingOptions, form: JsonForm): Promise<ReadLine> {
  const keyAs = await writtenAs(writing, 'key', form)
  const valueAs = await writtenAs(writing, 'value', form)
  if (options.input === 'json') {
    if (options.key !== undefined || options.keySeparator !== undefined)
      throw new EvplatError('usage', 'with --input json the key stands in the record')
    return envelopeReader(writing, form, keyAs, valueAs)
  }
  const fixed = {
    headers: parseHeaders(options.header),
    ...(options.partition !== undefined && { partition: options.partition }),
    ...(options.timestamp !== undefined && { timestamp: parseTimestamp(options.timestamp) }),
  }
  const key = options.key === undefined ? null : encodeLine(Buffer.from(options.key), keyAs)
  const separator = options.keySeparator === undefined ? undefined : Buffer.from(options.keySeparator)
  const skipsBlank = valueAs.kind === 'avro' || valueAs.kind === 'json'
  return (line) => {
    if (line === null) return { ...fixed, key, value: null }
    if (separator === undefined)
      return skipsBlank && isBlank(line) ? undefined : { ...fixed, key, value: encodeLine(line, valueAs) }
    const at = line.indexOf(separator)
    if (at < 0) throw new EvplatError('bad-input', `no "${options.keySeparator}" between key and value`)
    const value = encodeLine(line.subarray(at + separator.length), valueAs)
    return { ...fixed, key: encodeLine(line.subarray(0, at), keyAs), value }
  }
}

/** Input of one record without a value. */
export async function* tombstone(): AsyncGenerator<Line[]> {
  yield await Promise.resolve([{ number: 1, bytes: Buffer.alloc(0) }])
}
