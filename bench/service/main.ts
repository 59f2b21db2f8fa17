// The contract's service as a program: SERVER_PORT, KAFKA_BOOTSTRAP_SERVERS, SCHEMA_REGISTRY_URL, PROFILE=orders|payments,
// HANDLER=noop|produce, GROUP. What it keeps, and what is to be kept by a program that is measured beside it:
// - `GET /actuator/health`: 200 when it is ready
// - PROFILE=orders: `POST /api/produce` of an OrderPlaced (orders.ts), key in `Event-Key`, is 202 with topic, partition and offset
//   when the record is acknowledged by all replicas
// - PROFILE=payments: every record of `orders.placed` is handled once; HANDLER=produce sends a PaymentSettled for each
// - `GET /lab/stats`: `{handled, sum, firstAt, lastAt}`, where `sum` is that of `amountCents`
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
