import { type Socket, connect, createServer } from 'node:net'
import { EventEmitter, once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { createArrayLog } from '../../test/support/array-log.ts'
import { type TestRegistry, callHttp, startTestRegistry } from '../../test/support/registry-server.ts'
import { maxBodyBytes } from './http/body.ts'
import { startRegistryServer } from './start.ts'

const started: { close(): Promise<void> }[] = []
async function start(...args: Parameters<typeof startTestRegistry>): Promise<TestRegistry> {
  const registry = await startTestRegistry(...args)
  started.push(registry)
  return registry
}
afterEach(async () => {
  for (const server of started.splice(0)) await server.close()
})

/** What a server answers to bytes, until it closes the connection or `enough` is in the answer. */
async function raw(url: string, text: string, enough?: string): Promise<string> {
  const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (piece: Buffer) => {
    answer += piece.toString()
    if (enough !== undefined && answer.includes(enough)) socket.destroy()
  })
  socket.write(text)
  await once(socket, 'close')
  return answer
}

describe('content types', () => {
  test.each([
    'application/vnd.schemaregistry.v1+json',
    'application/vnd.schemaregistry+json',
    'application/json; charset=utf-8',
    'application/octet-stream',
    'APPLICATION/JSON',
  ])('a body of type %s is read', async (type) => {
    const registry = await start()
    const answer = await registry.call('POST', '/subjects/a/versions', { schema: '"int"' }, { 'content-type': type })
    expect(answer).toMatchObject({ status: 200, body: { id: 1 } })
  })

  test('a body without a type is read; one of another type, or packed, is refused', async () => {
    const registry = await start()
    const body = '{"schema":"\\"int\\""}'
    const head = `POST /subjects/a/versions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`
    expect(await raw(registry.url, head + body)).toContain('{"id":1}')
    for (const headers of [{ 'content-type': 'text/plain' }, { 'content-encoding': 'gzip' }])
      expect(await registry.call('POST', '/subjects/a/versions', body, headers)).toMatchObject({
        status: 415,
        body: { error_code: 415 },
      })
  })

  test.each([
    [undefined, 'application/vnd.schemaregistry.v1+json'],
    ['*/*', 'application/vnd.schemaregistry.v1+json'],
    ['application/*;q=0.5', 'application/vnd.schemaregistry.v1+json'],
    ['application/json', 'application/json'],
    ['text/html, application/json;q=0.9, */*;q=0.1', 'application/json'],
    ['application/vnd.schemaregistry+json, application/json', 'application/vnd.schemaregistry+json'],
    ['application/vnd.schemaregistry.v1+json;q=0, */*', 'application/vnd.schemaregistry+json'],
  ])('who accepts %s gets %s, also with an error', async (accept, type) => {
    const registry = await start()
    const headers = accept === undefined ? {} : { accept }
    for (const path of ['/subjects', '/subjects/none/versions'])
      expect((await registry.call('GET', path, undefined, headers)).headers['content-type']).toBe(type)
  })

  test.each(['text/html', 'application/xml', 'application/json;q=0'])(
    'who accepts only %s gets 406',
    async (accept) => {
      const registry = await start()
      const answer = await registry.call('GET', '/subjects', undefined, { accept })
      expect(answer).toMatchObject({ status: 406, body: { error_code: 406 } })
    },
  )
})

