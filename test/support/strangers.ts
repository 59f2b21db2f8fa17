// Servers that are not what they are taken for, and a port that nobody listens on.
import { type RequestListener, createServer as createHttpServer } from 'node:http'
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { TestCertificate } from './certificate.ts'

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** The port of a server that does with every connection what is wanted. It is gone when the test is over. */
export function serveTcp(onConnection: (socket: Socket) => void): Promise<number> {
  return listen(createServer(onConnection))
}

/** A server that answers every request of Kafka's protocol with the body that `answer` gives, whatever was asked. */
export function serveFrames(answer: () => Buffer): Promise<number> {
  return serveTcp((socket) => {
    socket.on('data', (request) => {
      const body = answer()
      const head = Buffer.alloc(8)
      head.writeInt32BE(4 + body.length)
      // the correlation id comes back as it was sent
      request.copy(head, 4, 8, 12)
      socket.write(Buffer.concat([head, body]))
    })
  })
}

export function serveHttp(onRequest: RequestListener): Promise<number> {
  return listen(createHttpServer(onRequest))
}

/** A TLS server that hands on nothing: it is there to be trusted or not. */
export function serveTls(certificate: TestCertificate): Promise<number> {
  const server = createTlsServer(certificate, (socket) => void socket.on('error', () => undefined).resume())
  return listen(server.on('tlsClientError', () => undefined))
}
