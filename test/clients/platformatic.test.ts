// @platformatic/kafka: a client in TypeScript that speaks the wire by itself.
import {
  Admin,
  type Consumer as AnyConsumer,
  type CompressionAlgorithmValue,
  Consumer,
  ConfigResourceTypes,
  IncrementalAlterConfigOperationTypes,
  ListOffsetTimestamps,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka'
import { clients } from './clients.ts'
import {
  type CodecCounts,
  type Report,
  type SeenRecord,
  codecCount,
  codecValue,
  onceCount,
  things,
} from './exercise.ts'
import { judge } from './judge.ts'
import { type Member, playGroup, until } from './three-members.ts'

type TextConsumer = AnyConsumer<string, string, string, string>
type TimedRecord = SeenRecord & { readonly timestamp: bigint }

const settings = (bootstrap: string) => ({ clientId: 'judge', bootstrapBrokers: [bootstrap], retryDelay: 50 })
const producerOf = (bootstrap: string, more: { readonly idempotent?: boolean } = {}) =>
  new Producer<string, string, string, string>({ ...settings(bootstrap), ...more, serializers: stringSerializers })
const consumerOf = (bootstrap: string, groupId: string): TextConsumer =>
  new Consumer({ ...settings(bootstrap), groupId, heartbeatInterval: 200, deserializers: stringDeserializers })

/** The code of Kafka's error within what is thrown. */
function apiCode(thrown: unknown): number {
  if (!(thrown instanceof Error)) return -1
  if ('apiCode' in thrown) return Number(thrown.apiCode)
  const inner: unknown[] = 'errors' in thrown && Array.isArray(thrown.errors) ? thrown.errors : []
  return Math.max(-1, ...inner.map(apiCode))
}

async function partitionCount(admin: Admin, topic: string): Promise<number> {
  const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true })
  return topics.get(topic)!.partitionsCount
}

async function playTopics(admin: Admin): Promise<Pick<Report, 'topics' | 'configs' | 'partitions'>> {
  const configs = [{ name: 'retention.ms', value: '3600000' }]
  const create = (): Promise<unknown> => admin.createTopics({ topics: ['fresh'], partitions: 3, replicas: 1, configs })
  await create()
  const again = await create().then(() => 0, apiCode)
  const topics = {
    listed: (await admin.listTopics()).includes('fresh'),
    partitions: await partitionCount(admin, 'fresh'),
    again,
  }
  const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: 'fresh' }
  const retention = async (): Promise<string> => {
    const described = await admin.describeConfigs({ resources: [{ ...resource, configurationKeys: ['retention.ms'] }] })
    return described[0]!.configs[0]!.value!
  }
  const before = await retention()
  const configOperation = IncrementalAlterConfigOperationTypes.SET
  const change = [{ name: 'retention.ms', configOperation, value: '7200000' }]
  await admin.incrementalAlterConfigs({ resources: [{ ...resource, configs: change }] })
  // it can't leave the choice to the broker
  const assignments = [{ brokerIds: [1] }, { brokerIds: [1] }]
  await admin.createPartitions({ topics: [{ name: 'fresh', count: 5, assignments }] })
  return { topics, configs: { before, after: await retention() }, partitions: await partitionCount(admin, 'fresh') }
}

/** Reads so many records of a topic's one partition. */
async function read(bootstrap: string, topic: string, count: number): Promise<TimedRecord[]> {
  const consumer = consumerOf(bootstrap, `reads-${topic}`)
  const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false, maxWaitTime: 100 })
  try {
    const seen: TimedRecord[] = []
    stream.on('data', ({ key, value, headers, timestamp }) => {
      seen.push({ key: key ?? null, value: value ?? null, headers: [...headers], timestamp })
    })
    await until(
      () => seen.length,
      (length) => length >= count,
    )
    return seen
  } finally {
    await stream.close()
    await consumer.close()
  }
}

async function offsetAt(admin: Admin, timestamp: bigint): Promise<number> {
  const topics = [{ name: 'things', partitions: [{ partitionIndex: 0, timestamp }] }]
  const [found] = await admin.listOffsets({ topics })
  return Number(found!.partitions[0]!.offset)
}

