// kafkajs: a client in JavaScript that many Node services use.
import { type Admin, CompressionTypes, ConfigResourceTypes, Kafka, type Producer, logLevel } from 'kafkajs'
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

const text = (bytes: Buffer | null | undefined): string | null => bytes?.toString() ?? null
const client = (bootstrap: string): Kafka => new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING })

async function playTopics(admin: Admin): Promise<Pick<Report, 'topics' | 'configs' | 'partitions'>> {
  const fresh = { topic: 'fresh', numPartitions: 3, configEntries: [{ name: 'retention.ms', value: '3600000' }] }
  await admin.createTopics({ topics: [fresh] })
  // it tells this one error as `false`
  const again = (await admin.createTopics({ topics: [fresh] })) ? 0 : 36
  const listed = (await admin.listTopics()).includes('fresh')
  const partitionCount = async (): Promise<number> =>
    (await admin.fetchTopicMetadata({ topics: ['fresh'] })).topics[0]!.partitions.length
  const partitions = await partitionCount()
  const retention = async (): Promise<string> => {
    const asked = { type: ConfigResourceTypes.TOPIC, name: 'fresh', configNames: ['retention.ms'] }
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [asked] })
    return resources[0]!.configEntries[0]!.configValue
  }
  const before = await retention()
  const change = {
    type: ConfigResourceTypes.TOPIC,
    name: 'fresh',
    configEntries: [{ name: 'retention.ms', value: '7200000' }],
  }
  await admin.alterConfigs({ validateOnly: false, resources: [change] })
  const configs = { before, after: await retention() }
  await admin.createPartitions({ topicPartitions: [{ topic: 'fresh', count: 5 }] })
  return { topics: { listed, partitions, again }, configs, partitions: await partitionCount() }
}

/** Reads so many records of a topic's one partition. */
async function read(
  kafka: Kafka,
  topic: string,
  count: number,
): Promise<(SeenRecord & { readonly timestamp: number })[]> {
  const consumer = kafka.consumer({ groupId: `reads-${topic}` })
  const seen: (SeenRecord & { timestamp: number })[] = []
  try {
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ message: { key, value, headers, timestamp } }) => {
        const pairs = Object.entries(headers ?? {}).map(([name, content]) => [name, String(content)] as const)
        seen.push({ key: text(key), value: text(value), headers: pairs, timestamp: Number(timestamp) })
      },
    })
    await until(
      () => seen.length,
      (length) => length >= count,
    )
    return seen
  } finally {
    await consumer.disconnect()
  }
}

async function playRecords(kafka: Kafka, admin: Admin, producer: Producer): Promise<Partial<Report>> {
  const start = Date.now() - 10_000
  const messages = things.map(({ key, value, headers }, i) => ({
    key,
    value,
    headers: Object.fromEntries(headers),
    timestamp: String(start + i * 1000),
  }))
  await producer.send({ topic: 'things', messages })
  const seen = await read(kafka, 'things', things.length)
  const [offsets] = await admin.fetchTopicOffsets('things')
  const [second] = await admin.fetchTopicOffsetsByTimestamp('things', start + 1000)
  await admin.setOffsets({ groupId: 'reader', topic: 'things', partitions: [{ partition: 0, offset: '2' }] })
  const [reader] = await admin.fetchOffsets({ groupId: 'reader', topics: ['things'] })
  const committed = Number(reader!.partitions[0]!.offset)
  await admin.deleteTopicRecords({ topic: 'things', partitions: [{ partition: 0, offset: '1' }] })
  const [later] = await admin.fetchTopicOffsets('things')
  return {
    records: seen.map(({ key, value, headers }) => ({ key, value, headers })),
    timestamps: seen.map(({ timestamp }) => timestamp - start),
    times: { earliest: Number(offsets!.low), second: Number(second!.offset), latest: Number(offsets!.high) },
    lag: { committed, lag: Number(offsets!.high) - committed },
    deleteRecords: Number(later!.low),
  }
}

async function playCodecs(kafka: Kafka, producer: Producer): Promise<CodecCounts> {
  const values = Array.from({ length: codecCount }, (_, i) => codecValue(i))
  const seen: Record<string, number> = {}
  for (const [codec, compression] of [
    ['none', CompressionTypes.None] as const,
    ['gzip', CompressionTypes.GZIP] as const,
  ]) {
    const topic = `codec-${codec}`
    await producer.send({ topic, compression, messages: values.map((value) => ({ value })) })
    const records = await read(kafka, topic, codecCount)
    seen[codec] = values.filter((value, i) => records[i]?.value === value).length
  }
  return seen
}

async function join(kafka: Kafka, see: (value: string) => void): Promise<Member> {
  const consumer = kafka.consumer({ groupId: 'workers', heartbeatInterval: 200 })
  let partitions = 0
  consumer.on(consumer.events.REBALANCING, () => (partitions = 0))
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => (partitions = payload.memberAssignment['work']?.length ?? 0))
  await consumer.connect()
  await consumer.subscribe({ topic: 'work', fromBeginning: true })
  await consumer.run({ eachMessage: async ({ message }) => see(String(message.value)) })
  return { partitions: () => partitions, leave: () => consumer.disconnect() }
}

async function playGroups(kafka: Kafka, admin: Admin, producer: Producer): Promise<Partial<Report>> {
  const groups = await playGroup({
    join: (see) => join(kafka, see),
    write: async (partition, values) =>
      void (await producer.send({ topic: 'work', messages: values.map((value) => ({ value, partition })) })),
  })
  const isListed = async (): Promise<boolean> =>
    (await admin.listGroups()).groups.some(({ groupId }) => groupId === 'workers')
  const listed = await isListed()
  const { state } = (await admin.describeGroups(['workers'])).groups[0]!
  await admin.deleteGroups(['workers'])
  return { groups, groupAdmin: { listed, state, listedAfter: await isListed() } }
}

async function playOnce(kafka: Kafka): Promise<number> {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  let acknowledged = 0
  for (; acknowledged < onceCount; acknowledged++)
    await producer.send({ topic: 'once', messages: [{ value: String(acknowledged) }] })
  await producer.disconnect()
  return acknowledged
}

async function play(bootstrap: string): Promise<Report> {
  const kafka = client(bootstrap)
  const admin = kafka.admin()
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await Promise.all([admin.connect(), producer.connect()])
  try {
    const report: Report = {
      ...(await playTopics(admin)),
      ...(await playRecords(kafka, admin, producer)),
      codecs: await playCodecs(kafka, producer),
      ...(await playGroups(kafka, admin, producer)),
      idempotence: await playOnce(kafka),
    }
    await admin.deleteTopics({ topics: ['fresh'] })
    return { ...report, deleteTopics: { listedAfter: (await admin.listTopics()).includes('fresh') } }
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()])
  }
}

judge(clients.kafkajs, play)
