// Other people's clients judge what ours sees of a cluster: kafkajs and kafka-ts, which share no code with it or with each other.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { AssignerProtocol, Kafka, logLevel } from 'kafkajs'
import { API, createKafkaClient, setLogger } from 'kafka-ts'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { EvplatError } from '../../src/core/errors.ts'
import { readTopicConfigs } from '../../src/kafka/admin/configs.ts'
import { committedOffsets } from '../../src/kafka/admin/coordinator.ts'
import { type GroupDescription, describeGroup, listGroups } from '../../src/kafka/admin/groups.ts'
import { readTopicShapes } from '../../src/kafka/admin/topics.ts'
import { listOffsets } from '../../src/kafka/read/list-offsets.ts'
import { needed } from '../support/found.ts'
import { programs, toolJars } from '../support/kafka-shell.ts'
import { skipNote } from '../support/native-runtime.ts'
import { withCluster } from '../support/records.ts'
import { javaOffsets } from '../scenarios/groups.ts'
import { type Stage, setStage } from '../scenarios/stage.ts'
import { type TestStack, stackIsMissing, startStack } from '../support/test-stack.ts'

const missing = stackIsMissing()
const quiet = (): void => undefined
setLogger({ debug: quiet, info: quiet, warn: quiet, error: quiet })

/** In an order that does not depend on who tells them. */
function sorted<T>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

/** Where a value comes from, by the number that Kafka gives it (KIP-226). */
const sources = ['unknown', 'topic', 'broker', 'cluster', 'static', 'default']

const time = 1_767_225_600_000
const topic = 'judges.events'
const topicResource = 2

type Described = GroupDescription & { readonly lag: number }

function address(bootstrap: string): { host: string; port: number } {
  const [host, port] = bootstrap.split(':')
  return { host: host!, port: Number(port) }
}

