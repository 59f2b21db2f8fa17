// Listens on the loopback addresses of this machine, IPv4 and IPv6 at the same port. Nothing else is ever listened on.
import net from 'node:net'
import { EvplatError, systemCode } from '../../core/errors.ts'

export interface Listener {
  readonly port: number
  close(): Promise<void>
}

function listenOn(host: string, port: number, onSocket: (socket: net.Socket) => void): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer({ noDelay: true }, onSocket)
    server.once('error', reject)
    server.listen({ host, port, backlog: 1024 }, () => {
      server.removeListener('error', reject)
      server.on('error', () => undefined)
      resolve(server)
    })
  })
}

const noIpv6 = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'])

/** Listens on a port (a free one with 0). Throws `port-taken`. A machine without IPv6 is listened to by IPv4 alone. */
export async function listen(port: number, onSocket: (socket: net.Socket) => void): Promise<Listener> {
  for (let attempt = 1; ; attempt++) {
    const first = await listenOn('127.0.0.1', port, onSocket).catch((thrown: unknown) => {
      throw systemCode(thrown) === 'EADDRINUSE' ? taken(port) : thrown
    })
    const chosen = (first.address() as net.AddressInfo).port
    try {
      const second = await listenOn('::1', chosen, onSocket).catch((thrown: unknown) => {
        if (noIpv6.has(systemCode(thrown))) return undefined
        throw thrown
      })
      return { port: chosen, close: () => closeAll([first, ...(second ? [second] : [])]) }
    } catch (thrown) {
      await closeAll([first])
      // a port that was chosen here may be another's on the other address: choose again
      if (systemCode(thrown) === 'EADDRINUSE' && port !== 0) throw taken(port)
      if (systemCode(thrown) !== 'EADDRINUSE' || attempt === 20) throw thrown
    }
  }
}

function taken(port: number): EvplatError {
  return new EvplatError('port-taken', `port ${port} is taken`, { hint: 'choose another port, or 0 for any free one' })
}

async function closeAll(servers: readonly net.Server[]): Promise<void> {
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))))
}
