// A request frame -> the handler of its API -> an answer frame.
import { errorCode } from '../../protocol/error-table.ts'
import { decodeRequest, encodeResponse, type ReceivedRequest, readRequestHeader } from '../../protocol/frames.ts'
import { apiVersions } from '../../protocol/messages/api-versions.ts'
import type { Broker } from '../broker.ts'
import { type Answer, type Call, type Handler, hangUp, noAnswer } from '../handler.ts'
import type { Chunks } from './answer-queue.ts'
import type { Peer, Verdict } from './connection.ts'

export interface Dispatching {
  readonly broker: Broker
  readonly handlers: ReadonlyMap<number, Handler>
  /** told of an error that is a bug of ours; the connection is closed */
  readonly onBug: (thrown: unknown) => void
}

function isServed({ versions: [min, max] }: Handler, version: number): boolean {
  return version >= min && version <= max
}

/** An ApiVersions request of an unknown version is answered at version 0, so that the client learns what there is (KIP-511). */
function tellVersions(received: ReceivedRequest, handlers: ReadonlyMap<number, Handler>): Chunks {
  const own = handlers.get(apiVersions.key)!
  const apiKeys = [{ apiKey: apiVersions.key, minVersion: own.versions[0], maxVersion: own.versions[1] }]
  return encodeResponse(
    apiVersions,
    { ...received, version: 0 },
    { errorCode: errorCode('UNSUPPORTED_VERSION'), apiKeys },
  )
}

/** Handles one frame. What is not a request that is served ends the connection, as it does with Kafka. */
export function dispatch(frame: Buffer, peer: Peer, { broker, handlers, onBug }: Dispatching): Verdict {
  let received: ReceivedRequest
  let request: unknown
  let handler: Handler | undefined
  try {
    received = readRequestHeader(frame)
    handler = handlers.get(received.apiKey)
    if (!handler) return 'close'
    if (!isServed(handler, received.version)) {
      if (handler.api.key === apiVersions.key) return tellVersions(received, handlers)
      return 'close'
    }
    request = decodeRequest(handler.api, received)
  } catch {
    return 'close' // not a request: the bytes are broken
  }
  const { version, clientId } = received
  const call: Call = { version, clientId, ...peer }
  const chosen = handler
  const encode = (answer: Answer<typeof chosen.api>): Chunks | undefined | 'close' => {
    if (answer === hangUp) return 'close'
    return answer === noAnswer ? undefined : encodeResponse(chosen.api, received, answer as never)
  }
  try {
    const answer = chosen.handle(broker, request as never, call)
    if (!(answer instanceof Promise)) return encode(answer)
    return answer.then(encode).catch((thrown: unknown) => {
      onBug(thrown)
      throw thrown
    })
  } catch (thrown) {
    onBug(thrown)
    return 'close'
  }
}
