// Our registry server on a free port with a log in memory, and plain HTTP to ask it with.
import { request } from 'node:http'
import { type RegistryServer, startRegistryServer } from '../../src/registry-server/start.ts'
import { type ArrayLog, createArrayLog } from './array-log.ts'

export interface HttpAnswer {
  readonly status: number
  readonly body: unknown
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface TestRegistry extends RegistryServer {
  readonly log: ArrayLog
  /** path as it goes over the wire; an object as body goes as JSON, a string as it is */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer>
}

export async function startTestRegistry(
  log: ArrayLog = createArrayLog(),
  options: { readonly writeTimeoutMs?: number; readonly port?: number } = {},
): Promise<TestRegistry> {
  const bugs: unknown[] = []
  const server = await startRegistryServer({
    log,
    port: 0,
    clusterId: 'test-cluster',
    onBug: (b) => bugs.push(b),
    ...options,
  })
  return {
    ...server,
    log,
    call: (method, path, body, headers = {}) => callHttp(server.url, { method, path, body, headers }),
    close: async (how) => {
      await server.close(how)
      if (bugs.length > 0) throw bugs[0]
    },
  }
}

interface HttpCall {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One request on a connection of its own; `fetch` would change the path. */
export function callHttp(url: string, { method, path, body, headers = {} }: HttpCall): Promise<HttpAnswer> {
  const { hostname, port } = new URL(url)
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const type = payload === undefined ? {} : { 'content-type': 'application/vnd.schemaregistry.v1+json' }
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, path, headers: { ...type, ...headers }, agent: false } as const
    const sent = request(options, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(pieces).toString()
        resolve({ status: response.statusCode!, text, body: parsed(text), headers: response.headers })
      })
    })
    sent.on('error', reject)
    sent.end(payload)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
