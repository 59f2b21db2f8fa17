// Services and Java on a real Kafka and our registry: each reads what the other has written, whoever registered the schema.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { type Json, stringifyJson } from '../../src/core/json.ts'
import { Cluster } from '../../src/kafka/cluster.ts'
import { createTopics } from '../../src/kafka/admin/topics.ts'
import { ownDriver } from '../../src/kafka/driver/own-driver.ts'
import { createRegistryClient } from '../../src/registry/client.ts'
import { readSettings } from '../../src/service/config/read-settings.ts'
import { type ServiceDefinition, defineService } from '../../src/service/define-service.ts'
import type { Delivery, Topic, Topics } from '../../src/service/definition.ts'
import { createLogs } from '../../src/service/logging/create-logs.ts'
import { type RunningService, startService } from '../../src/service/start/start-service.ts'
import { missingOf, needed } from '../support/found.ts'
import { type JavaAvro, type JavaEvent, type KeyedEvent, javaAvroJars, openJavaAvro } from '../support/java-avro.ts'
import { eventsOf, orderSchema } from '../support/java-order.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'
import { startTestRegistry } from '../support/registry-server.ts'
import { startSingleKafka } from '../support/single-kafka.ts'

const jars = await javaAvroJars()
const missing = missingForNative() ?? missingOf(jars)
const count = 1000

const topicOf = (name: string, produced: boolean): Topic<string, Json> => ({
  key: { kind: 'string' },
  value: { kind: 'avro', subject: `${name}-value`, schema: orderSchema },
  produced,
  consumed: !produced,
})
/** `registered.by-java` first seen by Java; the other schemas are registered as `apply` does it */
const topics = {
  'registered.by-java': topicOf('registered.by-java', false),
  'registered.by-us': topicOf('registered.by-us', false),
  'sent.by-service': topicOf('sent.by-service', true),
}
type OrderTopics = typeof topics

const sorted = <T extends KeyedEvent>(events: readonly T[]): T[] =>
  events.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))

/** Everything that it is given it keeps, and sends on. */
function forwarding(seen: Map<string, KeyedEvent[]>): ServiceDefinition<OrderTopics, unknown> {
  const handle = async (
    value: Json,
    { key, topic, producer }: Delivery<OrderTopics, keyof OrderTopics>,
  ): Promise<void> => {
    await producer.send('sent.by-service', value, { key: key! })
    seen.set(topic, [...(seen.get(topic) ?? []), { key: key!, value }])
  }
  const listener = { concurrency: { by: 'key', max: 100 }, handle } as const
  return defineService({
    service: { name: 'forwarding', group: 'forwarding' },
    topics,
    listeners: { 'registered.by-java': listener, 'registered.by-us': listener },
  })
}

async function start<T extends Topics>(
  definition: ServiceDefinition<T, unknown>,
  folder: string,
  bootstrap: string,
  registryUrl: string,
): Promise<RunningService> {
  const args = [`--kafka.bootstrapServers=${bootstrap}`, `--schemaRegistry.url=${registryUrl}`, '--server.port=0']
  const { service } = definition
  const input = { folder, env: {}, args, service, topics: definition.topics }
  const { settings, facts } = await readSettings(input)
  const logs = createLogs({ service: service.name, ...settings.logging, colour: false, write: () => undefined })
  const info = { name: service.name, version: '', node: '' }
  return startService(definition, {}, { settings, facts, logs, info, driver: ownDriver })
}

describe.skipIf(missing !== undefined)(`services and Java${skipNote(missing)}`, () => {
  const closes: (() => unknown)[] = []
  const seen = new Map<string, KeyedEvent[]>()
  const [first, second] = [eventsOf('first', count), eventsOf('second', count)]
  let java: JavaAvro

  beforeAll(async () => {
    const kafka = await startSingleKafka({ javaOptions: ['-Xmx512m', '-XX:+UseSerialGC'], configs: {} })
    closes.push(() => kafka.close())
    const bootstrap = `127.0.0.1:${kafka.port}`
    const registry = await startTestRegistry()
    closes.push(() => registry.close())
    java = await openJavaAvro(needed(jars), bootstrap, registry.url)
    closes.push(() => java.close())
    const cluster = await Cluster.connect({ bootstrap: [bootstrap] })
    const wanted = Object.keys(topics).map((name) => ({ name, partitions: 3, replication: 1, configs: [] }))
    await createTopics(cluster, wanted, false)
    cluster.close()
    const client = createRegistryClient({ url: registry.url })
    for (const subject of ['registered.by-us-value', 'sent.by-service-value'])
      await client.register(subject, { schema: stringifyJson(orderSchema) })
    client.close()
    await java.write('registered.by-java', 'register', stringifyJson(orderSchema), first)
    const folder = mkdtempSync(join(tmpdir(), 'evplat-services-java-'))
    closes.push(() => rmSync(folder, { recursive: true, force: true }))
    const service = await start(forwarding(seen), folder, bootstrap, registry.url)
    closes.push(() => service.stop({ signal: 'the end of the test' }))
  })
  afterAll(async () => {
    for (const close of closes.toReversed()) await close()
  })

  /** What was handled of a topic, when that is as much as was written. */
  async function handled(topic: string): Promise<KeyedEvent[]> {
    const all = (): KeyedEvent[] => seen.get(topic) ?? []
    await waitFor(() => Promise.resolve(all().length >= count || undefined), { timeoutMs: 60_000 })
    return sorted(all())
  }
  const withoutClass = (events: readonly JavaEvent[]): KeyedEvent[] =>
    sorted(events).map(({ key, value }) => ({ key, value }))
  const classesOf = (events: readonly JavaEvent[]): unknown[] => [
    ...new Set(events.filter(({ value }) => value !== null).map((each) => each.class)),
  ]

  test('a service handles what Java has written with a schema that Java registered', async () => {
    expect(await handled('registered.by-java')).toEqual(sorted(first))
  })

  test('a service handles what Java has written with a schema that was there, and is not registered by Java', async () => {
    await java.write('registered.by-us', 'lookup', stringifyJson(orderSchema), second)
    expect(await handled('registered.by-us')).toEqual(sorted(second))
  })

  test('Java reads what a service has sent, as generic records', async () => {
    const events = await java.read('sent.by-service', 'generic')
    expect(withoutClass(events)).toEqual(sorted([...first, ...second]))
    expect(classesOf(events)).toEqual(['org.apache.avro.generic.GenericData$Record'])
  })

  test('Java reads what a service has sent, as the classes that are generated from the schema', async () => {
    await java.generate(stringifyJson(orderSchema))
    const events = await java.read('sent.by-service', 'specific')
    expect(withoutClass(events)).toEqual(sorted([...first, ...second]))
    expect(classesOf(events)).toEqual(['evplat.java.JavaOrder'])
  })
})
