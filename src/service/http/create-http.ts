// The HTTP side of a service: what it produces, what its author adds, and how errors are told.
import { randomUUID } from 'node:crypto'
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { stringifyJson } from '../../core/json.ts'
import type { RouteFact } from '../actuator/ports.ts'
import type { DeclaredService, Log, Producer, Topics } from '../definition.ts'
import { type AroundRequests, aroundRequests } from './around-requests.ts'
import { useExactJson } from './bodies.ts'
import { type ListenOptions, listen } from './listen.ts'
import { openApiOf } from './openapi.ts'
import { type Problem, isServersFault, problemOf } from './problem.ts'
import { addProduceRoutes, producedTopics } from './produce-route.ts'
import { recordRoutes } from './record-routes.ts'

export interface HttpOptions extends ListenOptions, AroundRequests {
  readonly service: DeclaredService
  readonly topics: Topics
  readonly producer: Producer<Topics>
  /** of the driver's producer */
  readonly pendingBytes: () => number
  /** the author's own routes */
  readonly routes?: (app: FastifyInstance) => void | Promise<void>
  /** topic -> the field of its events that is the key where the request names none */
  readonly keyFields?: Readonly<Record<string, string>>
  /** bytes of a body; 1 MiB unless given */
  readonly bodyLimit?: number
  /** bytes that may wait for their acknowledgement; 32 MiB unless given */
  readonly mostPendingBytes?: number
  /** answers under an `Idempotency-Key` that are remembered; 10,000 unless given */
  readonly mostRemembered?: number
}

export interface Http {
  /** for what adds routes of its own before `listen`: the actuator, where it has no port of its own */
  readonly app: FastifyInstance
  /** all routes that there are when it is asked */
  routes(): readonly RouteFact[]
  /** Resolves with the address. Throws `port-taken`. */
  listen(): Promise<string>
  /** Takes no new requests and resolves when those under way are answered. */
  close(): Promise<void>
}

/** Makes the app with all its routes; it listens when it is told to. */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const { service, topics, log } = options
  const app = fastify({
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    forceCloseConnections: 'idle',
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
    frameworkErrors: (error, request, reply) => {
      answerProblem(log, error, request, reply as FastifyReply)
    },
  })
  const routes = recordRoutes(app)
  const within = aroundRequests(app, options)
  app.setErrorHandler((error: FastifyError, request, reply) =>
    within(request, () => answerProblem(log, error, request, reply)),
  )
  app.setNotFoundHandler((request, reply) => {
    const detail = `there is no ${request.method} ${request.url.split('?')[0]}`
    return sendProblem(request, reply, { status: 404, title: 'Not Found', detail, hint: 'GET / lists what there is' })
  })
  useExactJson(app)
  const document = openApiOf(service.name, topics, producedTopics(topics))
  app.get('/', async () => ({ service: service.name, endpoints: routes() }))
  app.get('/openapi.json', (_request, reply) => reply.type('application/json').send(stringifyJson(document)))
  if (producedTopics(topics).length > 0)
    addProduceRoutes(app, {
      topics,
      producer: options.producer,
      pendingBytes: options.pendingBytes,
      mostPendingBytes: options.mostPendingBytes ?? 32 * 1024 * 1024,
      keyFields: options.keyFields ?? {},
      mostRemembered: options.mostRemembered ?? 10_000,
    })
  await options.routes?.(app)
  return { app, routes, listen: () => listen(app, options, 'server.port'), close: () => app.close() }
}

/** The caller's own where it is harmless to log and to send back. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID()
}

/** A problem for whatever was thrown; what is a bug is logged and not told. */
export function answerProblem(log: Log, error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error)
  if (isServersFault(error))
    log[problem ? 'warn' : 'error'](
      { requestId: request.id, err: error },
      `${request.method} ${request.url.split('?')[0]} failed: ${error.message}`,
    )
  const hidden: Problem = { status: 500, title: 'Internal Server Error', detail: 'the log of the service says more' }
  return sendProblem(request, reply, problem ?? hidden)
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const { retryAfter, ...told } = problem
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter))
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', ...told, requestId: request.id }))
}
