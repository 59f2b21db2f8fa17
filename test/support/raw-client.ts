// A client that decides itself which bytes go out when, and when it reads: what comes back is counted, and cut into frames.
import { once } from 'node:events'
import { connect } from 'node:net'
import { onTestFinished } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import type { Api, RequestOf } from '../../src/protocol/api.ts'
import { FrameReader } from '../../src/protocol/frame-reader.ts'
import { correlationIdOf, encodeRequest } from '../../src/protocol/frames.ts'

const patienceMs = 20_000
const largestAnswer = 256 * 1024 * 1024

export interface RawClient {
  write(bytes: Buffer): void
  /** reads nothing any more, until `hear` */
  deafen(): void
  hear(): void
  /** the answers so far, without their sizes */
  readonly frames: readonly Buffer[]
  /** the correlation ids of the answers so far */
  ids(): number[]
  /** resolves when so many answers have come; throws when they don't */
  answers(count: number): Promise<void>
  /** whether the server has ended the connection; waits for it */
  isEnded(): Promise<boolean>
  close(): void
}

/** The bytes of one request. */
export function requestBytes<A extends Api>(
  [api, version]: readonly [api: A, version: number],
  body: RequestOf<A>,
  { correlationId = 1, clientId = 'raw' } = {},
): Buffer {
  return Buffer.concat(encodeRequest(api, { version, correlationId, clientId }, body))
}

/** Connects; the connection ends with the test. */
export async function openRaw(port: number, host = '127.0.0.1'): Promise<RawClient> {
  const socket = connect({ host, port, noDelay: true })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.on('error', () => undefined) // a reset is an end like another
  const frames: Buffer[] = []
  const reader = new FrameReader(
    largestAnswer,
    (frame) => frames.push(frame),
    () => socket.destroy(),
  )
  socket.on('data', (bytes: Buffer) => void reader.push(bytes))
  const until = async (isReached: () => boolean): Promise<boolean> =>
    (await waitFor(() => Promise.resolve(isReached() || undefined), { timeoutMs: patienceMs, everyMs: 5 })) ?? false
  return {
    write: (bytes) => void socket.write(bytes),
    deafen: () => void socket.pause(),
    hear: () => void socket.resume(),
    frames,
    ids: () => frames.map(correlationIdOf),
    async answers(count) {
      if (!(await until(() => frames.length >= count || socket.destroyed)) || frames.length < count)
        throw new Error(`${frames.length} answers, not ${count}`)
    },
    isEnded: () => until(() => socket.destroyed),
    close: () => void socket.destroy(),
  }
}
