// A client that sends what it likes, beside one that behaves and has to be answered all the time.
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { apiVersions } from '../../src/protocol/messages/api-versions.ts'
import { metadata } from '../../src/protocol/messages/metadata.ts'
import { type Wire, openWire } from '../differential/wire.ts'

const host = '127.0.0.1'
const patienceMs = 10_000

export function framed(frame: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(frame.length)
  return Buffer.concat([size, frame])
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true })
  await once(socket, 'connect')
  socket.on('error', () => undefined) // a reset is an end like another
  socket.resume()
  return socket
}

/** Sends bytes on a connection of their own; the answer hangs up. */
export async function attack(port: number, bytes: Buffer): Promise<() => void> {
  const socket = await dial(port)
  socket.write(bytes)
  return () => socket.destroy()
}

/** Sends bytes and waits until the server has closed the connection; false when it does not. */
export async function isClosedAfter(port: number, bytes: Buffer): Promise<boolean> {
  const socket = await dial(port)
  const closed = once(socket, 'close', { signal: AbortSignal.timeout(patienceMs) }).then(
    () => true,
    () => false,
  )
  socket.write(bytes)
  const isClosed = await closed
  socket.destroy()
  return isClosed
}

/** A connection that lives through everything; `isAnswered` throws when an answer does not come in time. */
export async function openWitness(port: number): Promise<{ isAnswered(): Promise<boolean>; close(): void }> {
  const wire: Wire = await openWire(host, port, 'witness')
  return {
    async isAnswered() {
      const versions = await wire.send(apiVersions, 0, {})
      const topics = await wire.send(metadata, 1, { topics: [] })
      return 'answer' in versions && 'answer' in topics
    },
    close: () => wire.close(),
  }
}
