// Requests to a registry: connections kept alive, at most 16 at once, a deadline each, tried again where that can do no harm.
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemCode } from '../core/errors.ts'
import { type JsonObject, JsonError, parseJson, stringifyJson } from '../core/json.ts'
import { type Reply, late, unreachable } from './failures.ts'
import { createSlots } from './slots.ts'
import { type Target, withoutCredentials } from './target.ts'

export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** segments of the path, not yet encoded */
  readonly path: readonly (string | number)[]
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: JsonObject
  /** what is asked for, to end "... could not be asked for": `the versions of subject "x"` */
  readonly what: string
}

export interface TransportOptions {
  /** for one call with all its tries, in milliseconds, from the moment it is sent */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export interface Transport {
  /** Any answer at all. Throws `registry-unreachable`, or the reason of the signal. */
  ask(ask: Ask): Promise<Reply>
  close(): void
}

const inFlight = 16
const pausesMs = [100, 400]

export function createTransport(target: Target, options: TransportOptions): Transport {
  const agent = target.secure
    ? new HttpsAgent({ keepAlive: true, ...(target.ca !== undefined && { ca: target.ca }) })
    : new HttpAgent({ keepAlive: true })
  const inSlot = createSlots(inFlight)
  return {
    ask: (ask) => inSlot(() => askInTime(target, agent, ask, options)),
    close: () => agent.destroy(),
  }
}

type Agent = HttpAgent | HttpsAgent

async function askInTime(target: Target, agent: Agent, ask: Ask, options: TransportOptions): Promise<Reply> {
  const { signal, timeoutMs } = options
  signal?.throwIfAborted()
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), timeoutMs)
  const stop = signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal
  const progress: Progress = { lastStatus: undefined }
  try {
    return await askAgain(target, agent, ask, { stop, progress })
  } catch (thrown) {
    signal?.throwIfAborted()
    if (deadline.signal.aborted) throw late(target, ask.what, timeoutMs, progress.lastStatus)
    // What the network says has a code; all else is a bug of ours.
    throw systemCode(thrown) === '' ? thrown : unreachable(target, ask.what, thrown)
  } finally {
    clearTimeout(timer)
  }
}

interface Progress {
  lastStatus: string | undefined
}

async function askAgain(
  target: Target,
  agent: Agent,
  ask: Ask,
  { stop, progress }: { readonly stop: AbortSignal; readonly progress: Progress },
): Promise<Reply> {
  for (let attempt = 0; ; attempt++) {
    const pause = pausesMs[attempt]
    try {
      const reply = await send(target, agent, ask, stop)
      if (pause === undefined || !passes(reply.status, isRepeatable(ask))) return reply
      progress.lastStatus = `HTTP ${reply.status}`
    } catch (thrown) {
      const lost = systemCode(thrown) === 'ECONNRESET' || systemCode(thrown) === 'EPIPE'
      if (pause === undefined || !lost || !isRepeatable(ask)) throw thrown
      progress.lastStatus = 'the connection was lost'
    }
    await sleep(pause * (0.75 + Math.random() / 2), undefined, { signal: stop })
  }
}

/**
 * Whether doing it twice is the same as doing it once. Registering is: the same schema has the same id. A deletion is
 * not: the second answer would deny what the first one did.
 */
const isRepeatable = (ask: Ask): boolean => ask.method !== 'DELETE'

/** Whether a status may be another one at the next try: 429 was not even looked at, the others only for what may be repeated. */
const passes = (status: number, repeatable: boolean): boolean =>
  status === 429 || (repeatable && [500, 502, 503, 504].includes(status))

const types = 'application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry+json, application/json'

function send(target: Target, agent: Agent, ask: Ask, signal: AbortSignal): Promise<Reply> {
  const body = ask.body && Buffer.from(stringifyJson(ask.body))
  const options = {
    method: ask.method,
    host: target.host,
    port: target.port,
    path: pathOf(target, ask),
    headers: {
      accept: types,
      ...(target.authorization !== undefined && { authorization: target.authorization }),
      ...(body && { 'content-type': 'application/vnd.schemaregistry.v1+json', 'content-length': body.length }),
    },
    // A connection that was idle may be closed just now; what can't be tried again begins with a new one.
    agent: isRepeatable(ask) ? agent : false,
    signal,
    ...(target.ca !== undefined && { ca: target.ca }),
  } as const
  return new Promise((resolve, reject) => {
    const request = (target.secure ? httpsRequest : httpRequest)(options, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response
        const received = Buffer.concat(pieces).toString()
        const text = withoutCredentials(received, target)
        const isRefusal = status >= 300
        const { location } = isRefusal && status < 400 ? headers : {}
        resolve({
          status,
          text,
          body: parsed(isRefusal ? text : received),
          ...(location !== undefined && { location: withoutCredentials(location, target) }),
        })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

function pathOf(target: Target, { path, query = {} }: Ask): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value))
  const search = parameters.size > 0 ? `?${parameters}` : ''
  return `${target.base}/${path.map((segment) => encodeURIComponent(segment)).join('/')}${search}`
}

function parsed(text: string): Reply['body'] {
  try {
    return parseJson(text)
  } catch (thrown) {
    if (thrown instanceof JsonError) return undefined
    throw thrown
  }
}
