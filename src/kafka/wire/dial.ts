// Opens a socket to one address, with TLS where it is asked for, and says why where it can't.
import net from 'node:net'
import tls from 'node:tls'
import { type TlsSettings } from '../../core/connection-settings.ts'
import { type EvplatError } from '../../core/errors.ts'
import { type Address, explainSocketError, timedOut } from './socket-errors.ts'

export interface DialOptions {
  readonly address: Address
  readonly tls?: TlsSettings
  readonly timeoutMs: number
}

/** Resolves with a connected socket (after the TLS handshake), or rejects with an EvplatError that names the address. */
export function dial(options: DialOptions): Promise<net.Socket> {
  const { address, timeoutMs } = options
  return new Promise((resolve, reject) => {
    const { host, port } = address
    const socket = options.tls
      ? tls.connect({
          host,
          port,
          ...(net.isIP(host) === 0 && { servername: host }),
          ...(options.tls.ca && { ca: options.tls.ca }),
        })
      : net.connect({ host, port })
    const fail = (error: EvplatError): void => {
      socket.destroy()
      reject(error)
    }
    const timer = setTimeout(() => fail(timedOut(address, 'to connect', timeoutMs)), timeoutMs)
    socket.once('error', (thrown) => {
      clearTimeout(timer)
      fail(explainSocketError(thrown, address, options.tls !== undefined))
    })
    socket.once(options.tls ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer)
      socket.removeAllListeners('error')
      socket.setNoDelay(true)
      resolve(socket)
    })
  })
}
