// What stands around each request: its id on each line of the log, its trace, its line in the access log, its metrics.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../definition.ts'
import { placeOf, within } from '../under-way.ts'

export interface Request {
  readonly requestId: string
  readonly method: string
  /** the pattern, never the address; `unknown` where no route is meant */
  readonly route: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** What the work on a request stands in. */
export interface Surroundings {
  within<T>(run: () => T): T
  /** it is answered, or its caller is gone (499) */
  end(status: number): void
}

export interface Answered {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly seconds: number
}

export interface AroundRequests {
  readonly log: Log
  /** undefined for a request that is of no interest: then its lines have its id alone */
  readonly around?: (request: Request) => Surroundings | undefined
  /** for metrics; called once for each request */
  readonly onAnswered?: (answered: Answered) => void
}

const surroundings = Symbol('surroundings')

interface Surrounded {
  [surroundings]: Surroundings | null
}

/** Adds the hooks. What it returns runs something within what stands around the request, from wherever it is called. */
export function aroundRequests(
  app: FastifyInstance,
  options: AroundRequests,
): <T>(request: FastifyRequest, run: () => T) => T {
  app.decorateRequest(surroundings, null)
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id)
    const { id: requestId, method, headers } = request
    const began = performance.now()
    const facts = { requestId, method, headers, route: routeOf(request) }
    const around = options.around?.(facts) ?? bare(requestId)
    ;(request as unknown as Surrounded)[surroundings] = around
    reply.raw.once('close', () => {
      const status = statusOf(reply)
      const answered = { method, route: facts.route, status, seconds: (performance.now() - began) / 1000 }
      around.within(() => tell(options, request, answered))
      around.end(status)
    })
    around.within(done)
  })
  const inside = <T>(request: FastifyRequest, run: () => T): T => {
    const around = (request as unknown as Surrounded)[surroundings]
    return around === null ? run() : around.within(run)
  }
  // a body comes by events of the socket, which know nothing of the request
  app.addHook('preValidation', (request, _reply, done) => inside(request, done))
  return inside
}

function bare(requestId: string): Surroundings {
  const place = placeOf(() => ({ requestId }))
  return { within: (run) => within(place, run), end: () => undefined }
}

const routeOf = ({ is404, routeOptions }: FastifyRequest): string =>
  is404 ? 'unknown' : (routeOptions.url ?? 'unknown')

/** Who goes before the answer gets none. */
const statusOf = ({ raw }: FastifyReply): number => (raw.headersSent ? raw.statusCode : 499)

function tell({ log, onAnswered }: AroundRequests, { url }: FastifyRequest, answered: Answered): void {
  onAnswered?.(answered)
  const { method, status, seconds } = answered
  log.debug({ status, ms: Math.round(seconds * 1000) }, `${method} ${url.split('?')[0]}`)
}
