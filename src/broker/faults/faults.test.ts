import { describe, expect, test } from 'vitest'
import { askOnce } from '../../../test/support/ask-once.ts'
import { memoryBroker } from '../../../test/support/memory-broker.ts'
import { EvplatError } from '../../core/errors.ts'
import type { RequestOf } from '../../protocol/api.ts'
import { errorName } from '../../protocol/error-table.ts'
import { createTopics } from '../../protocol/messages/create-topics.ts'
import { findCoordinator } from '../../protocol/messages/find-coordinator.ts'
import { heartbeat } from '../../protocol/messages/heartbeat.ts'
import { listOffsets } from '../../protocol/messages/list-offsets.ts'
import { metadata } from '../../protocol/messages/metadata.ts'
import { produce } from '../../protocol/messages/produce.ts'
import { BatchBuilder } from '../../protocol/records/batch-builder.ts'
import { apiNames } from '../handlers.ts'
import type { RunningBroker } from '../start.ts'
import { createFaults } from './faults.ts'
import { type FaultRule, parseFaultRule } from './rule.ts'

const topic = (name: string) => ({ topics: [{ name }], allowAutoTopicCreation: true })
const ends = {
  replicaId: -1,
  isolationLevel: 0,
  topics: [{ name: 'a', partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
}

function records(): RequestOf<typeof produce> {
  const batch = new BatchBuilder()
  batch.add({ key: null, value: Buffer.from('x'), headers: [], timestamp: 1 })
  return {
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: 'a', partitionData: [{ index: 0, records: batch.finish() }] }],
  }
}

async function endOf(broker: RunningBroker): Promise<number> {
  const told = await askOnce(broker, [listOffsets, 7], ends)
  if (typeof told === 'string') throw new Error(told)
  return Number(told.topics[0]!.partitions[0]!.offset)
}

describe('a rule', () => {
  const bad: readonly (readonly [unknown, string])[] = [
    [7, 'it is not an object'],
    [{ do: 'error', value: 'NOT_LEADER_OR_FOLLOWER', wen: 1 }, 'there is no "wen" in one'],
    [{ match: { api: 'Produse' }, do: 'drop' }, 'the broker has no API "Produse"; it has '],
    [{ match: { topics: 'a' }, do: 'drop' }, '`match` has no "topics"'],
    [{ match: [], do: 'drop' }, '`match` is not an object'],
    [{ match: { topic: 1 }, do: 'drop' }, '`match.topic` is not a text'],
    [
      { do: 'explode' },
      '`do` is none of error, delay, drop, disconnect-before, disconnect-after, throttle, move-coordinator',
    ],
    [{ do: 'error', value: 'OOPS' }, "`value` is not the name of one of Kafka's errors"],
    [{ do: 'delay', value: -1 }, '`value` is not a number of milliseconds from 0 to 600000'],
    [{ do: 'drop', value: 1 }, '`drop` takes no `value`'],
    [{ do: 'move-coordinator' }, '`value` is not a number of milliseconds from 0 to 600000'],
    [
      { match: { api: 'Produce' }, do: 'move-coordinator', value: 1 },
      '`move-coordinator` meets requests of groups alone: ',
    ],
    [{ do: 'drop', count: 0 }, '`count` is not a whole number above 0'],
    [{ do: 'drop', probability: 2 }, '`probability` is not a number above 0 and up to 1'],
  ]
  test.each(bad)('%j is refused', (rule, why) => {
    const refuse = (): FaultRule => parseFaultRule(rule, apiNames)
    expect(refuse).toThrow(EvplatError)
    expect(refuse).toThrow(`this is no fault rule: ${why}`)
  })

  test('meets what it names, so often as it says, the first that matches', () => {
    const faults = createFaults(() => 0.5)
    const meet = (api: string, topics: readonly string[] = [], client: string | null = null) =>
      faults.meet({ api, client, topics: () => new Set(topics), groups: () => new Set() })?.do
    faults.add({ match: { api: 'Fetch', topic: 'a' }, count: 2, do: 'drop' })
    faults.add({ match: { client: 'me' }, do: 'disconnect-before' })
    faults.add({ match: {}, probability: 0.5, do: 'throttle', value: 1 })
    faults.add({ match: { api: 'Metadata' }, probability: 0.6, do: 'delay', value: 1 })
    expect(meet('Produce', ['a'])).toBeUndefined()
    expect([meet('Fetch', ['b', 'a'], 'me'), meet('Fetch', ['a']), meet('Fetch', ['a'])]).toEqual([
      'drop',
      'drop',
      undefined,
    ])
    expect([meet('Fetch', ['a'], 'me'), meet('Metadata')]).toEqual(['disconnect-before', 'delay'])
    expect(faults.list().map(({ id, met }) => [id, met])).toEqual([
      ['2', 1],
      ['3', 0],
      ['4', 1],
    ])
    expect([faults.remove('2'), faults.remove('2')]).toEqual([true, false])
    faults.clear()
    expect(faults.isEmpty()).toBe(true)
  })
})

