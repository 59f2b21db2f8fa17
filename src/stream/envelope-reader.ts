// A line of `produce --input json` -> a record: the published shape that `consume -o json` writes.
import { didYouMean } from '../core/did-you-mean.ts'
import { EvplatError, messageOf } from '../core/errors.ts'
import { memberTexts } from '../core/json-members.ts'
import { type Json, type JsonObject, isJsonArray, isJsonObject, parseJson } from '../core/json.ts'
import { type WrittenAs, encodeJson } from './encode.ts'
import { withSchemaId } from '../avro/wire-format.ts'

export interface InputRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly (readonly [string, Buffer | null])[]
  readonly partition?: number
  /** milliseconds since 1970 */
  readonly timestamp?: number
}

const keys = [
  'topic',
  'partition',
  'offset',
  'timestamp',
  'key',
  'value',
  'headers',
  'keySchemaId',
  'valueSchemaId',
  'error',
]

export interface EnvelopeOptions {
  readonly key: WrittenAs
  readonly value: WrittenAs
  /** how to write with the schema of an id that an envelope names, if the registry knows it */
  schemaFor(id: number): Promise<WrittenAs | undefined>
}

function at<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    const inner = /^(\$[^:]*): /.exec(messageOf(thrown))
    const rest = inner ? messageOf(thrown).slice(inner[0].length) : messageOf(thrown)
    throw new EvplatError('bad-input', `${path}${inner ? inner[1]!.slice(1) : ''}: ${rest}`)
  }
}

function headersOf(value: Json | undefined): [string, Buffer | null][] {
  if (value === undefined || value === null) return []
  if (!isJsonArray(value)) throw new EvplatError('bad-input', '$.headers: expected a list of [name, value] pairs')
  return value.map((pair, i) => {
    const [name, content] = isJsonArray(pair) ? pair : []
    if (!isJsonArray(pair) || pair.length !== 2 || typeof name !== 'string')
      throw new EvplatError('bad-input', `$.headers[${i}]: expected [name, value]`)
    return [name, at(`$.headers[${i}][1]`, () => encodeJson(content ?? null, { kind: 'bytes' }))]
  })
}

function timestampOf(value: Json | undefined): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const time = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : NaN
  if (!Number.isSafeInteger(time))
    throw new EvplatError('bad-input', '$.timestamp: expected an ISO 8601 time or milliseconds')
  return time
}

function partitionOf(value: Json | undefined): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw new EvplatError('bad-input', '$.partition: expected a partition number')
  return value
}

function parseEnvelope(line: string): JsonObject {
  const envelope = parseJson(line)
  if (!isJsonObject(envelope))
    throw new EvplatError('bad-input', '$: expected a record as `evplat consume -o json` prints it')
  for (const key of Object.keys(envelope)) {
    if (keys.includes(key)) continue
    throw new EvplatError('bad-input', `$.${key}: not a part of a record`, {
      hint: didYouMean(key, keys) || `a record has ${keys.join(', ')}`,
    })
  }
  if (!('value' in envelope)) throw new EvplatError('bad-input', '$.value: missing; null writes a tombstone')
  return envelope
}

async function chooseFormat(id: Json | undefined, declared: WrittenAs, options: EnvelopeOptions): Promise<WrittenAs> {
  return typeof id === 'number' ? ((await options.schemaFor(id)) ?? declared) : declared
}

/** Null is a tombstone, unless the envelope names the schema that null is a value of. */
function encodeSide(value: Json, id: Json | undefined, as: WrittenAs, text: () => string): Buffer | null {
  return value === null && typeof id === 'number' && as.kind === 'avro'
    ? withSchemaId(as.schemaId, as.encode(null))
    : encodeJson(value, as, text)
}

/** The record of one line. Throws `bad-input` with the JSON path of what does not fit. */
export async function readEnvelope(line: Buffer, options: EnvelopeOptions): Promise<InputRecord> {
  const text = line.toString('utf8')
  const envelope = parseEnvelope(text)
  const textOf = (side: 'key' | 'value') => (): string => memberTexts(text).get(side)!
  const keyAs = await chooseFormat(envelope['keySchemaId'], options.key, options)
  const valueAs = await chooseFormat(envelope['valueSchemaId'], options.value, options)
  const partition = partitionOf(envelope['partition'])
  const timestamp = timestampOf(envelope['timestamp'])
  return {
    key: at('$.key', () => encodeSide(envelope['key'] ?? null, envelope['keySchemaId'], keyAs, textOf('key'))),
    value: at('$.value', () => encodeSide(envelope['value']!, envelope['valueSchemaId'], valueAs, textOf('value'))),
    headers: headersOf(envelope['headers']),
    ...(partition !== undefined && { partition }),
    ...(timestamp !== undefined && { timestamp }),
  }
}
