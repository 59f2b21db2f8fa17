import { randomUUID } from 'node:crypto'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { Kafka, logLevel } from 'kafkajs'
import { listeners, log } from './listeners.js'
import { httpServer } from './server.js'
import { settingsFrom } from './settings.js'
import { group, produced, topics } from './topics.js'
import { decode, encode } from './values.js'

const settings = settingsFrom(process.env)
const registry = new SchemaRegistry({ host: settings.registryUrl })
const kafka = new Kafka({ clientId: group, brokers: settings.brokers, logLevel: logLevel.WARN })
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
const consumer = kafka.consumer({ groupId: group })

/** @type {import('./routes.js').Producing['send']} */
async function send(topic, key, event) {
  const formats = /** @type {import('./topics.js').Topic} */ (topics[topic])
  const value = await encode(formats.value, event, registry)
  const id = randomUUID()
  const message = { key: key === null ? null : await encode(formats.key, key, registry), value, headers: { ce_id: id } }
  const timestamp = new Date()
  const [at] = await producer.send({ topic, messages: [{ ...message, timestamp: String(timestamp.getTime()) }] })
  return { topic, partition: at?.partition, offset: Number(at?.baseOffset), timestamp: timestamp.toISOString(), id }
}

const server = httpServer({ produced, send })
if (produced.length > 0) await producer.connect()
const consumed = Object.keys(listeners)
if (consumed.length > 0) {
  await consumer.connect()
  await consumer.subscribe({ topics: consumed, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const format = topics[topic]?.value ?? { kind: 'bytes' }
      await listeners[topic]?.(await decode(format, message.value, registry), { topic, partition, offset: message.offset })
    },
  })
}
server.listen(settings.port, '127.0.0.1', () => log('started', { address: server.address() }))

for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, async () => {
    server.close()
    await Promise.all([consumer.disconnect(), producer.disconnect()])
    log('stopped', { signal })
    process.exit(0)
  })
