// kafka-ts: a younger client in TypeScript; its admin requests are those of the wire.
import { API, KafkaTSApiError, createKafkaClient, setLogger } from 'kafka-ts'
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

type Client = ReturnType<typeof createKafkaClient>
type Cluster = ReturnType<Client['createCluster']>

const quiet = (): void => undefined
const topicResource = 2
const timeoutMs = 10_000

function connect(bootstrap: string, clientId: string): Client {
  const [host, port] = bootstrap.split(':')
  return createKafkaClient({ clientId, bootstrapServers: [{ host: host!, port: Number(port) }] })
}

async function partitionsByTopic(cluster: Cluster): Promise<Map<string | null, number>> {
  const { topics } = await cluster.sendRequest(API.METADATA, { topics: null, allowTopicAutoCreation: false })
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]))
}

async function playTopics(cluster: Cluster): Promise<Pick<Report, 'topics' | 'configs' | 'partitions'>> {
  const configs = [{ name: 'retention.ms', value: '3600000' }]
  const topics = [{ name: 'fresh', numPartitions: 3, replicationFactor: 1, assignments: [], configs }]
  const create = (): Promise<unknown> =>
    cluster.sendRequest(API.CREATE_TOPICS, { topics, timeoutMs, validateOnly: false })
  await create()
  const again = await create().then(
    () => 0,
    (thrown: unknown) => (thrown instanceof KafkaTSApiError ? thrown.errorCode : -1),
  )
  const shapes = await partitionsByTopic(cluster)
  const retention = async (): Promise<string> => {
    const resources = [{ resourceType: topicResource, resourceName: 'fresh', configurationKeys: ['retention.ms'] }]
    const answer = await cluster.sendRequest(API.DESCRIBE_CONFIGS, { resources, includeSynonyms: false })
    return answer.results[0]!.configs[0]!.value!
  }
  const before = await retention()
  const change = [{ name: 'retention.ms', configOperation: 0, value: '7200000' }]
  const resources = [{ resourceType: topicResource, resourceName: 'fresh', configs: change }]
  await cluster.sendRequest(API.INCREMENTAL_ALTER_CONFIGS, { resources, validateOnly: false })
  const after = await retention()
  const more = [{ name: 'fresh', count: 5, assignments: null }]
  await cluster.sendRequest(API.CREATE_PARTITIONS, { topics: more, timeoutMs, validateOnly: false })
  return {
    topics: { listed: shapes.has('fresh'), partitions: shapes.get('fresh')!, again },
    configs: { before, after },
    partitions: (await partitionsByTopic(cluster)).get('fresh')!,
  }
}

type TimedRecord = SeenRecord & { readonly timestamp: bigint }

/** Reads so many records of a topic without a group. */
async function read(client: Client, topic: string, count: number): Promise<TimedRecord[]> {
  const seen: TimedRecord[] = []
  const consumer = await client.startConsumer({
    topics: [topic],
    fromBeginning: true,
    maxWaitMs: 100,
    onBatch: (messages) => {
      for (const { key, value, headers, timestamp } of messages)
        seen.push({ key, value, headers: Object.entries(headers), timestamp })
    },
  })
  try {
    await until(
      () => seen.length,
      (length) => length >= count,
    )
    return seen
  } finally {
    await consumer.close()
  }
}

async function offsetAt(cluster: Cluster, timestamp: number): Promise<number> {
  const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: BigInt(timestamp) }]
  const topics = [{ name: 'things', partitions }]
  const answer = await cluster.sendRequest(API.LIST_OFFSETS, { replicaId: -1, isolationLevel: 0, topics })
  return Number(answer.topics[0]!.partitions[0]!.offset)
}

const noId = '00000000-0000-0000-0000-000000000000'

async function playLag(cluster: Cluster): Promise<NonNullable<Report['lag']>> {
  const position = { partitionIndex: 0, committedOffset: 2n, committedLeaderEpoch: -1, committedMetadata: null }
  await cluster.sendRequest(API.OFFSET_COMMIT, {
    groupId: 'reader',
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    topics: [{ name: 'things', topicId: noId, partitions: [position] }],
  })
  const topics = [{ name: 'things', topicId: noId, partitionIndexes: [0] }]
  const answer = await cluster.sendRequest(API.OFFSET_FETCH, {
    groups: [{ groupId: 'reader', topics }],
    requireStable: false,
  })
  const committed = Number(answer.groups[0]!.topics[0]!.partitions[0]!.committedOffset)
  return { committed, lag: (await offsetAt(cluster, -1)) - committed }
}

