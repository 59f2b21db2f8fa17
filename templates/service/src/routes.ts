import type { FastifyInstance } from 'fastify'

/** The service's own routes, beside those that every service has (`GET /` lists them all). */
export function routes(app: FastifyInstance): void {
  app.get('/api/hello', () => ({ hello: 'world' }))
}
