import { createServer } from 'node:net'
import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Json, type JsonObject, parseJson, stringifyJson } from '../../core/json.ts'
import { createTopics } from '../../kafka/admin/topics.ts'
import { withCluster } from '../../../test/support/records.ts'
import { createRegistryClient } from '../../registry/client.ts'
import { type Embedded, startEmbedded } from '../../stack/embedded/start-embedded.ts'
import type { Topics } from '../definition.ts'
import { ownDriver } from '../../kafka/driver/own-driver.ts'
import type { DriverProducer, OutRecord } from '../../kafka/driver/port.ts'
import { createLogs } from '../logging/create-logs.ts'
import type { Logs } from '../logging/words.ts'
import { createProducer } from '../producing/create-producer.ts'
import { createTracing } from '../tracing/create-tracing.ts'
import { createValues } from '../values/values.ts'
import { type Http, type HttpOptions, createHttp } from './create-http.ts'

const order = {
  type: 'record',
  name: 'shop.Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'items', type: { type: 'array', items: 'int' }, default: [] },
  ],
} as const
const events = { type: 'map', values: ['null', 'boolean', 'long', 'double', 'string'] } as const
const avro = (subject: string, schema: Json) => ({ kind: 'avro', subject, schema }) as const
const roles = { produced: true, consumed: false }
const topics: Topics = {
  events: { key: { kind: 'string' }, value: avro('events-value', events), ...roles },
  orders: { key: avro('orders-key', 'long'), value: avro('orders-value', order), ...roles },
  notes: { key: { kind: 'string' }, value: { kind: 'string' }, ...roles },
  seen: { key: { kind: 'string' }, value: { kind: 'json' }, produced: false, consumed: true },
}

interface Stage {
  readonly http: Http
  readonly url: string
  readonly embedded: Embedded
  readonly sent: OutRecord[]
  readonly lines: JsonObject[]
  /** the messages above debug */
  readonly logged: () => unknown[]
  readonly logs: Logs
  readonly values: ReturnType<typeof createValues>
  readonly close: () => Promise<void>
}

async function stage(more: Partial<HttpOptions> = {}, registered = true): Promise<Stage> {
  const embedded = await startEmbedded()
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= embedded.close())
  onTestFinished(close)
  const registry = createRegistryClient({ url: embedded.registryUrl }, { timeoutMs: 1000 })
  onTestFinished(() => registry.close())
  for (const { value, key } of registered ? Object.values(topics) : [])
    for (const side of [key, value])
      if (side.kind === 'avro') await registry.register(side.subject, { schema: stringifyJson(side.schema) })
  await withCluster(embedded.bootstrap, (cluster) =>
    createTopics(
      cluster,
      Object.keys(topics).map((name) => ({ name, partitions: 1, replication: 1, configs: [] })),
      false,
    ),
  )
  const driver = ownDriver.produce({ bootstrap: [embedded.bootstrap] }, { deliveryMs: 2000, onTrouble: () => {} })
  onTestFinished(() => driver.close(1000))
  const sent: OutRecord[] = []
  const watched: DriverProducer = {
    send: (record) => (sent.push(record), driver.send(record)),
    pendingBytes: 0,
    close: (timeoutMs) => driver.close(timeoutMs),
  }
  const values = createValues(topics, registry)
  const service = { name: 'shop', group: 'shop' }
  const lines: JsonObject[] = []
  const write = (line: string): void => void lines.push(parseJson(line) as JsonObject)
  const logs = createLogs({ service: 'shop', format: 'json', levels: { ROOT: 'debug' }, colour: false, write })
  const tracing = createTracing()
  const http = await createHttp({
    service,
    topics,
    producer: tracing.producer(createProducer(values, watched, { service, topics })),
    pendingBytes: () => driver.pendingBytes,
    log: logs.logger('http'),
    around: (request, work) => tracing.inRequest(request, work),
    host: '127.0.0.1',
    port: 0,
    ...more,
  })
  const url = await http.listen()
  onTestFinished(() => http.close())
  const logged = (): unknown[] => lines.filter(({ level }) => level !== 'debug').map(({ message }) => message)
  return { http, url, embedded, sent, lines, logged, logs, values, close }
}

async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  })
  return { status: response.status, headers: response.headers, body: parseJson(await response.text()) as JsonObject }
}

const headersOf = (record: OutRecord): Record<string, string> =>
  Object.fromEntries(record.headers.map(([name, value]) => [name, String(value)]))