describe('what befalls a request', () => {
  test('an error is answered, and nothing is done', async () => {
    const broker = await memoryBroker()
    await askOnce(broker, [metadata, 12], topic('a'))
    broker.faults.add({ match: { api: 'Produce', topic: 'a' }, count: 1, do: 'error', value: 'NOT_LEADER_OR_FOLLOWER' })
    const told = await askOnce(broker, [produce, 9], records())
    expect(told).toMatchObject({
      responses: [{ name: 'a', partitionResponses: [{ index: 0, errorCode: 6, baseOffset: 0n }] }],
    })
    expect(await endOf(broker)).toBe(0)
    expect(await askOnce(broker, [produce, 9], records())).toMatchObject({
      responses: [{ partitionResponses: [{ errorCode: 0 }] }],
    })
  })

  test('a connection that ends after the work has done it, one that ends before has not', async () => {
    const broker = await memoryBroker()
    await askOnce(broker, [metadata, 12], topic('a'))
    broker.faults.add({ match: { api: 'Produce' }, count: 1, do: 'disconnect-before' })
    expect([await askOnce(broker, [produce, 9], records()), await endOf(broker)]).toEqual(['ended', 0])
    broker.faults.add({ match: { api: 'Produce' }, count: 1, do: 'disconnect-after' })
    expect([await askOnce(broker, [produce, 9], records()), await endOf(broker)]).toEqual(['ended', 1])
    broker.faults.add({ match: { api: 'Produce' }, count: 1, do: 'drop' })
    expect([await askOnce(broker, [produce, 9], records(), { silenceMs: 200 }), await endOf(broker)]).toEqual([
      'nothing',
      2,
    ])
  })

  test('a throttle is told, a delay is waited for', async () => {
    const broker = await memoryBroker()
    broker.faults.add({ match: { client: 'slow' }, count: 1, do: 'throttle', value: 1234 })
    expect(await askOnce(broker, [metadata, 12], topic('a'), { clientId: 'slow' })).toMatchObject({
      throttleTimeMs: 1234,
    })
    broker.faults.add({ match: { client: 'slow' }, count: 1, do: 'delay', value: 600_000 })
    expect(await askOnce(broker, [metadata, 12], topic('a'), { clientId: 'slow', silenceMs: 200 })).toBe('nothing')
  })

  test('each kind of request has an answer that says an error', async () => {
    const broker = await memoryBroker()
    const say = (api: string, value: string): void =>
      void broker.faults.add({ match: { api }, count: 1, do: 'error', value })
    say('Metadata', 'LEADER_NOT_AVAILABLE')
    expect(await askOnce(broker, [metadata, 12], topic('b'))).toMatchObject({ topics: [{ name: 'b', errorCode: 5 }] })
    say('FindCoordinator', 'COORDINATOR_NOT_AVAILABLE')
    expect(await askOnce(broker, [findCoordinator, 3], { key: 'g', keyType: 0 })).toMatchObject({ errorCode: 15 })
    say('FindCoordinator', 'COORDINATOR_NOT_AVAILABLE')
    expect(await askOnce(broker, [findCoordinator, 4], { keyType: 0, coordinatorKeys: ['g'] })).toMatchObject({
      coordinators: [{ key: 'g', errorCode: 15 }],
    })
    say('Heartbeat', 'REBALANCE_IN_PROGRESS')
    expect(await askOnce(broker, [heartbeat, 4], { groupId: 'g', generationId: 1, memberId: 'm' })).toMatchObject({
      errorCode: 27,
    })
    say('CreateTopics', 'NOT_CONTROLLER')
    const made = await askOnce(broker, [createTopics, 5], {
      topics: [{ name: 'c', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 1000,
    })
    expect(typeof made === 'string' ? made : made.topics.map((t) => [t.name, errorName(t.errorCode)])).toEqual([
      ['c', 'NOT_CONTROLLER'],
    ])
    expect(broker.broker.topics.get('c')).toBeUndefined()
  })
})
