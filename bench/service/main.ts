// The contract's service as a program: SERVER_PORT, KAFKA_BOOTSTRAP_SERVERS, SCHEMA_REGISTRY_URL, PROFILE=orders|payments,
// HANDLER=noop|produce, GROUP.
import { run } from '../../src/service/run/run.ts'
import { orderService } from './order-service.ts'

const { env } = process
await run(
  orderService({
    profile: env['PROFILE'] ?? 'orders',
    group: env['GROUP'] ?? 'payments',
    handler: env['HANDLER'] ?? 'noop',
    registryUrl: env['SCHEMA_REGISTRY_URL'] ?? '',
  }),
)