async function playRecords(bootstrap: string, admin: Admin): Promise<Partial<Report>> {
  const producer = producerOf(bootstrap)
  const start = BigInt(Date.now() - 10_000)
  const messages = things.map(({ key, value, headers }, i) => ({
    topic: 'things',
    ...(key === null ? {} : { key }),
    ...(value === null ? {} : { value }),
    headers: Object.fromEntries(headers),
    timestamp: start + BigInt(i * 1000),
  }))
  await producer.send({ messages })
  await producer.close()
  const seen = await read(bootstrap, 'things', things.length)
  const latest = await offsetAt(admin, ListOffsetTimestamps.LATEST)
  const second = await offsetAt(admin, start + 1000n)
  const times = { earliest: await offsetAt(admin, ListOffsetTimestamps.EARLIEST), second, latest }
  const topics = [{ name: 'things', partitionOffsets: [{ partition: 0, offset: 2n }] }]
  await admin.alterConsumerGroupOffsets({ groupId: 'reader', topics })
  const [reader] = await admin.listConsumerGroupOffsets({ groups: ['reader'] })
  const committed = Number(reader!.topics[0]!.partitions[0]!.committedOffset)
  await admin.deleteRecords({ topics: [{ name: 'things', partitions: [{ partition: 0, offset: 1n }] }] })
  return {
    records: seen.map(({ key, value, headers }) => ({ key, value, headers })),
    timestamps: seen.map(({ timestamp }) => Number(timestamp - start)),
    times,
    lag: { committed, lag: latest - committed },
    deleteRecords: await offsetAt(admin, ListOffsetTimestamps.EARLIEST),
  }
}

async function playCodecs(bootstrap: string): Promise<CodecCounts> {
  const producer = producerOf(bootstrap)
  const values = Array.from({ length: codecCount }, (_, i) => codecValue(i))
  const seen: Record<string, number> = {}
  for (const codec of clients.platformatic.codecs) {
    const topic = `codec-${codec}`
    const compression: CompressionAlgorithmValue = codec
    await producer.send({ compression, messages: values.map((value) => ({ topic, value })) })
    const records = await read(bootstrap, topic, codecCount)
    seen[codec] = values.filter((value, i) => records[i]?.value === value).length
  }
  await producer.close()
  return seen
}

async function join(bootstrap: string, see: (value: string) => void): Promise<Member> {
  const consumer = consumerOf(bootstrap, 'workers')
  const stream = await consumer.consume({
    topics: ['work'],
    mode: 'committed',
    fallbackMode: 'earliest',
    autocommit: 100,
    maxWaitTime: 100,
  })
  stream.on('data', ({ value }) => see(value))
  return {
    partitions: () => consumer.assignments?.find(({ topic }) => topic === 'work')?.partitions.length ?? 0,
    leave: async () => {
      await stream.close()
      await consumer.close()
    },
  }
}

async function playGroups(bootstrap: string, admin: Admin): Promise<Partial<Report>> {
  const producer = producerOf(bootstrap)
  const groups = await playGroup({
    join: (see) => join(bootstrap, see),
    write: async (partition, values) =>
      void (await producer.send({ messages: values.map((value) => ({ topic: 'work', partition, value })) })),
  })
  await producer.close()
  const isListed = async (): Promise<boolean> => (await admin.listGroups()).has('workers')
  const listed = await isListed()
  const state = (await admin.describeGroups({ groups: ['workers'] })).get('workers')!.state
  await admin.deleteGroups({ groups: ['workers'] })
  return {
    groups,
    groupAdmin: { listed, state: state[0] + state.slice(1).toLowerCase(), listedAfter: await isListed() },
  }
}

async function playOnce(bootstrap: string): Promise<number> {
  const producer = producerOf(bootstrap, { idempotent: true })
  let acknowledged = 0
  for (; acknowledged < onceCount; acknowledged++)
    await producer.send({ messages: [{ topic: 'once', value: String(acknowledged) }] })
  await producer.close()
  return acknowledged
}

async function play(bootstrap: string): Promise<Report> {
  const admin = new Admin(settings(bootstrap))
  try {
    const report: Report = {
      ...(await playTopics(admin)),
      ...(await playRecords(bootstrap, admin)),
      codecs: await playCodecs(bootstrap),
      ...(await playGroups(bootstrap, admin)),
      idempotence: await playOnce(bootstrap),
    }
    await admin.deleteTopics({ topics: ['fresh'] })
    return { ...report, deleteTopics: { listedAfter: (await admin.listTopics()).includes('fresh') } }
  } finally {
    await admin.close()
  }
}

judge(clients.platformatic, play)
