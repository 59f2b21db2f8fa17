// Metrics over HTTP: for Prometheus in its text, for people by name as in Spring.
import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import { refuse } from './refuse.ts'

/** `/actuator/prometheus` */
export function prometheusRoutes(app: FastifyInstance, registry: Registry): void {
  app.get('/actuator/prometheus', async (_request, reply) =>
    reply.header('content-type', registry.contentType).send(await registry.metrics()),
  )
}

/** `/actuator/metrics` and `/actuator/metrics/NAME` */
export function metricsRoutes(app: FastifyInstance, registry: Registry): void {
  app.get('/actuator/metrics', async () => {
    const all = await registry.getMetricsAsJSON()
    return { names: all.map(({ name }) => name).toSorted() }
  })
  app.get<{ Params: { name: string } }>('/actuator/metrics/:name', async (request, reply) => {
    const all = await registry.getMetricsAsJSON()
    const metric = all.find(({ name }) => name === request.params.name)
    if (metric === undefined) return refuse(reply, 404, `no metric "${request.params.name}"`)
    const { name, help, type, values } = metric
    return { name, description: help, type, baseUnit: unitOf(name), values: values.map(plainValue) }
  })
}

function plainValue(value: { value: number; labels: object; metricName?: string }): object {
  const { metricName, labels } = value
  return { ...(metricName !== undefined && { name: metricName }), labels, value: value.value }
}

function unitOf(name: string): string | null {
  return /_(seconds|bytes)(_total)?$/.exec(name)?.[1] ?? null
}