describe('POST /api/produce', () => {
  test('answers where the event stands, and writes it as its schema says', async () => {
    const { url, sent, values } = await stage()
    const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const answer = await post(`${url}/api/produce`, '{"key": "value"}', { 'event-key': 'k', traceparent: trace })
    expect(answer.status).toBe(202)
    expect(answer.body).toMatchObject({ topic: 'events', partition: 0, offset: 0 })
    expect(answer.body['id']).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(await values.decode(sent[0]!, 'events')).toEqual({ kind: 'event', key: 'k', event: { key: 'value' } })
    expect(headersOf(sent[0]!)).toEqual({
      ce_specversion: '1.0',
      ce_source: '/services/shop',
      ce_type: 'events',
      'content-type': 'application/avro',
      traceparent: expect.stringMatching(/^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)[\da-f]{16}-01$/),
      ce_id: answer.body['id'],
    })
  })

  test('keeps whole numbers beyond 2^53, in bodies and keys', async () => {
    const { url, sent, values } = await stage()
    const answer = await post(`${url}/api/produce/orders?key=9007199254740995`, '{"id": 9007199254740993}')
    expect(answer.status).toBe(202)
    const event = { id: 9007199254740993n, items: [] }
    expect(await values.decode(sent[0]!, 'orders')).toEqual({ kind: 'event', key: 9007199254740995n, event })
  })

  test('sends once for an Idempotency-Key, which is the id', async () => {
    const { url, sent } = await stage()
    const again = { 'idempotency-key': 'order-1' }
    const answers = await Promise.all([1, 2].map(() => post(`${url}/api/produce`, '{"a":1}', again)))
    expect(answers[0]!.body).toEqual(answers[1]!.body)
    expect(answers[0]!.body['id']).toBe('order-1')
    expect(sent).toHaveLength(1)
    expect((await post(`${url}/api/produce`, '{"a":2}', again)).status).toBe(422)
  })

  test('tells what is wrong as a problem', async () => {
    const { url, sent } = await stage({ bodyLimit: 100 })
    const misfit = await post(`${url}/api/produce?topic=orders`, '{"id": 1, "items": [1, "x"]}')
    expect(misfit).toMatchObject({ status: 400, body: { pointer: '/items/1', title: 'Bad Request' } })
    expect(misfit.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(misfit.body['requestId']).toBe(misfit.headers.get('x-request-id'))
    expect(await post(`${url}/api/produce`, '{\n "a": }')).toMatchObject({ status: 400, body: { line: 2, column: 7 } })
    expect(await post(`${url}/api/produce/order`, '{}')).toMatchObject({
      status: 404,
      body: { hint: 'did you mean "orders"?' },
    })
    expect((await post(`${url}/api/produce/seen`, '{}')).status).toBe(404)
    expect((await post(`${url}/api/produce`, JSON.stringify('x'.repeat(200)))).status).toBe(413)
    expect(
      (await post(`${url}/api/produce`, 'a=b', { 'content-type': 'application/x-www-form-urlencoded' })).status,
    ).toBe(415)
    expect((await post(`${url}/api/produce`, 'hello', { 'content-type': 'text/plain' })).status).toBe(415)
    expect(sent).toEqual([])
    expect((await post(`${url}/api/produce/notes`, 'hello', { 'content-type': 'text/plain' })).status).toBe(202)
  })

  test('holds callers back while too much waits', async () => {
    const { url } = await stage({ pendingBytes: () => 11, mostPendingBytes: 10 })
    const answer = await post(`${url}/api/produce`, '{}')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1'])
  })

  test('answers 503 for a schema that is not registered, and for servers that are gone', async () => {
    const { url, close, logged } = await stage({}, false)
    const unregistered = await post(`${url}/api/produce`, '{}')
    expect(unregistered).toMatchObject({ status: 503, body: { hint: expect.stringContaining('`evplat apply`') } })
    await close()
    for (const [path, type] of [
      ['events', 'application/json'],
      ['notes', 'text/plain'],
    ]) {
      const gone = await post(`${url}/api/produce/${path}`, '{}', { 'content-type': type! })
      expect([gone.status, gone.headers.get('retry-after')]).toEqual([503, '5'])
    }
    expect(logged()).toHaveLength(3)
  })
})

describe('the rest of the app', () => {
  test("serves the author's routes, lists all, and hides what is a bug", async () => {
    const { url, logged } = await stage({
      routes: (app) => {
        app.get('/big', async () => ({ n: 2n ** 60n, at: new Date(0) }))
        app.get('/bug', async () => {
          throw new Error('secret')
        })
      },
    })
    expect(await (await fetch(`${url}/big`)).text()).toBe('{"n":1152921504606846976,"at":"1970-01-01T00:00:00.000Z"}')
    const bug = await fetch(`${url}/bug`, { headers: { 'x-request-id': 'r-1' } })
    expect([bug.status, bug.headers.get('x-request-id')]).toEqual([500, 'r-1'])
    expect(await bug.text()).not.toMatch(/secret|\bat /)
    expect(logged()).toEqual(['GET /bug failed: secret'])
    expect((await fetch(`${url}/none`)).headers.get('content-type')).toMatch(/^application\/problem\+json/)
    const listed = (await (await fetch(url)).json()) as { readonly endpoints: unknown }
    expect(listed.endpoints).toContainEqual({ method: 'GET', path: '/big' })
    const api = (await (await fetch(`${url}/openapi.json`)).json()) as Record<string, never>
    expect(api).toMatchObject({
      openapi: '3.1.0',
      components: { schemas: { 'shop.Order': { required: ['id'], additionalProperties: false } } },
    })
  })

  test('names a taken port, its setting and its holder', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as { readonly port: number }
    await expect(stage({ port })).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringMatching(/^port \d+ is taken by process \d+ \(.+\)$/),
      parts: { hint: expect.stringContaining('`server.port`') },
    })
  })
})
