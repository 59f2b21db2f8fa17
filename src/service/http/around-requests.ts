// What stands around each request: its id on each line of the log, its trace, its line in the access log, its metrics.
import { AsyncResource } from 'node:async_hooks'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Log } from '../definition.ts'
import { withFields } from '../logging/fields.ts'

export interface Request {
  readonly method: string
  /** the pattern, never the address; `unknown` where no route is meant */
  readonly route: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface Answered {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly seconds: number
}

export interface AroundRequests {
  readonly log: Log
  /** Runs `work`, at once, within what it has to stand in; it resolves when the request is answered or its caller is gone. */
  readonly around?: (request: Request, work: () => Promise<Answered>) => Promise<unknown>
  /** for metrics; called once for each request */
  readonly onAnswered?: (answered: Answered) => void
}

/** Adds the hooks. What it returns runs something within what stands around the request, from wherever it is called. */
export function aroundRequests(
  app: FastifyInstance,
  options: AroundRequests,
): <T>(request: FastifyRequest, run: () => T) => T {
  const { log, around = (_request, work) => work() } = options
  const places = new WeakMap<FastifyRequest, AsyncResource>()
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id)
    const { method, headers } = request
    const facts = { method, headers, route: routeOf(request) }
    const began = performance.now()
    const work = async (): Promise<Answered> => {
      places.set(request, new AsyncResource('EVPLAT_REQUEST'))
      const closed = new Promise((resolve) => reply.raw.once('close', resolve))
      done()
      await closed
      // who goes before the answer gets none
      const status = reply.raw.headersSent ? reply.raw.statusCode : 499
      return tell(options, request, { method, route: facts.route, status, seconds: (performance.now() - began) / 1000 })
    }
    withFields({ requestId: request.id }, () => around(facts, work)).catch((error: unknown) =>
      log.error({ err: error }, 'what stands around requests has failed'),
    )
  })
  const within = <T>(request: FastifyRequest, run: () => T): T => {
    const place = places.get(request)
    return place === undefined ? run() : place.runInAsyncScope(run)
  }
  // a body comes by events of the socket, which know nothing of the request
  app.addHook('preValidation', (request, _reply, done) => within(request, done))
  return within
}

const routeOf = ({ is404, routeOptions }: FastifyRequest): string =>
  is404 ? 'unknown' : (routeOptions.url ?? 'unknown')

function tell({ log, onAnswered }: AroundRequests, { url }: FastifyRequest, answered: Answered): Answered {
  onAnswered?.(answered)
  const { method, status, seconds } = answered
  log.debug({ status, ms: Math.round(seconds * 1000) }, `${method} ${url.split('?')[0]}`)
  return answered
}
