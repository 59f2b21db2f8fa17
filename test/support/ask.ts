// Asks a handler of the broker directly: what the bytes on the wire would become, without them.
import type { Api, RequestOf, ResponseOf } from '../../src/protocol/api.ts'
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  readRequestHeader,
} from '../../src/protocol/frames.ts'
import type { Broker } from '../../src/broker/broker.ts'
import type { Call, Handler } from '../../src/broker/handler.ts'

/** Sends a request through the codec and a handler, and its answer back. Throws when the handler answers nothing. */
export async function ask<A extends Api>(
  broker: Broker,
  handler: Handler,
  [api, version]: readonly [api: A, version: number],
  body: RequestOf<A>,
): Promise<ResponseOf<A>> {
  const frame = Buffer.concat(encodeRequest(api, { version, correlationId: 1, clientId: 'test' }, body)).subarray(4)
  const received = readRequestHeader(frame)
  const call: Call = {
    version,
    clientId: 'test',
    host: '127.0.0.1',
    port: 9092,
    clientHost: '/127.0.0.1',
    onGone: () => () => undefined,
    isGone: () => false,
  }
  const answer = await handler.handle(broker, decodeRequest(handler.api, received), call)
  if (typeof answer === 'symbol') throw new Error(`${api.name} is not answered: ${String(answer)}`)
  return decodeResponse(api, version, Buffer.concat(encodeResponse(handler.api, received, answer)).subarray(4))
}