describe('the rim of HTTP', () => {
  test.each([
    ['GET', '/nothing', 404],
    ['GET', '/subjects/a/b/c/d', 404],
    ['GET', '/subjects//versions', 404],
    ['POST', '/subjects/a/versions/1', 405],
    ['PATCH', '/config', 405],
    ['GET', '/subjects/%ZZ/versions', 400],
    ['GET', '/subjects/%FF/versions', 400],
  ])('%s %s is %d with the error of a registry', async (method, path, status) => {
    const registry = await start()
    const answer = await registry.call(method, path)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ error_code: status, message: expect.any(String) })
    if (status === 405) expect(answer.headers['allow']).toMatch(/GET|DELETE/)
  })

  test('HEAD answers like GET, without the body', async () => {
    const registry = await start()
    const get = await registry.call('GET', '/subjects')
    const head = await registry.call('HEAD', '/subjects')
    expect(head).toMatchObject({ status: 200, text: '' })
    expect(head.headers['content-length']).toBe(get.headers['content-length'])
  })

  test('a slash at the end and the absolute form of a request are understood', async () => {
    const registry = await start()
    expect((await registry.call('GET', '/subjects/')).body).toEqual([])
    expect((await registry.call('GET', `${registry.url}/subjects`)).body).toEqual([])
    expect((await registry.call('GET', registry.url)).body).toEqual({})
  })

  test.each([
    ['not json', '{"schema":'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['nothing', ''],
    ['too deep', `{"metadata":${'['.repeat(2000)}${']'.repeat(2000)}}`],
    ['a schema that is no text', '{"schema":{"type":"int"}}'],
    ['references that are none', '{"schema":"\\"int\\"","references":{"a":1}}'],
    ['an id that is no number', '{"schema":"\\"int\\"","id":"7"}'],
    ['metadata that is no object', '{"schema":"\\"int\\"","metadata":[]}'],
    ['a type that is no text', '{"schema":"\\"int\\"","schemaType":1}'],
  ])('a body with %s is 400', async (_, body) => {
    const registry = await start()
    for (const path of ['/subjects/a/versions', '/compatibility/subjects/a/versions'])
      expect(await registry.call('POST', path, body)).toMatchObject({ status: 400, body: { error_code: 400 } })
    expect((await registry.call('GET', '/subjects')).body).toEqual([])
  })

  test('a body that is no UTF-8 is 400', async () => {
    const registry = await start()
    const head = 'POST /subjects/a/versions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\n'
    const socket = connect(Number(new URL(registry.url).port), '127.0.0.1')
    const pieces: Buffer[] = []
    socket.on('data', (piece) => pieces.push(piece))
    socket.write(head)
    socket.write(Buffer.from([0xff]))
    await once(socket, 'close')
    expect(Buffer.concat(pieces).toString()).toContain('"error_code":400')
  })

  test('a body over the limit is 413, told or not, and the connection ends', async () => {
    const registry = await start()
    const large = 'x'.repeat(maxBodyBytes + 1)
    expect(await registry.call('POST', '/subjects/a/versions', large)).toMatchObject({ status: 413 })
    const chunked = await raw(
      registry.url,
      `POST /subjects/a/versions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${large.length.toString(16)}\r\n${large}\r\n`,
    )
    expect(chunked).toContain('413 Payload Too Large')
    expect(chunked.toLowerCase()).toContain('connection: close')
  })

  test('what is no HTTP, or has a header without end, is turned away', async () => {
    const registry = await start()
    expect(await raw(registry.url, 'hello\r\n\r\n')).toContain('400 Bad Request')
    expect(await raw(registry.url, `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`)).toContain('431')
    expect((await registry.call('GET', '/subjects')).status).toBe(200)
  })

  test('several requests go over one connection, in one go too', async () => {
    const registry = await start()
    const get = 'GET /subjects HTTP/1.1\r\nHost: x\r\n\r\n'
    const last = 'GET /config HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    const answer = await raw(registry.url, get + get + last)
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3)
  })
})

describe('start and stop', () => {
  test('listens on the loopback only', async () => {
    const registry = await start()
    expect(registry.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  test('a port that is taken is told by its number', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' ? address!.port : 0
    await expect(startRegistryServer({ log: createArrayLog(), port })).rejects.toMatchObject({
      code: 'port-taken',
      message: `port ${port} is taken by another process`,
    })
    other.close()
  })

  test('idle connections end at once when it stops, running requests are answered first', async () => {
    const log = createArrayLog()
    const gate = new EventEmitter()
    const slow = {
      ...log,
      append: async (key: Buffer, value: Buffer | null) => {
        if (key.includes('"CONFIG"')) {
          gate.emit('reached')
          await once(gate, 'open')
        }
        return log.append(key, value)
      },
    }
    const registry = await startRegistryServer({ log: slow, port: 0 })
    const idle = connect(Number(new URL(registry.url).port), '127.0.0.1')
    idle.write('GET /subjects HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(idle, 'data')
    const body = '{"compatibility":"FULL"}'
    const reached = once(gate, 'reached')
    const busy = raw(registry.url, `PUT /config HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    await reached
    const idleEnded = once(idle, 'close')
    const closed = registry.close()
    await idleEnded
    gate.emit('open')
    expect(await busy).toContain('{"compatibility":"FULL"}')
    await closed
    await expect(callHttp(registry.url, { method: 'GET', path: '/subjects' })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
  })

  test('a request that never ends does not hold up the end for longer than its grace', async () => {
    const registry = await start()
    const socket = connect(Number(new URL(registry.url).port), '127.0.0.1')
    socket.write('POST /subjects/a/versions HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n')
    await once(socket, 'connect')
    const ended = once(socket, 'close')
    await registry.close({ graceMs: 20 })
    await ended
    started.length = 0
  })

  test('what probes ask', async () => {
    const registry = await start()
    const get = async (path: string): Promise<unknown> => (await registry.call('GET', path)).body
    expect(await get('/')).toEqual({})
    expect(await get('/contexts')).toEqual(['.'])
    expect(await get('/v1/metadata/version')).toMatchObject({ version: expect.stringMatching(/^evplat-\d/) })
    expect(await get('/v1/metadata/id')).toEqual({
      id: '',
      scope: { path: [], clusters: { 'kafka-cluster': 'test-cluster', 'schema-registry-cluster': 'schema-registry' } },
    })
  })
})