async function playRecords(client: Client, cluster: Cluster): Promise<Partial<Report>> {
  const producer = client.createProducer({})
  const start = Date.now() - 10_000
  for (const [i, { key, value, headers }] of things.entries()) {
    const timestamp = BigInt(start + i * 1000)
    await producer.send([{ topic: 'things', key, value, headers: Object.fromEntries(headers), timestamp }])
  }
  await producer.close()
  const seen = await read(client, 'things', things.length)
  const times = {
    earliest: await offsetAt(cluster, -2),
    second: await offsetAt(cluster, start + 1000),
    latest: await offsetAt(cluster, -1),
  }
  const lag = await playLag(cluster)
  const topics = [{ name: 'things', partitions: [{ partitionIndex: 0, offset: 1n }] }]
  await cluster.sendRequest(API.DELETE_RECORDS, { topics, timeoutMs })
  return {
    records: seen.map(({ key, value, headers }) => ({ key, value, headers })),
    timestamps: seen.map(({ timestamp }) => Number(timestamp) - start),
    times,
    lag,
    deleteRecords: await offsetAt(cluster, -2),
  }
}

async function playCodecs(client: Client): Promise<CodecCounts> {
  const producer = client.createProducer({})
  const values = Array.from({ length: codecCount }, (_, i) => codecValue(i))
  await producer.send(values.map((value) => ({ topic: 'codec-none', value })))
  await producer.close()
  const records = await read(client, 'codec-none', codecCount)
  return { none: values.filter((value, i) => records[i]?.value === value).length }
}

/** How many partitions of "work" a member has: its consumers do not tell, the group does. */
async function assignedTo(cluster: Cluster, clientId: string): Promise<number> {
  const { groups } = await cluster.sendRequest(API.DESCRIBE_GROUPS, { groups: ['workers'] })
  const member = groups[0]!.members.find((each) => each.clientId === clientId)
  // version, one topic and its name come first
  const at = 2 + 4 + 2 + 'work'.length
  return member && member.memberAssignment.length > at ? member.memberAssignment.readInt32BE(at) : 0
}

let joined = 0

async function join(bootstrap: string, cluster: Cluster, see: (value: string) => void): Promise<Member> {
  const clientId = `member-${joined++}`
  const consumer = await connect(bootstrap, clientId).startConsumer({
    groupId: 'workers',
    topics: ['work'],
    fromBeginning: true,
    maxWaitMs: 100,
    onBatch: (messages) => messages.forEach(({ value }) => see(value!)),
  })
  let partitions = 0
  const watch = setInterval(() => void assignedTo(cluster, clientId).then((count) => (partitions = count), quiet), 100)
  const leave = async (): Promise<void> => {
    clearInterval(watch)
    await consumer.close()
  }
  return { partitions: () => partitions, leave }
}

async function playGroups(bootstrap: string, cluster: Cluster): Promise<Partial<Report>> {
  const producer = connect(bootstrap, 'writer').createProducer({})
  const groups = await playGroup({
    join: (see) => join(bootstrap, cluster, see),
    write: (partition, values) => producer.send(values.map((value) => ({ topic: 'work', partition, value }))),
  })
  await producer.close()
  const isListed = async (): Promise<boolean> =>
    (await cluster.sendRequest(API.LIST_GROUPS, {})).groups.some(({ groupId }) => groupId === 'workers')
  const listed = await isListed()
  const described = await cluster.sendRequest(API.DESCRIBE_GROUPS, { groups: ['workers'] })
  await cluster.sendRequest(API.DELETE_GROUPS, { groupsNames: ['workers'] })
  return { groups, groupAdmin: { listed, state: described.groups[0]!.groupState, listedAfter: await isListed() } }
}

async function playOnce(client: Client): Promise<number> {
  const producer = client.createProducer({})
  let acknowledged = 0
  for (; acknowledged < onceCount; acknowledged++) await producer.send([{ topic: 'once', value: String(acknowledged) }])
  await producer.close()
  return acknowledged
}

async function play(bootstrap: string): Promise<Report> {
  setLogger({ debug: quiet, info: quiet, warn: quiet, error: quiet })
  const client = connect(bootstrap, 'judge')
  const cluster = client.createCluster()
  await cluster.connect()
  try {
    const report: Report = {
      ...(await playTopics(cluster)),
      ...(await playRecords(client, cluster)),
      codecs: await playCodecs(client),
      ...(await playGroups(bootstrap, cluster)),
      idempotence: await playOnce(client),
    }
    await cluster.sendRequest(API.DELETE_TOPICS, { topics: [{ name: 'fresh', topicId: null }], timeoutMs })
    return { ...report, deleteTopics: { listedAfter: (await partitionsByTopic(cluster)).has('fresh') } }
  } finally {
    await cluster.disconnect()
  }
}

judge(clients['kafka-ts'], play)