describe.skipIf(missing !== undefined)(`what other clients see${skipNote(missing)}`, () => {
  let stack: TestStack
  let stage: Stage
  let kafkajs: Kafka
  let kafkaTs: ReturnType<ReturnType<typeof createKafkaClient>['createCluster']>
  beforeAll(async () => {
    stack = await startStack('version: "4.3"')
    stage = setStage(stack, 'judges')
    const { bootstrap } = stack
    kafkajs = new Kafka({ clientId: 'judge', brokers: [bootstrap], logLevel: logLevel.NOTHING })
    kafkaTs = createKafkaClient({ clientId: 'judge', bootstrapServers: [address(bootstrap)] }).createCluster()
    await kafkaTs.connect()
    await stage.declare(
      `topics:\n  ${topic}: { partitions: 4, value: string, config: { retention.ms: -1, max.message.bytes: 500000 } }\n  judges.empty: {}\n`,
    )
    await stack.platform.succeed('apply', '--yes', '-f', 'judges.yaml')
    // partition 0 has six records, 1 five, 2 four, 3 none; the first two of partition 0 are deleted
    const records = [6, 5, 4].flatMap((count, partition) =>
      Array.from({ length: count }, (_, i) => ({
        topic,
        partition,
        timestamp: BigInt(time + i * 1000),
        key: null,
        value: `${partition}-${i}`,
      })),
    )
    await stage.java.write(bootstrap, records)
    await withAdmin(async (admin) => {
      // it deletes only from a topic that it has asked about before
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] })
    })
  })
  afterAll(async () => {
    await kafkaTs?.disconnect()
    await stack?.close()
  })

  async function withAdmin<T>(work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = kafkajs.admin()
    await admin.connect()
    try {
      return await work(admin)
    } finally {
      await admin.disconnect()
    }
  }

  test('topics: names, partitions, leaders, replicas', async () => {
    const ours = await withCluster(stack.bootstrap, (cluster) => readTopicShapes(cluster, null))
    const shapes = [...ours.values()].map(({ name, isInternal, partitions }) => ({ name, isInternal, partitions }))
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1)
    const { topics } = await withAdmin((admin) => admin.fetchTopicMetadata())
    expect(shapes.map(({ name, partitions }) => ({ name, partitions })).toSorted(byName)).toEqual(
      topics
        .map(({ name, partitions }) => ({
          name,
          partitions: partitions
            .map((p) => ({ id: p.partitionId, leader: p.leader, replicas: p.replicas, inSync: p.isr }))
            .toSorted((a, b) => a.id - b.id),
        }))
        .toSorted(byName),
    )
    const answer = await kafkaTs.sendRequest(API.METADATA, { topics: null, allowTopicAutoCreation: false })
    expect(shapes.toSorted(byName)).toEqual(
      answer.topics
        .map(({ name, isInternal, partitions }) => ({
          name: name!,
          isInternal,
          partitions: partitions
            .map((p) => ({ id: p.partitionIndex, leader: p.leaderId, replicas: p.replicaNodes, inSync: p.isrNodes }))
            .toSorted((a, b) => a.id - b.id),
        }))
        .toSorted(byName),
    )
    const listed = await stage.json<{ name: string; partitions: number }[]>('topics list')
    expect(listed.map(({ name, partitions }) => [name, partitions])).toEqual(
      sorted(
        topics
          .filter(({ name }) => !name.startsWith('_'))
          .map(({ name, partitions }) => [name, partitions.length] as const),
      ),
    )
  })

  test('configs: every key, its value and where it comes from', async () => {
    const ours = (await withCluster(stack.bootstrap, (cluster) => readTopicConfigs(cluster, [topic]))).get(topic)!
    const seen = sorted([...ours].map(([name, { value, source }]) => [name, value, source]))
    const resources = [{ type: topicResource, name: topic }]
    const described = await withAdmin((admin) => admin.describeConfigs({ includeSynonyms: false, resources }))
    expect(seen).toEqual(
      sorted(
        described.resources[0]!.configEntries.map(({ configName, configValue, configSource }) => [
          configName,
          configValue,
          sources[configSource],
        ]),
      ),
    )
    const answer = await kafkaTs.sendRequest(API.DESCRIBE_CONFIGS, {
      resources: [{ resourceType: topicResource, resourceName: topic, configurationKeys: null }],
      includeSynonyms: false,
    })
    expect(seen).toEqual(
      sorted(answer.results[0]!.configs.map(({ name, value, configSource }) => [name, value, sources[configSource]])),
    )
    const { configs } = await stage.json<{ configs: { name: string; source: string }[] }>(`topics describe ${topic}`)
    expect(configs.filter(({ source }) => source === 'topic')).toEqual([
      { name: 'max.message.bytes', value: '500000', source: 'topic' },
      { name: 'retention.ms', value: '-1', source: 'topic' },
    ])
  })

  test('offsets: first, next, and at a time', async () => {
    const partitions = [0, 1, 2, 3]
    const ask = (at: 'start' | 'end' | { timestamp: number }): Promise<[number, number][]> =>
      withCluster(stack.bootstrap, async (cluster) =>
        sorted([...(await listOffsets(cluster, { topic, partitions, at, readCommitted: false }))]),
      )
    const moment = time + 3500
    const seen = { start: await ask('start'), end: await ask('end'), at: await ask({ timestamp: moment }) }
    expect(seen.start.map(([, offset]) => offset)).toEqual([2, 0, 0, 0])
    expect(seen.end.map(([, offset]) => offset)).toEqual([6, 5, 4, 0])
    expect(seen.at.map(([, offset]) => offset)).toEqual([4, 4, -1, -1])
    const ends = await withAdmin((admin) => admin.fetchTopicOffsets(topic))
    const inOrder = ends.toSorted((a, b) => a.partition - b.partition)
    expect(seen.start).toEqual(inOrder.map(({ partition, low }) => [partition, Number(low)]))
    expect(seen.end).toEqual(inOrder.map(({ partition, high }) => [partition, Number(high)]))
    const leader = (await kafkaTs.sendRequest(API.METADATA, { topics: [{ id: null, name: topic }] })).topics[0]!
      .partitions[0]!.leaderId
    for (const [name, timestamp] of [
      ['start', -2n],
      ['end', -1n],
      ['at', BigInt(moment)],
    ] as const) {
      const answer = await kafkaTs.sendRequestToNode(leader)(API.LIST_OFFSETS, {
        replicaId: -1,
        isolationLevel: 0,
        topics: [
          {
            name: topic,
            partitions: partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp })),
          },
        ],
        timeoutMs: 10_000,
      })
      const found = answer.topics[0]!.partitions.map((p) => [p.partitionIndex, Number(p.offset)])
      expect([name, sorted(found)]).toEqual([name, seen[name]])
    }
  })

  /** The group as `groups describe` tells it, once it has so many members and these offsets. */
  async function atRest(group: string, count: number, offsets: readonly (readonly number[])[]): Promise<Described> {
    const found = await waitFor(
      async () => {
        const { code, stdout } = await stage.run(`groups describe ${group} -o json`)
        const described = code === 0 ? (JSON.parse(stdout) as Described) : undefined
        const isThere = described?.members.length === count && isDeepStrictEqual(offsetsOf(described), offsets)
        return isThere && ['Stable', 'Empty'].includes(described.state) ? described : undefined
      },
      { timeoutMs: 60_000 },
    )
    if (found) return found
    throw new Error(`group ${group} does not come to rest:\n${await stage.done(`groups describe ${group}`)}`)
  }

  /** `[partition, committed, end, lag]` of each */
  const offsetsOf = ({ offsets }: Described): number[][] =>
    offsets.map((offset) => [offset.partition, offset.committed, offset.end, offset.lag])

  test('a group with members of kafkajs: who reads what, how far, how far behind', async () => {
    const group = 'judges.classic'
    const consumers = await Promise.all(
      ['first', 'second'].map(async (clientId) => {
        const consumer = new Kafka({ clientId, brokers: [stack.bootstrap], logLevel: logLevel.NOTHING }).consumer({
          groupId: group,
          maxWaitTimeInMs: 100,
        })
        onTestFinished(() => consumer.disconnect())
        await consumer.connect()
        await consumer.subscribe({ topic, fromBeginning: true })
        await consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() })
        return consumer
      }),
    )
    await atRest(group, 2, [])
    await consumers[0]!.commitOffsets([
      { topic, partition: 0, offset: '4' },
      { topic, partition: 1, offset: '5' },
      { topic, partition: 2, offset: '0' },
    ])
    const seen = await atRest(group, 2, [
      [0, 4, 6, 2],
      [1, 5, 5, 0],
      [2, 0, 4, 4],
    ])
    expect([seen.state, seen.type, seen.lag]).toEqual(['Stable', 'classic', 6])
    const described = (await withAdmin((admin) => admin.describeGroups([group]))).groups[0]!
    expect(described.state).toBe('Stable')
    const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1)
    expect(seen.members.map(({ id, client, partitions }) => ({ id, client, partitions })).toSorted(byId)).toEqual(
      described.members
        .map(({ memberId, clientId, memberAssignment }) => {
          const { assignment } = AssignerProtocol.MemberAssignment.decode(memberAssignment)!
          const partitions = assignment[topic]!.map((partition) => ({ topic, partition }))
          return { id: memberId, client: clientId, partitions }
        })
        .toSorted(byId),
    )
    expect(sorted(seen.members.map(({ client }) => client))).toEqual(['first', 'second'])
    const answer = await kafkaTs.sendRequest(API.DESCRIBE_GROUPS, {
      groups: [group],
      includeAuthorizedOperations: false,
    })
    expect(sorted(answer.groups[0]!.members.map(({ memberId, clientHost }) => [memberId, clientHost]))).toEqual(
      sorted(seen.members.map(({ id, host }) => [id, host])),
    )
    const fetched = await withAdmin((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }))
    expect(
      fetched[0]!.partitions
        .map(({ partition, offset }) => ({ topic, partition, committed: Number(offset) }))
        .filter(({ committed }) => committed >= 0)
        .toSorted((a, b) => a.partition - b.partition),
    ).toEqual(await withCluster(stack.bootstrap, (cluster) => committedOffsets(cluster, group)))
    const { groups } = await withAdmin((admin) => admin.listGroups())
    expect((await stage.json<{ name: string }[]>('groups list')).map(({ name }) => name)).toEqual(
      sorted(groups.map(({ groupId }) => groupId)),
    )
    const text = await stage.done(`groups describe ${group}`)
    expect(text).toMatch(/^judges\.classic {2}Stable, 2 members, lag 6\n/)
    expect(text).toMatch(/\njudges\.events +3 +- +- +- +(first|second) /)

    await consumers[0]!.disconnect()
    expect((await atRest(group, 1, offsetsOf(seen))).members[0]!.partitions).toHaveLength(4)
    await consumers[1]!.disconnect()
    expect((await atRest(group, 0, offsetsOf(seen))).state).toBe('Empty')
  })

  test('a group of the newer protocol (KIP-848): Java and kafka-ts share it, evplat tells it and goes on in it', async () => {
    const group = 'judges.newer'
    const javaReader = await startConsoleConsumer(group)
    const all = [
      [0, 6, 6, 0],
      [1, 5, 5, 0],
      [2, 4, 4, 0],
      [3, 0, 0, 0],
    ]
    const alone = await atRest(group, 1, all)
    expect([alone.state, alone.type, alone.lag]).toEqual(['Stable', 'consumer', 0])
    expect(await stage.json('groups list')).toContainEqual({ name: group, state: 'Stable', type: 'consumer' })
    const other = await createKafkaClient({
      clientId: 'kafka-ts',
      bootstrapServers: [address(stack.bootstrap)],
    }).startConsumer({
      groupId: group,
      groupProtocol: 'consumer',
      topics: [topic],
      onBatch: quiet,
    })
    onTestFinished(() => other.close(true).then(quiet, quiet))
    const both = await waitFor(
      async () => {
        const described = await atRest(group, 2, all)
        return described.members.every(({ partitions }) => partitions.length === 2) ? described : undefined
      },
      { timeoutMs: 60_000 },
    )
    const answer = await kafkaTs.sendRequest(API.CONSUMER_GROUP_DESCRIBE, {
      groupIds: [group],
      includeAuthorizedOperations: false,
    })
    const seen = both!.members.map(({ id, client, host, partitions }) => [id, client, host, partitions])
    expect(sorted(seen)).toEqual(
      sorted(
        answer.groups[0]!.members.map(({ memberId, clientId, clientHost, assignment }) => [
          memberId,
          clientId,
          clientHost,
          assignment.topicPartitions.flatMap(({ topicName, partitions }) =>
            partitions.map((partition) => ({ topic: topicName, partition })),
          ),
        ]),
      ),
    )
    const byJava = await javaOffsets(stage, group)
    expect(byJava.map(({ partition, committed, end, lag }) => [partition, committed, end, lag])).toEqual(all)
    expect(sorted(byJava.map(({ client }) => client))).toEqual(
      sorted(both!.members.flatMap(({ client, partitions }) => partitions.map(() => client))),
    )
    await other.close()
    await javaReader.stop()
    expect((await atRest(group, 0, all)).state).toBe('Empty')
    await stage.done(`produce ${topic} -p 3`, 'new\n')
    expect(JSON.parse(await stage.done(`consume ${topic} --group ${group} --exit`))).toMatchObject({
      partition: 3,
      offset: 0,
      value: 'new',
    })
    await atRest(group, 0, [...all.slice(0, 3), [3, 1, 1, 0]])
  })

  test('while the broker starts again, groups and offsets are told as they are, or that nobody answers', async () => {
    const group = 'judges.restart'
    await withAdmin((admin) => admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '3' }] }))
    let isUp = false
    const restarted = stack.restartBroker().finally(() => (isUp = true))
    const answers = new Set<string>()
    for (let after = 0; after < 5; after += isUp ? 1 : 0) {
      const told = await withCluster(stack.bootstrap, async (cluster) => {
        const { offsets } = await describeGroup(cluster, group)
        const names = (await listGroups(cluster)).map(({ name }) => name)
        const query = { topic, partitions: [1], readCommitted: true } as const
        const end = (await listOffsets(cluster, { ...query, at: 'end' })).get(1)
        return JSON.stringify([offsets.map(({ committed, lag }) => [committed, lag]), names.includes(group), end])
      }).catch((thrown: unknown) =>
        thrown instanceof EvplatError && thrown.code === 'broker-unreachable' ? 'unreachable' : String(thrown),
      )
      answers.add(told)
      await sleep(10)
    }
    await restarted
    expect([...answers].filter((told) => told !== 'unreachable')).toEqual(['[[[3,3]],true,5]'])
  })

  /** Java's console consumer as a member of a group; it ends with the test. */
  async function startConsoleConsumer(group: string): Promise<{ stop(): Promise<unknown> }> {
    const classPath = needed(await toolJars('4.3'))
    const settings = ['group.protocol=consumer', 'auto.commit.interval.ms=200'].flatMap((one) => [
      '--consumer-property',
      one,
    ])
    const java = spawn(
      'java',
      ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', classPath, programs.consoleConsumer]
        .concat(['--bootstrap-server', stack.bootstrap, '--topic', topic, '--group', group, '--from-beginning'])
        .concat(settings),
      { stdio: 'ignore' },
    )
    const ended = once(java, 'close')
    onTestFinished(() => void java.kill('SIGKILL'))
    return {
      stop: () => {
        java.kill('SIGTERM')
        return ended
      },
    }
  }
})
