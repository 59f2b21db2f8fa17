// What an operator reads and changes while a service runs: loggers and listeners.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ListenerFacts, Loggers } from './ports.ts'
import { refuse } from './refuse.ts'
import { answerSeek } from './seek.ts'

/** `/actuator/loggers`, one by name, and POST `{ "configuredLevel": "DEBUG" }` to change it; null lets it follow its parent. */
export function loggerRoutes(app: FastifyInstance, loggers: Loggers): void {
  const body = (logger: { configured?: string; effective: string }): object => ({
    configuredLevel: logger.configured?.toUpperCase() ?? null,
    effectiveLevel: logger.effective.toUpperCase(),
  })
  app.get('/actuator/loggers', () => ({
    levels: loggers.levels.map((level) => level.toUpperCase()),
    loggers: Object.fromEntries([...loggers.list()].map(([name, logger]) => [name, body(logger)])),
  }))
  app.get<{ Params: { name: string } }>('/actuator/loggers/:name', async (request, reply) => {
    const logger = loggers.list().get(request.params.name)
    return logger === undefined ? refuse(reply, 404, `no logger "${request.params.name}"`) : body(logger)
  })
  app.post<{ Params: { name: string } }>('/actuator/loggers/:name', async (request, reply) => {
    if (isForeign(request)) return refuse(reply, 403, 'a page of another site may not change this')
    const level = levelOf(request.body, loggers.levels)
    if (level === 'unknown')
      return refuse(reply, 400, `"configuredLevel" has to be null or one of ${loggers.levels.join(', ')}`)
    if (!loggers.set(request.params.name, level.name)) return refuse(reply, 404, `no logger "${request.params.name}"`)
    return reply.code(204).send()
  })
}

function levelOf(body: unknown, levels: readonly string[]): { readonly name: string | undefined } | 'unknown' {
  if (typeof body !== 'object' || body === null || !('configuredLevel' in body)) return 'unknown'
  const { configuredLevel } = body
  if (configuredLevel === null) return { name: undefined }
  const name = levels.find((level) => typeof configuredLevel === 'string' && level === configuredLevel.toLowerCase())
  return name === undefined ? 'unknown' : { name }
}

/** `/actuator/listeners`, and POST `/actuator/listeners/TOPIC/pause`, `/resume` and `/seek`. */
export function listenerRoutes(app: FastifyInstance, listeners: ListenerFacts): void {
  app.get('/actuator/listeners', () => ({
    group: listeners.group,
    consumer: listeners.state(),
    listeners: Object.fromEntries(listeners.list().map(({ topic, ...facts }) => [topic, facts])),
  }))
  const change = (word: 'pause' | 'resume') => async (request: FastifyRequest, reply: FastifyReply) => {
    if (isForeign(request)) return refuse(reply, 403, 'a page of another site may not change this')
    const { topic } = request.params as { topic: string }
    return listeners[word](topic) ? reply.code(204).send() : refuse(reply, 404, `no listener of topic "${topic}"`)
  }
  app.post('/actuator/listeners/:topic/pause', change('pause'))
  app.post('/actuator/listeners/:topic/resume', change('resume'))
  app.post('/actuator/listeners/:topic/seek', async (request, reply) => {
    if (isForeign(request)) return refuse(reply, 403, 'a page of another site may not change this')
    const { topic } = request.params as { topic: string }
    return answerSeek(reply, topic, { body: request.body, listeners })
  })
}

/** Browsers say so of requests that a page of another site makes; a form needs no permission for its POST. */
function isForeign(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site']
  return site === 'cross-site' || site === 'same-site'
}
