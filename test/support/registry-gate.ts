// What stands before a registry in production: TLS, and a look at who comes in.
import { type RequestListener, request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TestCertificate } from './certificate.ts'

export interface RegistryGate {
  /** https://127.0.0.1:PORT */
  readonly url: string
  /** how many requests were let in, and how many were turned away */
  readonly seen: { allowed: number; refused: number }
  close(): Promise<void>
}

/** Opens a gate before the registry at `upstream`. A request without one of the `Authorization` headers gets 401. */
export async function openGate(
  upstream: string,
  certificate: TestCertificate,
  authorizations: readonly string[],
): Promise<RegistryGate> {
  const seen = { allowed: 0, refused: 0 }
  const server = createServer({ cert: certificate.cert, key: certificate.key }, (incoming, outgoing) => {
    if (authorizations.includes(incoming.headers.authorization ?? '')) {
      seen.allowed++
      handOn(upstream)(incoming, outgoing)
    } else {
      seen.refused++
      incoming.resume()
      outgoing.writeHead(401, { 'content-type': 'application/json' })
      outgoing.end('{"error_code":401,"message":"Unauthorized"}')
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function handOn(upstream: string): RequestListener {
  const { hostname, port } = new URL(upstream)
  return (incoming, outgoing) => {
    const { method, url, headers } = incoming
    const onward = request({ hostname, port, method, path: url!, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }
}

/** The `Authorization` header of a user (RFC 7617). */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
