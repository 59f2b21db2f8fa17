// The same contract without the library: Fastify, the codec and the driver, and nothing else. What a service costs more than this is
// what the library costs. Its environment is that of main.ts.
import fastify from 'fastify'
import { createDecoder } from '../../src/avro/decode.ts'
import { createEncoder } from '../../src/avro/encode.ts'
import { parseSchema } from '../../src/avro/parse.ts'
import { withSchemaId, wirePrefix } from '../../src/avro/wire-format.ts'
import { ownDriver } from '../../src/kafka/driver/own-driver.ts'
import type { DriverConsumer, InRecord } from '../../src/kafka/driver/port.ts'
import {
  type OrderPlaced,
  Stats,
  orderSchema,
  paymentSchema,
  placed,
  registerSchemas,
  settle,
  settled,
} from './orders.ts'

const { env } = process
const kafka = { bootstrap: [env['KAFKA_BROKERS']!] }
const ids = await registerSchemas(env['SCHEMA_REGISTRY_URL']!)
const producer = ownDriver.produce(kafka, { deliveryMs: 30_000, onTrouble: console.error })
const stats = new Stats()

const schema = parseSchema(JSON.stringify(orderSchema))
const [encodeOrder, encodePayment] = [createEncoder(schema), createEncoder(parseSchema(JSON.stringify(paymentSchema)))]
const decodeOrder = createDecoder(schema) as unknown as (bytes: Buffer) => OrderPlaced
const orderId = ids.get(`${placed}-value`)!
const paymentId = ids.get(`${settled}-value`)!

let consumer: DriverConsumer | undefined

function offsetsAfter({ topic, partition, offset }: InRecord) {
  return new Map([[topic, new Map([[partition, offset + 1]])]])
}

/** Keeps up with what is handed over: a batch at a time of a partition. */
async function take(records: readonly InRecord[]): Promise<void> {
  const orders = records.map(({ value }) => decodeOrder(value!.subarray(wirePrefix)))
  if (env['HANDLER'] !== 'noop') {
    const { topic, partition } = records[0]!
    const here = new Map([[topic, [partition]]])
    consumer!.pause(here)
    const sends = orders.map((order) => {
      const value = withSchemaId(paymentId, encodePayment({ ...settle(order) }))
      return producer.send({ topic: settled, key: Buffer.from(order.orderId), value, headers: [] })
    })
    await Promise.all(sends)
    consumer!.resume(here)
  }
  for (const order of orders) stats.count(order)
  await consumer!.commit(offsetsAfter(records.at(-1)!), AbortSignal.timeout(10_000))
}

const app = fastify()
app.get('/actuator/health', async () => ({ status: 'UP' }))
app.get('/lab/stats', async () => stats)
if (env['PROFILE'] === 'orders')
  app.post('/api/produce', async ({ body, headers }) => {
    const value = withSchemaId(orderId, encodeOrder(body as never))
    return producer.send({ topic: placed, key: Buffer.from(String(headers['event-key'])), value, headers: [] })
  })
await app.listen({ port: Number(env['PORT']), host: '127.0.0.1' })
if (env['PROFILE'] === 'payments') {
  const options = {
    group: env['GROUP']!,
    topics: [placed],
    startFrom: 'earliest',
    sessionMs: 45_000,
    rebalanceMs: 60_000,
  }
  consumer = ownDriver.consume(kafka, options as never, {
    assigned: () => undefined,
    records: (records) => void take(records),
    revoked: async () => undefined,
    lost: () => undefined,
    trouble: console.error,
  })
}
process.on('SIGTERM', () => process.exit(0))
