import type { FastifyInstance } from 'fastify'
import type { RouteFact } from '../actuator/ports.ts'

/** Keeps the routes that are declared from now on, of this server and its plugins: call it before all of them. */
export function recordRoutes(app: FastifyInstance): () => readonly RouteFact[] {
  const routes: RouteFact[] = []
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') routes.push({ method: one, path: url })
  })
  return () => routes
}
