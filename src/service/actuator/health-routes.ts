// Health over HTTP: for people with components, for probes as short as can be.
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { HealthReader, HealthReport } from './health.ts'
import type { HealthGroup, HealthStatus } from './ports.ts'
import { refuse } from './refuse.ts'

/** `never`: nothing but the status. `always`: components with details. */
export type ShowDetails = 'never' | 'always'

/** `/livez` and `/readyz`: on the main port also where the actuator has its own, since that is the port that has to answer. */
export function probeRoutes(app: FastifyInstance, health: HealthReader): void {
  statusRoute(app, '/livez', health, 'liveness')
  statusRoute(app, '/readyz', health, 'readiness')
}

/** `/actuator/health`, its groups, and one component of it by name. */
export function healthRoutes(app: FastifyInstance, health: HealthReader, show: ShowDetails): void {
  app.get('/actuator/health', async (_request, reply) => {
    const report = await health.read()
    return answer(reply, report.status, { ...bodyOf(report, show), groups: ['liveness', 'readiness'] })
  })
  for (const group of ['liveness', 'readiness'] as const) {
    app.get(`/actuator/health/${group}`, async (_request, reply) => {
      const report = await health.read(group)
      return answer(reply, report.status, bodyOf(report, show))
    })
  }
  if (show === 'never') return
  app.get<{ Params: { name: string } }>('/actuator/health/:name', async (request, reply) => {
    const { components } = await health.read()
    const { name } = request.params
    const component = Object.hasOwn(components, name) ? components[name] : undefined
    return component === undefined
      ? refuse(reply, 404, `no component "${name}"`)
      : answer(reply, component.status, component)
  })
}

function statusRoute(app: FastifyInstance, path: string, health: HealthReader, group: HealthGroup): void {
  app.get(path, async (_request, reply) => {
    const { status } = await health.read(group)
    return answer(reply, status, { status })
  })
}

function bodyOf({ status, components }: HealthReport, show: ShowDetails): object {
  return show === 'always' ? { status, components } : { status }
}

function answer(reply: FastifyReply, status: HealthStatus, body: object): FastifyReply {
  return reply
    .code(status === 'UP' ? 200 : 503)
    .header('cache-control', 'no-store')
    .send(body)
}
