// A broker of a test's own, and single requests to it over the wire, on connections that faults may end.
import { once } from 'node:events'
import { connect } from 'node:net'
import { onTestFinished } from 'vitest'
import { type RunningBroker, startBroker } from '../../src/broker/start.ts'
import { memoryFiles } from '../../src/broker/storage/memory-files.ts'
import type { Api, RequestOf, ResponseOf } from '../../src/protocol/api.ts'
import { FrameReader } from '../../src/protocol/frame-reader.ts'
import { decodeResponse, encodeRequest } from '../../src/protocol/frames.ts'

/** A broker in memory, for one test. */
export async function startBrokerForTest(): Promise<RunningBroker> {
  const broker = await startBroker({ files: memoryFiles(), durability: 'memory', port: 0 })
  onTestFinished(() => broker.close())
  return broker
}

/** The answer to one request on a connection of its own; undefined when the connection ended without one. */
export async function askOnce<A extends Api>(
  { port }: RunningBroker,
  [api, version]: readonly [api: A, version: number],
  body: RequestOf<A>,
  { clientId = 'test', patienceMs = 2000 } = {},
): Promise<ResponseOf<A> | 'nothing' | 'ended'> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    const answer = new Promise<ResponseOf<A> | 'nothing' | 'ended'>((resolve) => {
      const frames = new FrameReader(
        1e8,
        (frame) => resolve(decodeResponse(api, version, frame)),
        () => resolve('ended'),
      )
      socket.on('data', (bytes: Buffer) => frames.push(bytes))
      socket.on('close', () => resolve('ended'))
      setTimeout(() => resolve('nothing'), patienceMs)
    })
    for (const chunk of encodeRequest(api, { version, correlationId: 1, clientId }, body)) socket.write(chunk)
    return await answer
  } finally {
    socket.destroy()
  }
}
