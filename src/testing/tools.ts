// What a test does to the broker beside the service: sends, reads, and asks for commits.
import { deadLetterTopicName } from '../core/failure-topic-names.ts'
import { committedOffsets } from '../kafka/admin/coordinator.ts'
import { Cluster } from '../kafka/cluster.ts'
import { ownDriver } from '../kafka/driver/own-driver.ts'
import type { DriverProducer, Headers, InRecord } from '../kafka/driver/port.ts'
import { createRegistryClient } from '../registry/client.ts'
import type { DeclaredService, KeyOf, Topics, ValueOf } from '../service/definition.ts'
import { createProducer } from '../service/producing/create-producer.ts'
import { type Values, createValues } from '../service/values/values.ts'
import type { Embedded } from '../stack/embedded/start-embedded.ts'
import { declareTopics } from './declare-topics.ts'
import { recordsOf } from './records-of.ts'
import type { RawRecord, TestRecord, TestedService } from './start-service.ts'

type Tools<T extends Topics> = Pick<TestedService<T>, 'send' | 'sendBytes' | 'events' | 'deadLetters' | 'committed'>

interface World<T extends Topics> {
  readonly service: DeclaredService
  readonly topics: T
  readonly cluster: Cluster
  readonly producer: DriverProducer
  readonly values: Values
}

export interface ToolsOptions<T extends Topics> {
  readonly service: DeclaredService
  readonly topics: T
  readonly partitions: number
  /** what is opened is closed by these, the last one first */
  readonly closes: (() => unknown)[]
}

const deliveryMs = 10_000

/** Connects, and puts topics and schemas in place. */
export async function openTools<T extends Topics>(embedded: Embedded, options: ToolsOptions<T>): Promise<Tools<T>> {
  const { service, topics, partitions, closes } = options
  const settings = { bootstrap: [embedded.bootstrap] }
  const cluster = await Cluster.connect(settings, { clientId: 'evplat-testing' })
  closes.push(() => cluster.close())
  const registry = createRegistryClient({ url: embedded.registryUrl })
  closes.push(() => registry.close())
  await declareTopics({ service, topics }, cluster, registry, partitions)
  const producer = ownDriver.produce(settings, { deliveryMs, onTrouble: () => undefined })
  closes.push(() => producer.close(1000))
  return toolsOf({ service, topics, cluster, producer, values: createValues(topics, registry) })
}

function toolsOf<T extends Topics>({ service, topics, cluster, producer, values }: World<T>): Tools<T> {
  const open = Object.fromEntries(Object.entries(topics).map(([name, topic]) => [name, { ...topic, produced: true }]))
  const sender = createProducer(values, producer, { service: { ...service, name: 'test' }, topics: open as T })
  return {
    send: (topic, event, options) => sender.send(topic, event, options),
    sendBytes: (topic, { key = null, value, headers = {}, partition }) =>
      producer.send({
        topic,
        key: bytes(key),
        value: bytes(value),
        headers: Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]),
        ...(partition !== undefined && { partition }),
      }),
    events: async <Name extends string & keyof T>(topic: Name) => {
      const records = await recordsOf(cluster, topic)
      return Promise.all(records.map((record) => eventOf<KeyOf<T[Name]>, ValueOf<T[Name]>>(values, record)))
    },
    deadLetters: async (topic) =>
      (await recordsOf(cluster, deadLetterTopicName(topic, service.group))).map(
        ({ key, value, headers }): RawRecord => ({ key, value, headers: textsOf(headers) }),
      ),
    committed: async (topic) => {
      const all = await committedOffsets(cluster, service.group)
      return new Map(
        all.filter((each) => each.topic === topic).map(({ partition, committed }) => [partition, committed]),
      )
    },
  }
}

const bytes = (given: Uint8Array | null): Buffer | null => given && Buffer.from(given)

/** Throws what keeps a record from being read. */
async function eventOf<Key, Value>(values: Values, record: InRecord): Promise<TestRecord<Key, Value>> {
  const decoded = await values.decode(record, record.topic)
  if (decoded.kind !== 'event') throw decoded.error
  const { partition, offset, headers } = record
  const [key, value] = [decoded.key as Key | null, decoded.event as Value]
  return { partition, offset, key, value, headers: textsOf(headers) }
}

function textsOf(headers: Headers): ReadonlyMap<string, string> {
  return new Map(headers.map(([name, value]) => [name, value?.toString('utf8') ?? '']))
}
