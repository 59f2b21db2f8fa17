// Bytes <-> events of one side of a topic, key or value, by its format. A null is no bytes at all, whatever the format: a tombstone.
import { inlinedText } from '../../avro/canonical.ts'
import { createDecoder } from '../../avro/decode.ts'
import { createEncoder } from '../../avro/encode.ts'
import { parseSchema } from '../../avro/parse.ts'
import type { Schema } from '../../avro/schema.ts'
import { AvroValueError, describeValue } from '../../avro/value-error.ts'
import { prefixOfSchemaId, schemaIdOf, wirePrefix } from '../../avro/wire-format.ts'
import { EvplatError, messageOf } from '../../core/errors.ts'
import { isPromise } from '../../core/is-promise.ts'
import { type Json, parseJson, stringifyJson } from '../../core/json.ts'
import { parseRegistered, parsedSchemaById } from '../../registry/parsed-schema.ts'
import type { RegistryClient } from '../../registry/registry.ts'
import type { TopicFormat } from '../definition.ts'
import { PoisonError } from './poison-error.ts'

/** What needs no answer of the registry is there at once. What is thrown may be rejected with as well. */
export interface Codec {
  /** Throws an AvroValueError for what does not go with the format, and what the registry client throws. */
  encode(value: unknown): Buffer | null | Promise<Buffer>
  /** Throws a PoisonError for what no later attempt will read, and what the registry client throws. */
  decode(bytes: Buffer | null): unknown
}

type AvroFormat = Extract<TopicFormat, { kind: 'avro' }>

/** Throws `usage` for a schema without a registry to find its id in. */
export function createCodec(format: TopicFormat, registry: RegistryClient | undefined): Codec {
  if (format.kind !== 'avro') return plainCodec(format.kind)
  if (registry) return avroCodec(format, registry)
  throw new EvplatError('usage', `"${format.subject}" has an Avro schema, and no Schema Registry is set`, {
    hint: 'set `schemaRegistry.url` in application.yaml, or SCHEMA_REGISTRY_URL',
  })
}

function plainCodec(kind: 'string' | 'json' | 'bytes'): Codec {
  return {
    encode: (value) => (value === null ? null : plainBytes(kind, value)),
    decode: (bytes) => (bytes === null ? null : plainValue(kind, bytes)),
  }
}

function plainBytes(kind: 'string' | 'json' | 'bytes', value: unknown): Buffer {
  if (kind === 'bytes') {
    if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    throw new AvroValueError('$', 'bytes', describeValue(value as Json))
  }
  if (kind === 'json') return Buffer.from(stringifyJson(value as Json))
  if (typeof value === 'string') return Buffer.from(value)
  throw new AvroValueError('$', 'a string', describeValue(value as Json))
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function plainValue(kind: 'string' | 'json' | 'bytes', bytes: Buffer): unknown {
  if (kind === 'bytes') return bytes
  try {
    const text = utf8.decode(bytes)
    return kind === 'string' ? text : parseJson(text)
  } catch (thrown) {
    throw new PoisonError(`the bytes are no ${kind === 'string' ? 'UTF-8 text' : 'JSON'}`, thrown)
  }
}

function avroCodec(format: AvroFormat, registry: RegistryClient): Codec {
  const reader = parseSchema(stringifyJson(format.schema), { lenient: true })
  const toBinary = createEncoder(reader)
  const ownPrefix = once(async () => prefixOfSchemaId(await registeredId(format, reader, registry)))
  const decoders = new Map<number, () => Decode | Promise<Decode>>()
  const decoderOf = (writer: number): Decode | Promise<Decode> => {
    const known = decoders.get(writer)
    if (known) return known()
    const made = once(() => compileDecoder(registry, writer, reader))
    decoders.set(writer, made)
    return made()
  }
  return {
    encode: (value) => {
      if (value === null) return null
      const prefix = ownPrefix()
      if (!isPromise(prefix)) return toBinary(value as Json, prefix)
      // what does not go with the schema does so whatever the registry says
      const binary = toBinary(value as Json)
      return prefix.then((known) => Buffer.concat([known, binary]))
    },
    decode: (bytes) => {
      if (bytes === null) return null
      const writer = schemaIdOf(bytes, 0, bytes.length)
      if (writer === undefined || writer < 0) throw new PoisonError('the bytes do not begin with the id of a schema')
      const decode = decoderOf(writer)
      const read = (known: Decode): Json => decodeWith(known, writer, bytes)
      return isPromise(decode) ? decode.then(read) : read(decode)
    },
  }
}

type Decode = (bytes: Buffer, start: number) => Json

function decodeWith(decode: Decode, writer: number, bytes: Buffer): Json {
  try {
    return decode(bytes, wirePrefix)
  } catch (thrown) {
    throw new PoisonError(`the bytes are no value of the schema with id ${writer}: ${messageOf(thrown)}`, thrown)
  }
}

/** Asks until there has been an answer, one question at a time; then the answer is there at once. */
function once<T>(ask: () => Promise<T>): () => T | Promise<T> {
  let answer: { readonly value: T } | undefined
  let asking: Promise<T> | undefined
  const asked = async (): Promise<T> => {
    try {
      const value = await ask()
      answer = { value }
      return value
    } finally {
      asking = undefined
    }
  }
  return () => (answer ? answer.value : (asking ??= asked()))
}

/** The id of the service's schema: what the registry says at once, else the version that means the same (it may use references). */
async function registeredId(format: AvroFormat, schema: Schema, registry: RegistryClient): Promise<number> {
  const found = await registry.lookup(format.subject, { schema: stringifyJson(format.schema) })
  if (found) return found.id
  const canonical = inlinedText(schema)
  for (const number of ((await registry.versions(format.subject)) ?? []).toReversed()) {
    const version = await registry.version(format.subject, number)
    if (version?.type === 'AVRO' && inlinedText(await parseRegistered(registry, version)) === canonical)
      return version.id
  }
  throw new EvplatError('schema-not-registered', `the schema of subject "${format.subject}" is not registered`, {
    hint: 'run `evplat apply`; where the schema was changed, `evplat types` before it',
    details: { subject: format.subject },
  })
}

async function compileDecoder(registry: RegistryClient, id: number, reader: Schema): Promise<Decode> {
  const writer = await parsedSchemaById(registry, id)
  if (!writer) throw new PoisonError(`the registry has no Avro schema with id ${id}`)
  return createDecoder(writer, 'plain', reader)
}
