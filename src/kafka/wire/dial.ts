// Opens a socket to one address, with TLS where it is asked for, and says why where it can't.
import net from 'node:net'
import tls from 'node:tls'
import type { TlsSettings } from '../../core/connection-settings.ts'
import type { EvplatError } from '../../core/errors.ts'
import { type Address, explainDialError, timedOut } from './socket-errors.ts'

export interface DialOptions {
  readonly address: Address
  /** takes what arrives; the bytes are its own only until it returns */
  readonly onData: (bytes: Buffer) => void
  readonly tls?: TlsSettings
  readonly timeoutMs: number
}

/** Larger reads than Node's 64 KiB, into one buffer that is used again: half the time of a plain stream goes into making new ones. */
const readBytes = 512 * 1024

function connectPlain({ address: { host, port }, onData }: DialOptions): net.Socket {
  const callback = (length: number, buffer: Uint8Array): boolean => {
    onData(Buffer.from(buffer.buffer, buffer.byteOffset, length))
    return true
  }
  return net.connect({ host, port, onread: { buffer: Buffer.allocUnsafeSlow(readBytes), callback } })
}

function connectTls({ address: { host, port }, onData }: DialOptions, { ca }: TlsSettings): net.Socket {
  const name = net.isIP(host) === 0 ? { servername: host } : {}
  return tls.connect({ host, port, ...name, ...(ca !== undefined && { ca }) }).on('data', onData)
}

/** Resolves with a connected socket (after the TLS handshake), or rejects with an EvplatError that names the address. */
export function dial(options: DialOptions): Promise<net.Socket> {
  const { address, timeoutMs } = options
  return new Promise((resolve, reject) => {
    const socket = options.tls ? connectTls(options, options.tls) : connectPlain(options)
    const fail = (error: EvplatError): void => {
      socket.destroy()
      reject(error)
    }
    const timer = setTimeout(() => fail(timedOut(address, 'to connect', timeoutMs)), timeoutMs)
    socket.once('error', (thrown) => {
      clearTimeout(timer)
      fail(explainDialError(thrown, address, options.tls))
    })
    socket.once(options.tls ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer)
      socket.removeAllListeners('error')
      socket.setNoDelay(true)
      resolve(socket)
    })
  })
}
