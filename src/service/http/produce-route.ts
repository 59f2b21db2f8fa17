// `POST /api/produce`: the body is an event; the answer comes when the brokers have acknowledged it.
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { didYouMean } from '../../core/did-you-mean.ts'
import { type Json, isJsonObject, parseJson, stringifyJson } from '../../core/json.ts'
import type { Producer, Sent, TopicFormat, Topics } from '../definition.ts'
import { ProblemError } from './problem.ts'
import { createRemembered } from './remembered.ts'

export interface ProduceParts {
  readonly topics: Topics
  readonly producer: Producer<Topics>
  /** bytes that wait for their acknowledgement, and how many may */
  readonly pendingBytes: () => number
  readonly mostPendingBytes: number
  /** topic -> the field of its events that is the key where the request names none */
  readonly keyFields: Readonly<Record<string, string>>
  /** answers under an `Idempotency-Key` that are remembered */
  readonly mostRemembered: number
}

type Query = Readonly<Record<string, string | string[] | undefined>>

/** The topics that may be produced, the default first. */
export function producedTopics(topics: Topics): string[] {
  return Object.keys(topics).filter((name) => topics[name]!.produced)
}

export function addProduceRoutes(app: FastifyInstance, parts: ProduceParts): void {
  const remembered = createRemembered<Sent>(parts.mostRemembered)
  const produce = (request: FastifyRequest, name: string | undefined): Promise<Sent> => {
    if (parts.pendingBytes() > parts.mostPendingBytes) throw tooMuch()
    const topic = topicOf(parts.topics, name)
    const format = parts.topics[topic]!
    const event = eventOf(request, format.value)
    const key = keyOf(request, format.key) ?? fieldKey(event, parts.keyFields[topic])
    if (event === null && key === undefined) throw badRequest('a tombstone (null) needs a key')
    const id = idempotencyKey(request)
    if (id === undefined) return parts.producer.send(topic, event, { key })
    const send = (): Promise<Sent> => parts.producer.send(topic, event, { key, id })
    return remembered.once(`${topic} ${id}`, fingerprintOf(event, key), send)
  }
  // what is answered is one promise away from the acknowledgement: each more is told to the storage of what is under way
  app.post('/api/produce', (request, reply) => {
    void reply.code(202)
    return produce(request, first((request.query as Query)['topic']))
  })
  app.post('/api/produce/:topic', (request, reply) => {
    void reply.code(202)
    return produce(request, (request.params as { readonly topic: string }).topic)
  })
}

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value)

const badRequest = (detail: string): ProblemError => new ProblemError({ status: 400, title: 'Bad Request', detail })

function tooMuch(): ProblemError {
  const detail = 'too many events wait for their acknowledgement'
  return new ProblemError({ status: 429, title: 'Too Many Requests', detail, retryAfter: 1 })
}

function topicOf(topics: Topics, name: string | undefined): string {
  const produced = producedTopics(topics)
  const topic = name ?? produced[0]
  if (topic !== undefined && produced.includes(topic)) return topic
  const detail = topic === undefined ? 'this service produces no topic' : `this service does not produce "${topic}"`
  const hint = didYouMean(topic ?? '', produced) || (produced.length > 0 ? `it produces ${produced.join(', ')}` : '')
  throw new ProblemError({ status: 404, title: 'Not Found', detail, ...(hint !== '' && { hint }) })
}

function eventOf({ body, headers }: FastifyRequest, { kind }: TopicFormat): unknown {
  const type = headers['content-type']
  if (body === undefined) throw badRequest('the request has no body')
  const isText = type?.startsWith('text/plain') ?? false
  const fits = Buffer.isBuffer(body) ? kind === 'bytes' : isText ? kind === 'string' : kind !== 'bytes'
  if (fits) return body
  const wanted = kind === 'bytes' ? 'application/octet-stream' : kind === 'string' ? 'text/plain' : 'application/json'
  const detail = `the topic takes ${wanted}, not ${type}`
  throw new ProblemError({ status: 415, title: 'Unsupported Media Type', detail })
}

/** The key of the request: text, or the JSON of a key that is no text. */
function keyOf(request: FastifyRequest, format: TopicFormat): unknown {
  const text = first(request.headers['event-key']) ?? first((request.query as Query)['key'])
  if (text === undefined) return undefined
  if (format.kind === 'bytes') return Buffer.from(text)
  if (format.kind === 'string' || (format.kind === 'avro' && isStringSchema(format.schema))) return text
  try {
    return parseJson(text)
  } catch {
    throw badRequest('the key is no JSON, and this topic has keys that are no plain text')
  }
}

function isStringSchema(schema: Json): boolean {
  return schema === 'string' || (isJsonObject(schema) && schema['type'] === 'string')
}

function fieldKey(event: unknown, field: string | undefined): unknown {
  if (field === undefined || typeof event !== 'object' || event === null || !Object.hasOwn(event, field))
    return undefined
  const key = (event as Readonly<Record<string, unknown>>)[field]
  return typeof key === 'number' || typeof key === 'bigint' ? String(key) : key
}

function idempotencyKey(request: FastifyRequest): string | undefined {
  const id = first(request.headers['idempotency-key'])
  if (id === undefined) return undefined
  if (/^[\x21-\x7e]{1,200}$/.test(id)) return id
  throw badRequest('the Idempotency-Key has to be 1 to 200 visible ASCII characters')
}

function fingerprintOf(event: unknown, key: unknown): string {
  const hash = createHash('sha256')
  for (const part of [event, key ?? null])
    hash.update(part instanceof Uint8Array ? part : stringifyJson(part as Json)).update('\0')
  return hash.digest('base64')
}
