// Raw requests over a socket, at exactly the version that is asked: no negotiation, no retries, nothing that a client would smooth over.
import { type Socket, connect } from 'node:net'
import type { Api } from '../../src/protocol/api.ts'
import { FrameReader } from '../../src/protocol/frame-reader.ts'
import { correlationIdOf, decodeResponse, encodeRequest } from '../../src/protocol/frames.ts'

/** What came back: a decoded answer, or `closed` when the server ended the connection instead. */
export type Reply = { readonly answer: unknown } | { readonly closed: true }

export interface Wire {
  send(api: Api, version: number, body: unknown): Promise<Reply>
  close(): void
}

const answerTimeoutMs = 10_000
const largestFrame = 64 * 1024 * 1024

interface Waiting {
  readonly take: (frame: Buffer) => void
  readonly give: (reply: Reply) => void
}

function dial(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.removeListener('error', reject)
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })
}

/** Connects. Answers may be waited for at the same time; each has a deadline of its own. */
export async function openWire(host: string, port: number, clientId = 'differential'): Promise<Wire> {
  const socket = await dial(host, port)
  const waiting = new Map<number, Waiting>()
  let correlationId = 0
  const frames = new FrameReader(
    largestFrame,
    (frame) => waiting.get(correlationIdOf(frame))?.take(frame),
    () => socket.destroy(),
  )
  socket.on('data', (bytes: Buffer) => frames.push(bytes))
  socket.on('close', () => {
    for (const { give } of waiting.values()) give({ closed: true })
  })
  return {
    close: () => socket.destroy(),
    send(api, version, body) {
      const id = ++correlationId
      const chunks = encodeRequest(api, { version, correlationId: id, clientId }, body as never)
      return new Promise<Reply>((resolve, reject) => {
        const late = (): void => reject(new Error(`no answer to ${api.name} v${version} within ${answerTimeoutMs} ms`))
        const timer = setTimeout(late, answerTimeoutMs)
        const give = (reply: Reply): void => {
          clearTimeout(timer)
          waiting.delete(id)
          resolve(reply)
        }
        waiting.set(id, { give, take: (frame) => give({ answer: decodeResponse(api, version, frame) }) })
        if (socket.destroyed) give({ closed: true })
        else socket.write(Buffer.concat(chunks))
      })
    },
  }
}
