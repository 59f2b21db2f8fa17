// A request frame -> the handler of its API -> an answer frame.
import type { Api } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { decodeRequest, encodeResponse, type ReceivedRequest, readRequestHeader } from '../../protocol/frames.ts'
import { apiVersions } from '../../protocol/messages/api-versions.ts'
import type { Broker } from '../broker.ts'
import { befall } from '../faults/befall.ts'
import type { Faults } from '../faults/faults.ts'
import { meetingOf } from '../faults/meeting.ts'
import { type Answer, type Call, type Handler, hangUp, noAnswer } from '../handler.ts'
import type { Chunks } from './answer-queue.ts'
import type { Outcome, Peer, Verdict } from './connection.ts'

export interface Dispatching {
  readonly broker: Broker
  readonly handlers: ReadonlyMap<number, Handler>
  readonly faults: Faults
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

interface Understood {
  readonly received: ReceivedRequest
  readonly handler: Handler
  readonly request: object
}

/** The request with its handler; or what to do with a frame that is none, or of an API or a version that is not served. */
function understand(frame: Buffer, handlers: ReadonlyMap<number, Handler>): Understood | { verdict: Verdict } {
  try {
    const received = readRequestHeader(frame)
    const handler = handlers.get(received.apiKey)
    if (!handler) return { verdict: 'close' }
    if (isServed(handler, received.version)) {
      return { received, handler, request: decodeRequest(handler.api, received) }
    }
    const asksForVersions = handler.api.key === apiVersions.key
    return { verdict: asksForVersions ? tellVersions(received, handlers) : 'close' }
  } catch {
    return { verdict: 'close' } // the bytes are broken
  }
}

/** Handles one frame. What is not a request that is served ends the connection, as it does with Kafka. */
export function dispatch(frame: Buffer, peer: Peer, { broker, handlers, faults, onBug }: Dispatching): Verdict {
  const understood = understand(frame, handlers)
  if ('verdict' in understood) return understood.verdict
  const { received, handler, request } = understood
  const { version, clientId } = received
  const call: Call = { version, clientId, ...peer }
  const encode = (answer: Answer<Api>): Outcome => {
    if (answer === hangUp) return 'close'
    return answer === noAnswer ? undefined : encodeResponse(handler.api, received, answer)
  }
  const work = (asked: object): Answer<Api> | Promise<Answer<Api>> => handler.handle(broker, asked as never, call)
  try {
    const rule = faults.isEmpty() ? undefined : faults.meet(meetingOf(broker, handler.api.name, clientId, request))
    const answer = rule ? befall(rule, { broker, handler, request, call, work, hold: peer.hold }) : work(request)
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
