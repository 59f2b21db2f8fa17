import { createServer } from 'node:net'
import { once } from 'node:events'
import type { FastifyInstance } from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import { post, stage } from '../../../test/support/http-stage.ts'
import { withCluster } from '../../../test/support/records.ts'
import { deleteTopics } from '../../kafka/admin/topics.ts'
import type { OutRecord } from '../../kafka/driver/port.ts'

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

  test('takes bytes as they are, and only where a topic has them', async () => {
    const { url, sent } = await stage()
    const bytes = { 'content-type': 'application/octet-stream', 'event-key': 'k' }
    const answer = await fetch(`${url}/api/produce/blobs`, {
      method: 'POST',
      body: Buffer.from([0, 255]),
      headers: bytes,
    })
    expect(answer.status).toBe(202)
    expect([sent[0]!.key, sent[0]!.value]).toEqual([Buffer.from('k'), Buffer.from([0, 255])])
    expect(await post(`${url}/api/produce/events`, '{}', bytes)).toMatchObject({
      status: 415,
      body: { detail: 'the topic takes application/json, not application/octet-stream' },
    })
    expect((await post(`${url}/api/produce/blobs`, '{}')).status).toBe(415)
  })

  test('takes the key from the configured field, unless the request names one', async () => {
    const { url, sent } = await stage({ keyFields: { events: 'customer' } })
    for (const body of ['{"customer": "c-1"}', '{"customer": 9007199254740993}', '{"other": 1}'])
      expect((await post(`${url}/api/produce`, body)).status).toBe(202)
    await post(`${url}/api/produce`, '{"customer": "c-1"}', { 'event-key': 'own' })
    expect(sent.map(({ key }) => key?.toString())).toEqual(['c-1', '9007199254740993', undefined, 'own'])
  })

  test('answers 502, and tells the log why, where the broker refuses the event', async () => {
    const { url, embedded, lines } = await stage()
    await withCluster(embedded.bootstrap, (cluster) => deleteTopics(cluster, ['events']))
    const answer = await post(`${url}/api/produce`, '{}')
    expect(answer).toMatchObject({ status: 502, body: { title: 'Bad Gateway' } })
    expect(JSON.stringify(answer.body)).not.toContain('127.0.0.1')
    expect(lines.find(({ level }) => level === 'warn')).toMatchObject({ requestId: answer.body['requestId'] })
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

  test('names the setting where the system keeps the port', async () => {
    const refused = Object.assign(new Error('listen EACCES'), { code: 'EACCES' })
    const routes = (app: FastifyInstance): void => void app.addHook('onReady', () => Promise.reject(refused))
    await expect(stage({ routes })).rejects.toMatchObject({
      code: 'port-taken',
      message: 'this user may not listen on port 0',
      parts: { hint: expect.stringContaining('SERVER_PORT') },
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
