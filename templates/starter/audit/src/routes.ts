import type { FastifyInstance } from 'fastify'
import { latestConsumed } from './consumed.ts'

/** The service's own routes, beside those that every service has (`GET /` lists them all). */
export function routes(app: FastifyInstance): void {
  app.get('/api/consumed', () => latestConsumed())
}
