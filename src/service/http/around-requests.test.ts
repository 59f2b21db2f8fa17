import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import { post, stage } from '../../../test/support/http-stage.ts'
import type { Log } from '../definition.ts'
import type { Answered } from './around-requests.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`

test('each line of a request has its id and its trace, also behind a body and in errors', async () => {
  let app: Log | undefined
  const { url, lines, logs } = await stage({
    routes: (server) => {
      server.post('/own', async ({ body }) => {
        app!.info({ body }, 'before')
        await new Promise((resolve) => setImmediate(resolve))
        app!.info({}, 'after')
        throw new Error('broken')
      })
    },
  })
  app = logs.logger('app')
  const large = JSON.stringify({ a: 'x'.repeat(200_000) })
  await Promise.all(
    ['r-1', 'r-2'].map((id) => post(`${url}/own`, large, { 'x-request-id': id, traceparent: traceparent })),
  )
  const said = (id: string) => lines.filter(({ requestId }) => requestId === id).map(({ message }) => message)
  const all = ['before', 'after', 'POST /own failed: broken', 'POST /own']
  await vi.waitFor(() => expect([said('r-1'), said('r-2')]).toEqual([all, all]), { timeout: 10_000 })
  expect(lines.map((line) => line['traceId'])).toEqual(lines.map(() => traceId))
  expect(lines.at(-1)).toMatchObject({ level: 'debug', logger: 'http', status: 500, ms: expect.any(Number) })
})

test('what is told of a request has the pattern of its route, never its address', async () => {
  const told: Answered[] = []
  const { url } = await stage({
    onAnswered: (answered) => told.push(answered),
    routes: (server) => {
      server.get('/slow', () => new Promise(() => {}))
    },
  })
  await post(`${url}/api/produce/events?key=k`, '{"a": 1}')
  await post(`${url}/api/produce/none`, '{}')
  await fetch(`${url}/anything/at/all`)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n')
  await vi.waitFor(() => expect(told).toHaveLength(3), { timeout: 10_000 })
  socket.destroy()
  await vi.waitFor(() => expect(told).toHaveLength(4), { timeout: 10_000 })
  expect(told.map(({ method, route, status }) => `${method} ${route} ${status}`)).toEqual([
    'POST /api/produce/:topic 202',
    'POST /api/produce/:topic 404',
    'GET unknown 404',
    'GET /slow 499',
  ])
  for (const { seconds } of told) expect(seconds).toBeGreaterThan(0)
})
