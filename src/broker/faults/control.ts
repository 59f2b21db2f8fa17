// Fault rules over HTTP, for tests in any language: POST /faults with a rule, GET /faults, DELETE /faults/ID, DELETE /faults.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EvplatError } from '../../core/errors.ts'
import type { Faults } from './faults.ts'
import { parseFaultRule } from './rule.ts'

const largestBody = 64 * 1024

interface Reply {
  readonly status: number
  readonly body?: unknown
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > largestBody) throw new EvplatError('fault-invalid', 'this is no fault rule: it is too large')
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new EvplatError('fault-invalid', 'this is no fault rule: it is not JSON')
  }
}

async function answer(request: IncomingMessage, faults: Faults, apis: ReadonlySet<string>): Promise<Reply> {
  const path = (request.url ?? '/').replace(/\?.*$/, '')
  const [, id] = /^\/faults\/([^/]+)$/.exec(path) ?? []
  if (path !== '/faults' && id === undefined)
    return { status: 404, body: { error: { message: 'only /faults is here' } } }
  switch (request.method ?? '') {
    case 'GET':
      if (id === undefined) return { status: 200, body: faults.list() }
      break
    case 'POST':
      if (id === undefined)
        return { status: 201, body: faults.add(parseFaultRule(parseJson(await readBody(request)), apis)) }
      break
    case 'DELETE':
      if (id === undefined) faults.clear()
      else if (!faults.remove(id)) return { status: 404, body: { error: { message: `there is no rule ${id}` } } }
      return { status: 204 }
  }
  return { status: 405, body: { error: { message: 'POST /faults, GET /faults, DELETE /faults[/ID]' } } }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, body === undefined ? {} : { 'content-type': 'application/json' })
  response.end(body === undefined ? undefined : `${JSON.stringify(body)}\n`)
}

export interface FaultControl {
  /** `http://127.0.0.1:PORT/faults` */
  readonly url: string
  close(): Promise<void>
}

/** Serves the rules of a broker on a port of 127.0.0.1, a free one with 0. A rule that is none is answered with 400 and what is wrong with it. */
export async function serveFaults(faults: Faults, apis: ReadonlySet<string>, port: number): Promise<FaultControl> {
  const server = createServer((request, response) => {
    answer(request, faults, apis).then(
      (reply) => send(response, reply),
      (thrown: unknown) => {
        if (!(thrown instanceof EvplatError)) return send(response, { status: 500 })
        const { code, message, parts } = thrown
        send(response, {
          status: 400,
          body: { error: { code, message, ...(parts.hint !== undefined && { hint: parts.hint }) } },
        })
      },
    )
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/faults`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
