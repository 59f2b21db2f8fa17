// Errors that a rule gives to topics: to those that it names, or to all of a request.
import { describe, expect, test } from 'vitest'
import { askOnce } from '../../../test/support/ask-once.ts'
import { memoryBroker } from '../../../test/support/memory-broker.ts'
import { batchOf } from '../../../test/support/log-fixture.ts'
import { errorName } from '../../protocol/error-table.ts'
import { createTopics } from '../../protocol/messages/create-topics.ts'
import { metadata } from '../../protocol/messages/metadata.ts'
import { produce } from '../../protocol/messages/produce.ts'

const topic = (name: string) => ({ topics: [{ name }], allowAutoTopicCreation: true })

describe('an error of one topic', () => {
  const named = (...names: string[]) =>
    names.map((name) => ({ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }))

  test('is told of that topic alone, and the others are done', async () => {
    const broker = await memoryBroker()
    broker.faults.add({ match: { topic: 'b' }, count: 1, do: 'error', value: 'POLICY_VIOLATION' })
    const made = await askOnce(broker, [createTopics, 5], { topics: named('a', 'b', 'c'), timeoutMs: 1000 })
    if (typeof made === 'string') throw new Error(made)
    expect(Object.fromEntries(made.topics.map((t) => [t.name, errorName(t.errorCode)]))).toEqual({
      a: 'NONE',
      b: 'POLICY_VIOLATION',
      c: 'NONE',
    })
    expect(['a', 'b', 'c'].map((name) => broker.broker.topics.get(name) !== undefined)).toEqual([true, false, true])
    broker.faults.add({ match: { api: 'Metadata', topic: 'a' }, count: 1, do: 'error', value: 'LEADER_NOT_AVAILABLE' })
    const asked = { topics: [{ name: 'a' }, { name: 'c' }], allowAutoTopicCreation: false }
    expect(await askOnce(broker, [metadata, 9], asked)).toMatchObject({
      brokers: [{ nodeId: 1, port: broker.port }],
      controllerId: 1,
      topics: [
        { name: 'c', errorCode: 0 },
        { name: 'a', errorCode: 5, partitions: [] },
      ],
    })
  })

  const topicData = [{ name: 'a', partitionData: [{ index: 0, records: batchOf([{ value: 'x' }]) }] }]
  const unanswered = { acks: 0, timeoutMs: 1000, topicData }

  test('without acknowledgement ends the connection: nobody waits for an answer', async () => {
    const broker = await memoryBroker()
    await askOnce(broker, [metadata, 12], topic('a'))
    broker.faults.add({ match: { api: 'Produce' }, count: 1, do: 'error', value: 'NOT_LEADER_OR_FOLLOWER' })
    expect(await askOnce(broker, [produce, 9], unanswered)).toBe('ended')
  })
})

test('a broker that refuses to tell of topics still tells of the cluster', async () => {
  const broker = await memoryBroker()
  await askOnce(broker, [metadata, 12], topic('a'))
  broker.faults.add({ match: { api: 'Metadata' }, do: 'error', value: 'LEADER_NOT_AVAILABLE' })
  for (const topics of [[{ name: 'a' }], null])
    expect(await askOnce(broker, [metadata, 9], { topics, allowAutoTopicCreation: true })).toMatchObject({
      brokers: [{ nodeId: 1, port: broker.port }],
      clusterId: broker.broker.clusterId,
      controllerId: 1,
      topics: [{ name: 'a', errorCode: 5 }],
    })
})
