// The registry as a server, on this machine's loopback where it is not told otherwise.
import { once } from 'node:events'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EvplatError, systemCode } from '../core/errors.ts'
import { createListener } from './http/listener.ts'
import { openJournal } from './journal.ts'
import { apiRoutes } from './resources/routes.ts'
import type { SchemaLog } from './schema-log.ts'

export interface RegistryServerOptions {
  readonly log: SchemaLog
  /** 0 takes a free one */
  readonly port: number
  /** the address to listen on, 127.0.0.1 when left out: within a container it is `0.0.0.0` */
  readonly host?: string
  /** how long a write may wait for its acknowledgement, in milliseconds */
  readonly writeTimeoutMs?: number
  /** of the Kafka cluster that the registry belongs to, for /v1/metadata/id */
  readonly clusterId?: string
  /** hears of what is a bug of ours; the client reads 500 */
  readonly onBug?: (thrown: unknown) => void
}

export interface RegistryServer {
  /** `http://127.0.0.1:PORT`, with the host that it listens on */
  readonly url: string
  /** records of the log that could not be understood and were passed over */
  readonly unreadableRecords: number
  /** Takes no more connections, lets running requests end, at most `graceMs`; idle connections end at once. */
  close(options?: { readonly graceMs?: number }): Promise<void>
}

/** in milliseconds; a header may have 16 kB, which is Node's own limit */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
}

/**
 * Replays the log, then serves the Schema Registry API.
 * Throws `port-taken` when another process listens there, and what the log throws.
 */
export async function startRegistryServer(options: RegistryServerOptions): Promise<RegistryServer> {
  const journal = await openJournal(options.log, { timeoutMs: options.writeTimeoutMs ?? 10_000 })
  let stopping = false
  const listener = createListener({
    routes: apiRoutes(options.clusterId ?? ''),
    journal,
    isStopping: () => stopping,
    onBug: options.onBug ?? (() => undefined),
  })
  const server = createServer(limits, listener)
  const { host = '127.0.0.1' } = options
  await listen(server, host, options.port)
  server.on('error', (thrown) => options.onBug?.(thrown))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host}:${port}`,
    unreadableRecords: journal.unreadable(),
    close: async ({ graceMs = 5_000 } = {}) => {
      stopping = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(timer)
      await journal.idle()
    },
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (thrown) {
    throw notListening(port, thrown)
  }
}

function notListening(port: number, thrown: unknown): unknown {
  const hint = 'choose another port for the registry, or "auto", under "stack.ports" in platform.yaml; then `evplat up`'
  const parts = { hint, details: { port }, cause: thrown }
  switch (systemCode(thrown)) {
    case 'EADDRINUSE':
      return new EvplatError('port-taken', `port ${port} is taken by another process`, parts)
    case 'EACCES':
      return new EvplatError('port-taken', `port ${port} is kept for the system`, parts)
    default:
      return thrown
  }
}
