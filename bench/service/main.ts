// The contract's service as a program: PORT, KAFKA_BROKERS, SCHEMA_REGISTRY_URL, PROFILE=orders|payments, HANDLER=noop|produce, GROUP.
import { systemClock } from '../../src/service/clock.ts'
import { ownDriver } from '../../src/kafka/driver/own-driver.ts'
import { createLogs } from '../../src/service/logging/create-logs.ts'
import { startService } from '../../src/service/start/start-service.ts'
import { orderService } from './order-service.ts'

const { env } = process
const registryUrl = env['SCHEMA_REGISTRY_URL']!
const service = orderService({
  profile: env['PROFILE'] ?? 'orders',
  group: env['GROUP'] ?? 'payments',
  handler: env['HANDLER'] ?? 'noop',
  registryUrl,
})
const running = await startService(service, undefined, {
  settings: {
    server: { address: '127.0.0.1', port: Number(env['PORT']), maxBodyBytes: 1 << 20, graceMs: 0, shutdownMs: 30000 },
    management: {
      address: '127.0.0.1',
      port: undefined,
      exposure: {},
      showDetails: 'always',
      bounds: {},
      maxEventLoopDelayMs: 5000,
    } as never,
    kafka: { bootstrap: [env['KAFKA_BROKERS']!] },
    registry: { url: registryUrl },
    producer: { deliveryMs: 30_000, maxPendingBytes: 32 << 20, keyFields: {} },
    listener: {},
    logging: { format: 'json', levels: {} },
    app: {},
  },
  facts: { profiles: [], effective: [], found: [] },
  logs: createLogs({
    service: 'orders',
    format: 'json',
    levels: { ROOT: 'info' },
    colour: false,
    write: (t) => void process.stdout.write(t),
  }),
  info: { name: 'x', version: '1', node: process.version },
  driver: ownDriver,
  clock: systemClock,
})
process.on('SIGTERM', () => void running.stop({ signal: 'SIGTERM' }).then(({ code }) => process.exit(code)))
