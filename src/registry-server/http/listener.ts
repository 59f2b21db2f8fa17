// One HTTP exchange: negotiate, route, read, handle, write. Every outcome is JSON, the refusals too.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { stringifyJson } from '../../core/json.ts'
import type { Journal } from '../journal.ts'
import { Refusal, refusals } from '../refusals.ts'
import { readJsonObject } from './body.ts'
import { answerType, isReadable } from './media-types.ts'
import { type Answer, type Route, allowedMethods, findRoute } from './routes.ts'

export interface Served {
  readonly routes: readonly Route[]
  readonly journal: Journal
  /** whether the server stops: then a connection ends with its answer */
  readonly isStopping: () => boolean
  /** hears of what was thrown and is no refusal; the client reads 500 */
  readonly onBug: (thrown: unknown) => void
}

/** The listener for node:http that serves the routes. */
export function createListener(served: Served): RequestListener {
  return (request, response) => {
    void exchange(served, request)
      .catch((thrown: unknown) => {
        if (!(thrown instanceof Refusal)) served.onBug(thrown)
        return thrown instanceof Refusal ? thrown : new Refusal(500, 'Internal Server Error')
      })
      .then((outcome) => {
        // What is left of a body is not read: such a connection can't serve another request.
        if (served.isStopping() || !request.complete) response.setHeader('connection', 'close')
        if (!(outcome instanceof Refusal)) return write(request, response, 200, outcome)
        if (outcome.status === 405) response.setHeader('allow', allowedMethods(served.routes, target(request).path))
        const { status, code, message } = outcome
        write(request, response, status, { json: { error_code: code, message } })
      })
      .catch(served.onBug)
  }
}

async function exchange({ routes, journal }: Served, request: IncomingMessage): Promise<Answer> {
  const { path, query } = target(request)
  const { route, parts } = findRoute(routes, request.method ?? '', path)
  if (answerType(request.headers.accept) === undefined) throw refusals.notAcceptable()
  const carriesBody = route.method === 'POST' || route.method === 'PUT'
  const packed = (request.headers['content-encoding'] ?? 'identity') !== 'identity'
  if (carriesBody && (packed || !isReadable(request.headers['content-type']))) throw refusals.unsupportedMediaType()
  const body = carriesBody ? await readJsonObject(request) : {}
  return await route.handle({ part: (name) => parts.get(name)!, query, body, journal })
}

/** Path and query as they were sent: `new URL` would resolve a subject named `..` away. */
function target(request: IncomingMessage): { path: string; query: URLSearchParams } {
  const raw = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '')
  const [, path = '', query] = /^([^?]*)\??(.*)$/s.exec(raw) ?? []
  return { path: path.replace(/(?<=.)\/$/, '') || '/', query: new URLSearchParams(query) }
}

function write(request: IncomingMessage, response: ServerResponse, status: number, answer: Answer): void {
  const body = Buffer.from('text' in answer ? answer.text : stringifyJson(answer.json))
  response.writeHead(status, {
    'content-type': answerType(request.headers.accept) ?? 'application/json',
    'content-length': body.length,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}
