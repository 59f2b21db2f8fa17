// A proxy before a registry that writes down every request and can take endpoints away, change answers or cut connections.
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** What to do with a request: an answer in place of the registry's, `cut` without one, `hang` for ever, or undefined to hand it on. */
export type Intervention =
  | {
      readonly status: number
      readonly body: string
      readonly headers?: Readonly<Record<string, string>>
      readonly afterMs?: number
    }
  | 'cut'
  | 'hang'
  | undefined

export interface CuttingProxy {
  readonly url: string
  readonly seen: Seen[]
  /** the most requests that were under way at once */
  readonly mostAtOnce: () => number
  close(): Promise<void>
}

/** `intervene` decides for every request; `count` is how often method and path came before, from 0. */
export async function startCuttingProxy(
  upstream: string,
  intervene: (seen: Seen, count: number) => Intervention = () => undefined,
): Promise<CuttingProxy> {
  const seen: Seen[] = []
  let now = 0
  let most = 0
  const server = createServer((incoming, outgoing) => {
    most = Math.max(most, ++now)
    outgoing.on('close', () => now--)
    const one = { method: incoming.method!, path: incoming.url!, headers: incoming.headers }
    const count = seen.filter((before) => before.method === one.method && before.path === one.path).length
    seen.push(one)
    const intervention = intervene(one, count)
    if (intervention === 'cut') incoming.socket.destroy()
    else if (intervention === undefined) handOn(upstream, incoming, outgoing)
    else if (intervention !== 'hang') {
      incoming.resume()
      const { status, body, headers, afterMs = 0 } = intervention
      outgoing.writeHead(status, { 'content-type': 'application/json', ...headers })
      setTimeout(() => outgoing.end(body), afterMs)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    mostAtOnce: () => most,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function handOn(upstream: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { hostname, port } = new URL(upstream)
  const options = {
    hostname,
    port,
    method: incoming.method,
    path: incoming.url,
    headers: incoming.headers,
    agent: false,
  }
  const onward = request({ ...options, path: incoming.url! }, (answer) => {
    outgoing.writeHead(answer.statusCode!, answer.headers)
    answer.pipe(outgoing)
  })
  onward.on('error', () => incoming.socket.destroy())
  incoming.pipe(onward)
}
