// The servers of a service: its own, and one for the actuator where that has a port of its own.
import { type FastifyError, fastify } from 'fastify'
import { type ActuatorOptions, actuator } from '../actuator/plugin.ts'
import { probeRoutes } from '../actuator/health-routes.ts'
import { type Http, type HttpOptions, answerProblem, createHttp } from '../http/create-http.ts'
import { listen } from '../http/listen.ts'

export interface ServersOptions {
  readonly http: HttpOptions
  /** undefined: the actuator is on the server's own port */
  readonly management: { readonly host: string; readonly port: number } | undefined
  readonly actuator: Omit<ActuatorOptions, 'routes'>
}

export interface Servers {
  /** Resolves with where requests and the actuator are answered. Throws `port-taken`. */
  listen(): Promise<{ readonly url: string; readonly managementUrl: string }>
  /** No new requests; resolves when those under way have their answers, or are cut off by the signal. */
  stopHttp(signal: AbortSignal): Promise<void>
  stopManagement(signal: AbortSignal): Promise<void>
}

export async function createServers({ http: options, management, actuator: facts }: ServersOptions): Promise<Servers> {
  const http = await createHttp({
    ...options,
    routes: async (app) => {
      // load balancers ask where the requests go
      if (management) probeRoutes(app, facts.health)
      await options.routes?.(app)
    },
  })
  const plugin = { ...facts, routes: () => http.routes() }
  const own = management && fastify({ forceCloseConnections: 'idle' })
  own?.setErrorHandler((error: FastifyError, request, reply) => answerProblem(options.log, error, request, reply))
  await (own ?? http.app).register(actuator, plugin)
  return {
    async listen() {
      const managementUrl = own && management ? await listen(own, management, 'management.server.port') : undefined
      const url = await http.listen()
      return { url, managementUrl: managementUrl ?? url }
    },
    stopHttp: (signal) => closed(http.app, signal),
    stopManagement: async (signal) => {
      if (own) await closed(own, signal)
    },
  }
}

async function closed(app: Http['app'], signal: AbortSignal): Promise<void> {
  const cut = (): void => app.server.closeAllConnections()
  signal.addEventListener('abort', cut, { once: true })
  await app.close()
  signal.removeEventListener('abort', cut)
}
