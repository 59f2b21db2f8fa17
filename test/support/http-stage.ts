// A service's HTTP side before the embedded broker and registry, all real.
import { onTestFinished } from 'vitest'
import { type Json, type JsonObject, parseJson, stringifyJson } from '../../src/core/json.ts'
import { createTopics } from '../../src/kafka/admin/topics.ts'
import { withCluster } from './records.ts'
import { createRegistryClient } from '../../src/registry/client.ts'
import { type Embedded, startEmbedded } from '../../src/stack/embedded/start-embedded.ts'
import type { Topics } from '../../src/service/definition.ts'
import { ownDriver } from '../../src/kafka/driver/own-driver.ts'
import type { DriverProducer, OutRecord } from '../../src/kafka/driver/port.ts'
import { createLogs } from '../../src/service/logging/create-logs.ts'
import type { Logs } from '../../src/service/logging/words.ts'
import { createProducer } from '../../src/service/producing/create-producer.ts'
import { createTracing } from '../../src/service/tracing/create-tracing.ts'
import { createValues } from '../../src/service/values/values.ts'
import { type Http, type HttpOptions, createHttp } from '../../src/service/http/create-http.ts'

const order = {
  type: 'record',
  name: 'shop.Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'items', type: { type: 'array', items: 'int' }, default: [] },
  ],
} as const
const events = { type: 'map', values: ['null', 'boolean', 'long', 'double', 'string'] } as const
const avro = (subject: string, schema: Json) => ({ kind: 'avro', subject, schema }) as const
const roles = { produced: true, consumed: false }
export const topics: Topics = {
  events: { key: { kind: 'string' }, value: avro('events-value', events), ...roles },
  orders: { key: avro('orders-key', 'long'), value: avro('orders-value', order), ...roles },
  notes: { key: { kind: 'string' }, value: { kind: 'string' }, ...roles },
  blobs: { key: { kind: 'bytes' }, value: { kind: 'bytes' }, ...roles },
  seen: { key: { kind: 'string' }, value: { kind: 'json' }, produced: false, consumed: true },
}

export interface Stage {
  readonly http: Http
  readonly url: string
  readonly embedded: Embedded
  readonly sent: OutRecord[]
  readonly lines: JsonObject[]
  /** the messages above debug */
  readonly logged: () => unknown[]
  readonly logs: Logs
  readonly values: ReturnType<typeof createValues>
  readonly close: () => Promise<void>
}

/** A service that has produced nothing yet; `registered`: whether the registry knows its schemas. All ends with the test. */
export async function stage(more: Partial<HttpOptions> = {}, registered = true): Promise<Stage> {
  const embedded = await startEmbedded()
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= embedded.close())
  onTestFinished(close)
  const registry = createRegistryClient({ url: embedded.registryUrl }, { timeoutMs: 1000 })
  onTestFinished(() => registry.close())
  for (const { value, key } of registered ? Object.values(topics) : [])
    for (const side of [key, value])
      if (side.kind === 'avro') await registry.register(side.subject, { schema: stringifyJson(side.schema) })
  await withCluster(embedded.bootstrap, (cluster) =>
    createTopics(
      cluster,
      Object.keys(topics).map((name) => ({ name, partitions: 1, replication: 1, configs: [] })),
      false,
    ),
  )
  const driver = ownDriver.produce({ bootstrap: [embedded.bootstrap] }, { deliveryMs: 2000, onTrouble: () => {} })
  onTestFinished(() => driver.close(1000))
  const sent: OutRecord[] = []
  const watched: DriverProducer = {
    send: (record) => (sent.push(record), driver.send(record)),
    pendingBytes: 0,
    close: (timeoutMs) => driver.close(timeoutMs),
  }
  const values = createValues(topics, registry)
  const service = { name: 'shop', group: 'shop' }
  const lines: JsonObject[] = []
  const write = (line: string): void => void lines.push(parseJson(line) as JsonObject)
  const logs = createLogs({ service: 'shop', format: 'json', levels: { ROOT: 'debug' }, colour: false, write })
  const tracing = createTracing()
  const http = await createHttp({
    service,
    topics,
    producer: tracing.producer(createProducer(values, watched, { service, topics })),
    pendingBytes: () => driver.pendingBytes,
    log: logs.logger('http'),
    around: (request) => tracing.request(request),
    host: '127.0.0.1',
    port: 0,
    ...more,
  })
  const url = await http.listen()
  onTestFinished(() => http.close())
  const logged = (): unknown[] => lines.filter(({ level }) => level !== 'debug').map(({ message }) => message)
  return { http, url, embedded, sent, lines, logged, logs, values, close }
}

/** Sends it as JSON unless told otherwise. */
export async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  })
  return { status: response.status, headers: response.headers, body: parseJson(await response.text()) as JsonObject }
}
