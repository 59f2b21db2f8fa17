// The actuator: one Fastify plugin, on the port of the service or on one of its own.
import type { FastifyInstance, FastifyPluginCallback } from 'fastify'
import { exposed } from './exposure.ts'
import type { Endpoint, Exposure } from './exposure.ts'
import type { HealthReader } from './health.ts'
import { healthRoutes, probeRoutes } from './health-routes.ts'
import type { ShowDetails } from './health-routes.ts'
import type { ServiceMetrics } from './metrics.ts'
import { metricsRoutes, prometheusRoutes } from './metrics-routes.ts'
import { listenerRoutes, loggerRoutes } from './operator-routes.ts'
import type { InfoFacts, ListenerFacts, Loggers, RouteFact, SettingsFacts } from './ports.ts'
import { configpropsBody, envBody } from './settings.ts'

export interface ActuatorOptions {
  /** `management.endpoints.web.exposure` */
  readonly exposure: Exposure
  /** `management.endpoint.health.show-details` */
  readonly showDetails: ShowDetails
  readonly health: HealthReader
  readonly info: InfoFacts
  readonly metrics: ServiceMetrics
  readonly settings: SettingsFacts
  readonly loggers: Loggers
  readonly listeners: ListenerFacts
  routes(): readonly RouteFact[]
}

const routesOf: Readonly<Record<Endpoint, (app: FastifyInstance, options: ActuatorOptions) => void>> = {
  health: (app, { health, showDetails }) => healthRoutes(app, health, showDetails),
  info: (app, { info }) => {
    app.get('/actuator/info', () => infoBody(info))
  },
  prometheus: (app, { metrics }) => prometheusRoutes(app, metrics.registry),
  metrics: (app, { metrics }) => metricsRoutes(app, metrics.registry),
  env: (app, { settings }) => {
    app.get('/actuator/env', () => envBody(settings))
  },
  configprops: (app, { settings, info }) => {
    app.get('/actuator/configprops', () => configpropsBody(info.name, settings))
  },
  loggers: (app, { loggers }) => loggerRoutes(app, loggers),
  mappings: (app, options) => {
    const { name } = options.info
    app.get('/actuator/mappings', () => ({ contexts: { [name]: { mappings: options.routes() } } }))
  },
  listeners: (app, { listeners }) => listenerRoutes(app, listeners),
}

/** The endpoints that are open, their links at `/actuator`, and the probes. What is not open is not there: 404. */
export const actuator: FastifyPluginCallback<ActuatorOptions> = (app, options, done) => {
  const open = exposed(options.exposure)
  app.get('/actuator', () => ({
    _links: Object.fromEntries(['self', ...open].map((name) => [name, { href: hrefOf(name) }])),
  }))
  for (const name of open) routesOf[name](app, options)
  probeRoutes(app, options.health)
  done()
}

const hrefOf = (name: string): string => (name === 'self' ? '/actuator' : `/actuator/${name}`)

function infoBody({ name, version, node, git }: InfoFacts): object {
  const { branch, commit, time } = git ?? {}
  return {
    build: { name, version },
    node: { version: node },
    ...(commit !== undefined && { git: { branch, commit: { id: commit, time } } }),
  }
}
