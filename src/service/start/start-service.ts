// A service from its definition and its settings: everything opened in order, told by one log, ended by one shutdown.
import type { KafkaDriver } from '../../kafka/driver/port.ts'
import { trafficState } from '../actuator/health-checks.ts'
import { healthReader } from '../actuator/health.ts'
import type { HealthReader } from '../actuator/health.ts'
import type { InfoFacts, ListenerFacts, SettingsFacts } from '../actuator/ports.ts'
import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { ServiceSettings } from '../config/settings.ts'
import type { ServiceContext, ServiceDefinition } from '../define-service.ts'
import type { Topics } from '../definition.ts'
import type { ListenerEvent } from '../listeners/words.ts'
import type { Logs } from '../logging/words.ts'
import { shutdownOf, shutdownSteps } from '../shutdown.ts'
import type { ShutdownOutcome, ShutdownReason } from '../shutdown.ts'
import { type Clients, openClients } from './clients.ts'
import { healthChecks } from './health-of.ts'
import { listenTo } from './listen-to.ts'
import { type Opened, opened } from './opened.ts'
import { type Servers, type ServersOptions, createServers } from './servers.ts'

export interface ServiceParts {
  readonly settings: ServiceSettings
  readonly facts: SettingsFacts
  readonly logs: Logs
  readonly info: InfoFacts
  readonly driver: KafkaDriver
  readonly clock?: Clock
  /** for tests that wait for what listeners do */
  readonly onListenerEvent?: (event: ListenerEvent) => void
}

export interface RunningService {
  readonly url: string
  /** where the actuator answers */
  readonly managementUrl: string
  readonly listeners: ListenerFacts
  /** rejects with what no patience helps against: then it is time to `stop` */
  readonly failed: Promise<never>
  /** Ends it in order. Who calls it exits with the code of the outcome. */
  stop(reason: ShutdownReason): Promise<ShutdownOutcome>
}

/** What the parts of a start share. */
interface Starting<T extends Topics, Config> {
  readonly definition: ServiceDefinition<T, Config>
  readonly parts: ServiceParts
  readonly clients: Clients<T>
  readonly context: ServiceContext<T, Config>
}

/** how long a health check may take, and how long its answer is good for */
const probing = { timeoutMs: 2000, cacheMs: 1000 }

/** for what a start has opened to end, where the start failed */
const giveUpMs = 1000

/**
 * Starts a service: it answers requests, and is a member of its group or about to be one, when this resolves. Throws what its own
 * `onStart` throws, `port-taken`, and errors of its schemas; what was opened is closed then.
 */
export async function startService<T extends Topics, Config>(
  definition: ServiceDefinition<T, Config>,
  config: Config,
  parts: ServiceParts,
): Promise<RunningService> {
  const open = opened()
  try {
    const clients = openClients({ ...definition, ...parts }, open)
    const context = { config, producer: clients.producer, log: parts.logs.logger('app') }
    return await startAll({ definition, parts, clients, context }, open)
  } catch (thrown) {
    await open.closeAll()
    throw thrown
  }
}

async function startAll<T extends Topics, Config>(
  starting: Starting<T, Config>,
  open: Opened,
): Promise<RunningService> {
  const { definition, parts, clients, context } = starting
  const { logs, clock = systemClock } = parts
  const traffic = trafficState()
  const health = healthReader({ checks: checksOf(starting, traffic), clock, ...probing })
  const servers = await createServers(serversOptions(starting, health))
  open.add(() => servers.stopManagement(AbortSignal.timeout(giveUpMs)))
  open.add(() => servers.stopHttp(AbortSignal.timeout(giveUpMs)))
  await definition.onStart?.(context)
  const addresses = await servers.listen()
  const listening = listenTo(definition, parts, clients)
  traffic.accept()
  logs.logger('app').info(addresses, `${definition.service.name} has started`)
  const steps = shutdownSteps(
    {
      refuseTraffic: () => traffic.refuse(),
      ...stopping(starting, servers),
      stopConsumers: async (timeoutMs) => listening?.stop(timeoutMs),
    },
    clock,
  )
  return {
    ...addresses,
    listeners: clients.listeners,
    failed: listening?.failed ?? new Promise<never>(() => {}),
    stop: shutdownOf({ steps, deadlineMs: parts.settings.server.shutdownMs, clock, log: logs.logger('app') }),
  }
}

function stopping<T extends Topics, Config>(
  { definition: { onStop }, parts: { settings, logs }, clients, context }: Starting<T, Config>,
  servers: Servers,
) {
  return {
    graceMs: settings.server.graceMs,
    stopHttp: (_timeoutMs: number, signal: AbortSignal) => servers.stopHttp(signal),
    flushProducer: (timeoutMs: number) => clients.driverProducer.close(timeoutMs),
    stopManagement: (_timeoutMs: number, signal: AbortSignal) => servers.stopManagement(signal),
    ...(onStop && { onStop: () => onStop(context) }),
    flushLogs: () => {
      clients.close()
      return logs.flush()
    },
  }
}

function checksOf<T extends Topics, Config>(
  { definition, parts, clients, context }: Starting<T, Config>,
  traffic: ReturnType<typeof trafficState>,
) {
  const { management } = parts.settings
  const own = Object.entries(definition.health ?? {}).map(([name, check]) => [name, () => check(context)] as const)
  const isListening = Object.keys(definition.listeners ?? {}).length > 0
  return healthChecks({
    ...clients,
    traffic,
    listeners: isListening ? clients.listeners : undefined,
    bounds: management.bounds,
    maxEventLoopDelayMs: management.maxEventLoopDelayMs,
    own: Object.fromEntries(own),
  })
}

function serversOptions<T extends Topics, Config>(
  { definition, parts, clients, context }: Starting<T, Config>,
  health: HealthReader,
): ServersOptions {
  const { settings, facts, logs, info } = parts
  const { server, management, producer } = settings
  const { exposure, showDetails, address, port } = management
  const { metrics, listeners, tracing } = clients
  return {
    http: {
      host: server.address,
      port: server.port,
      service: definition.service,
      topics: definition.topics,
      producer: clients.producer,
      pendingBytes: () => clients.driverProducer.pendingBytes,
      log: logs.logger('http'),
      keyFields: producer.keyFields,
      bodyLimit: server.maxBodyBytes,
      mostPendingBytes: producer.maxPendingBytes,
      around: (request) => (isProbe(request.route) ? undefined : tracing.request(request)),
      onAnswered: ({ method, route, status, seconds }) => metrics.answered(method, route, status, seconds),
      routes: async (app) => definition.http?.(app, context),
    },
    management: port === undefined ? undefined : { host: address, port },
    actuator: { exposure, showDetails, health, info, metrics, settings: facts, loggers: logs.loggers, listeners },
  }
}

/** Asked every few seconds, of no interest in a trace. */
const isProbe = (route: string): boolean => /^\/(?:actuator|livez|readyz)(?:\/|$)/.test(route)
