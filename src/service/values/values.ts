// Keys and events of the topics of a service, to bytes and back.
import { EvplatError } from '../../core/errors.ts'
import { isPromise } from '../../core/is-promise.ts'
import type { RegistryClient } from '../../registry/registry.ts'
import type { Topics } from '../definition.ts'
import { type Codec, createCodec } from './topic-codec.ts'

export interface Encoded {
  readonly key: Buffer | null
  readonly value: Buffer | null
}

/** `poison` is read by no later attempt; `away` is read when the registry is back. */
export type Decoded =
  | { readonly kind: 'event'; readonly key: unknown; readonly event: unknown }
  | { readonly kind: 'poison'; readonly error: unknown }
  | { readonly kind: 'away'; readonly error: unknown }

/** Which side of an event does not go with its schema; the AvroValueError is the cause. */
export class KeyError extends Error {
  constructor(cause: Error) {
    super(`the key: ${cause.message}`, { cause })
    this.name = 'KeyError'
  }
}

export interface Values {
  /**
   * The bytes of a key (null for none) and an event (null for a tombstone); at once where the registry was asked before. Schemas are
   * looked up, never registered. Throws, or rejects with, an AvroValueError for the event, a KeyError for the key,
   * `schema-not-registered`, and what the registry client throws.
   */
  encode(topic: string, event: unknown, key: unknown): Encoded | Promise<Encoded>
  /** Never throws for what is in a record. `topic` is the one that it was first written to. */
  decode(record: Encoded, topic: string): Decoded | Promise<Decoded>
}

/** Throws an AvroSchemaError for a schema that is none, and `usage` for one without a registry. */
export function createValues(topics: Topics, registry: RegistryClient | undefined): Values {
  const codecs = new Map<string, { readonly key: Codec; readonly value: Codec }>()
  for (const [name, { key, value }] of Object.entries(topics))
    codecs.set(name, { key: createCodec(key, registry), value: createCodec(value, registry) })
  const codecsOf = (topic: string): { readonly key: Codec; readonly value: Codec } => {
    const found = codecs.get(topic)
    if (found) return found
    throw new EvplatError('usage', `the service has no topic "${topic}"`, {
      hint: 'declare it in platform.yaml, then run `evplat types`',
    })
  }
  return {
    encode: (topic, event, key) => {
      const codec = codecsOf(topic)
      const value = codec.value.encode(event)
      if (isPromise(value)) return value.then((bytes) => encoded(keyBytes(codec.key, key), bytes))
      return encoded(keyBytes(codec.key, key), value)
    },
    decode: (record, topic) => {
      const codec = codecsOf(topic)
      try {
        const key = codec.key.decode(record.key)
        const decoded = isPromise(key)
          ? key.then((known) => withKey(codec.value, known, record.value))
          : withKey(codec.value, key, record.value)
        return isPromise(decoded) ? Promise.resolve(decoded).catch(unread) : decoded
      } catch (error) {
        return unread(error)
      }
    },
  }
}

function encoded(key: Buffer | null | Promise<Buffer>, value: Buffer | null): Encoded | Promise<Encoded> {
  return isPromise(key) ? key.then((known) => ({ key: known, value })) : { key, value }
}

function withKey(codec: Codec, key: unknown, bytes: Buffer | null): Decoded | PromiseLike<Decoded> {
  const event = codec.decode(bytes)
  const whole = (known: unknown): Decoded => ({ kind: 'event', key, event: known })
  return isPromise(event) ? event.then(whole) : whole(event)
}

const unread = (error: unknown): Decoded => ({ kind: error instanceof EvplatError ? 'away' : 'poison', error })

function keyBytes(codec: Codec, key: unknown): Buffer | null | Promise<Buffer> {
  const refused = (thrown: unknown): never => {
    if (thrown instanceof EvplatError || !(thrown instanceof Error)) throw thrown
    throw new KeyError(thrown)
  }
  try {
    const bytes = codec.encode(key)
    return isPromise(bytes) ? bytes.catch(refused) : bytes
  } catch (thrown) {
    return refused(thrown)
  }
}
