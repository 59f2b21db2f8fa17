// OpenAPI 3.1 of what a service takes, from the schemas of its topics. Pure.
import { parseSchema } from '../../avro/parse.ts'
import { type JsonObject, stringifyJson } from '../../core/json.ts'
import type { TopicFormat, Topics } from '../definition.ts'
import { type Definitions, jsonSchemaOf } from './json-schema.ts'

/** The document; the first of `produced` is the topic of `POST /api/produce`. */
export function openApiOf(service: string, topics: Topics, produced: readonly string[]): JsonObject {
  const definitions: Definitions = new Map()
  const paths = produced.map((name) => [
    `/api/produce/${name}`,
    { post: operation(`produce-${name}`, `Sends an event to the topic "${name}"`, topics[name]!.value, definitions) },
  ])
  const [first] = produced
  if (first !== undefined)
    paths.unshift([
      '/api/produce',
      { post: operation('produce', `Sends an event to the topic "${first}"`, topics[first]!.value, definitions) },
    ])
  return {
    openapi: '3.1.0',
    info: { title: service, version: '1' },
    paths: Object.fromEntries(paths) as JsonObject,
    components: { schemas: { ...Object.fromEntries(definitions), 'evplat.Sent': sent, 'evplat.Problem': problem } },
  }
}

function operation(id: string, summary: string, format: TopicFormat, definitions: Definitions): JsonObject {
  return {
    operationId: id,
    summary,
    parameters: [
      { name: 'Event-Key', in: 'header', schema: { type: 'string' }, description: 'the key of the record' },
      { name: 'key', in: 'query', schema: { type: 'string' }, description: 'the same' },
      {
        name: 'Idempotency-Key',
        in: 'header',
        schema: { type: 'string', maxLength: 200 },
        description: 'becomes the id of the event; repeated, it sends nothing again and answers the same',
      },
    ],
    requestBody: { required: true, content: contentOf(format, definitions) },
    responses: {
      202: {
        description: 'the brokers have acknowledged the event',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/evplat.Sent' } } },
      },
      ...refusals,
    },
  }
}

function contentOf(format: TopicFormat, definitions: Definitions): JsonObject {
  switch (format.kind) {
    case 'avro': {
      const schema = parseSchema(stringifyJson(format.schema), { lenient: true })
      return { 'application/json': { schema: jsonSchemaOf(schema, definitions) } }
    }
    case 'json':
      return { 'application/json': { schema: {} } }
    case 'string':
      return { 'text/plain': { schema: { type: 'string' } }, 'application/json': { schema: { type: 'string' } } }
    case 'bytes':
      return { 'application/octet-stream': {} }
  }
}

const sent: JsonObject = {
  type: 'object',
  properties: {
    topic: { type: 'string' },
    partition: { type: 'integer' },
    offset: { type: 'integer', format: 'int64' },
    timestamp: { type: 'string', format: 'date-time' },
    id: { type: 'string' },
  },
  required: ['topic', 'partition', 'offset', 'timestamp', 'id'],
}

const problem: JsonObject = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    pointer: { type: 'string', description: 'JSON pointer into the body' },
    line: { type: 'integer' },
    column: { type: 'integer' },
    hint: { type: 'string' },
    requestId: { type: 'string' },
  },
  required: ['type', 'title', 'status', 'detail', 'requestId'],
}

const refusal = (description: string): JsonObject => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/evplat.Problem' } } },
})

const refusals: JsonObject = {
  400: refusal('the body does not go with the schema of the topic'),
  413: refusal('the body is too large'),
  415: refusal('the body is of another content type'),
  422: refusal('the Idempotency-Key was used for another event'),
  429: refusal('too much waits for its acknowledgement; Retry-After says when to come back'),
  503: refusal('the broker or the registry is away; Retry-After says when to come back'),
}
