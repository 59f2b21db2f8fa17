// What may listen on the port of a service, other than the service (test/program/services.test.ts has real ones).
import { describe, expect, test } from 'vitest'
import { freePort } from '../../../test/support/free-port.ts'
import { serveHttp, serveTcp } from '../../../test/support/strangers.ts'
import { askService } from './ask-service.ts'

type Answers = Readonly<Record<string, readonly [status: number, body: unknown]>>

const serve = (answers: Answers): Promise<number> =>
  serveHttp((request, response) => {
    const [status, body] = answers[request.url ?? ''] ?? [404, {}]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })

const thisProcess = `process ${process.pid} (`

describe('the port of a service', () => {
  test('is free', async () => {
    expect(await askService('shop', await freePort())).toEqual({ kind: 'nobody' })
  })

  test('is that of a service under another name', async () => {
    const port = await serve({ '/': [200, { service: 'billing' }], '/readyz': [200, { status: 'UP' }] })
    expect(await askService('shop', port)).toEqual({ kind: 'other', who: 'service "billing"' })
  })

  test.each([
    ['speaks JSON, and no word of a service', () => serve({ '/': [200, { name: 'shop' }], '/readyz': [200, {}] })],
    ['answers null', () => serve({ '/': [200, null], '/readyz': [200, {}] })],
    ['speaks no JSON', () => serveHttp((_request, response) => void response.end('<html>shop</html>'))],
    ['speaks no HTTP', () => serveTcp((socket) => void socket.end('SSH-2.0-shop\r\n'))],
    ['hangs up', () => serveTcp((socket) => void socket.destroy())],
    [
      'never ends what it says',
      () => serveTcp((socket) => void socket.write(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(2 * 1024 * 1024)}`)),
    ],
  ])('is that of a program that %s', async (_what, start) => {
    const facts = await askService('shop', await start())
    expect(facts).toMatchObject({ kind: 'other', who: expect.stringContaining(thisProcess) as unknown })
  })

  test('gives no answer', async () => {
    expect(await askService('shop', await serveTcp(() => undefined))).toEqual({ kind: 'silent' })
  })

  test('tells which parts are down where the service shows them', async () => {
    const components = { kafka: { status: 'DOWN' }, eventLoop: { status: 'UP' }, disk: null }
    const port = await serve({
      '/': [200, { service: 'shop' }],
      '/readyz': [503, { status: 'DOWN' }],
      '/livez': [200, { status: 'UP' }],
      '/actuator/health/readiness': [503, { status: 'DOWN', components }],
    })
    expect(await askService('shop', port)).toEqual({
      kind: 'itself',
      isReady: false,
      isAlive: true,
      down: ['kafka', 'disk'],
    })
  })
})
