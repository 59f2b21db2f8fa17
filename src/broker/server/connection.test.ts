import { describe, expect, test } from 'vitest'
import { someTime } from '../../../test/differential/data-requests.ts'
import { batchOf, consume } from '../../../test/support/log-fixture.ts'
import { memoryBroker, wireTo } from '../../../test/support/memory-broker.ts'
import { openRaw, requestBytes } from '../../../test/support/raw-client.ts'
import { apiVersions } from '../../protocol/messages/api-versions.ts'
import { describeConfigs } from '../../protocol/messages/describe-configs.ts'
import { fetch } from '../../protocol/messages/fetch.ts'
import { metadata } from '../../protocol/messages/metadata.ts'
import { produce } from '../../protocol/messages/produce.ts'
import type { RunningBroker } from '../start.ts'

const MiB = 1024 * 1024

const ask = (correlationId: number): Buffer => requestBytes([apiVersions, 0], {}, { correlationId })
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

function produceBytes(
  records: Buffer,
  more: { correlationId?: number; acks?: number; clientId?: string } = {},
): Buffer {
  const { acks = -1, ...header } = more
  const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }]
  return requestBytes([produce, 3], { acks, timeoutMs: 5000, topicData }, header)
}

function fetchBytes(more: { correlationId?: number; clientId?: string; maxWaitMs?: number }): Buffer {
  const { maxWaitMs = 0, ...header } = more
  const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: MiB }]
  const wish = { maxWaitMs, minBytes: maxWaitMs > 0 ? 100 * MiB : 0, maxBytes: MiB }
  return requestBytes([fetch, 4], { ...wish, topics: [{ topic: 'orders', partitions }] }, header)
}

const record = (value: string) => batchOf([{ value, timestamp: someTime }])
const configs = { 'log.retention.ms': '-1' }

/** A broker with the topic `orders`, and one batch of 1 MB in it. */
async function brokerWithMegabyte(): Promise<RunningBroker> {
  const broker = await memoryBroker({ configs })
  const wire = await wireTo(broker)
  await wire.send(metadata, 4, { topics: [{ name: 'orders' }], allowAutoTopicCreation: true })
  const topicData = [{ name: 'orders', partitionData: [{ index: 0, records: record('x'.repeat(1_000_000)) }] }]
  expect(await wire.send(produce, 9, { acks: -1, timeoutMs: 5000, topicData })).toMatchObject({
    answer: { responses: [{ partitionResponses: [{ errorCode: 0 }] }] },
  })
  return broker
}

describe('requests', () => {
  test('are understood byte by byte, cut anywhere, and several in one write', async () => {
    const client = await openRaw((await memoryBroker()).port)
    const three = Buffer.concat(numbers(3).map(ask))
    for (const byte of three) client.write(Buffer.from([byte]))
    await client.answers(3)
    for (let cut = 1; cut < three.length; cut += 5) {
      client.write(three.subarray(0, cut))
      client.write(three.subarray(cut))
    }
    client.write(Buffer.concat([three, three, three]))
    const rounds = Math.ceil((three.length - 1) / 5) + 4
    await client.answers(3 * rounds)
    expect(client.ids()).toEqual(Array.from({ length: rounds }, () => [1, 2, 3]).flat())
  })

  test('are answered in their order while the first one waits, and what comes after it is done meanwhile', async () => {
    const broker = await brokerWithMegabyte()
    const client = await openRaw(broker.port)
    const log = broker.broker.topics.get('orders')!.partitions[0]!
    const late = fetchBytes({ correlationId: 1, maxWaitMs: 60_000 })
    client.write(Buffer.concat([late, produceBytes(record('a'), { correlationId: 2 }), ask(3)]))
    await expect.poll(() => log.highWatermark).toBe(2)
    expect(client.frames).toEqual([])
    const closed = broker.close() // ends the long poll
    await client.answers(3)
    expect(client.ids()).toEqual([1, 2, 3])
    await closed
  })

  test('behind one that a fault delays wait for it, so that records keep their order', async () => {
    const broker = await brokerWithMegabyte()
    const log = broker.broker.topics.get('orders')!.partitions[0]!
    broker.faults.add({ match: { api: 'Produce', client: 'slow' }, count: 1, do: 'delay', value: 50 })
    const client = await openRaw(broker.port)
    const sent = ['a', 'b'].map((value, i) => produceBytes(record(value), { correlationId: i + 1, clientId: 'slow' }))
    client.write(Buffer.concat(sent))
    await client.answers(2)
    expect([client.ids(), consume(log, 1).map(({ value }) => value)]).toEqual([
      [1, 2],
      ['a', 'b'],
    ])
  })

  test('behind one that ends the connection are not done', async () => {
    const broker = await brokerWithMegabyte()
    const log = broker.broker.topics.get('orders')!.partitions[0]!
    broker.faults.add({ match: { api: 'ApiVersions' }, count: 1, do: 'disconnect-before' })
    const client = await openRaw(broker.port)
    client.write(Buffer.concat([ask(1), produceBytes(record('a'))]))
    expect([await client.isEnded(), log.highWatermark]).toEqual([true, 1])
  })
})

describe('a client that does not read', () => {
  test('costs a bounded amount of memory, and nobody else waits; when it reads, all is there', async () => {
    const broker = await brokerWithMegabyte()
    // a rule that changes nothing counts the fetches that were done
    broker.faults.add({ match: { client: 'deaf' }, do: 'throttle', value: 0 })
    const served = (): number => broker.faults.list()[0]!.met
    const client = await openRaw(broker.port)
    client.deafen()
    const asked = numbers(10_000).map((correlationId) => fetchBytes({ correlationId, clientId: 'deaf' }))
    client.write(Buffer.concat(asked))
    await expect.poll(served).toBeGreaterThan(16)
    const other = await wireTo(broker, 'other')
    for (let i = 0; i < 50; i++) expect(await other.send(apiVersions, 0, {})).toHaveProperty('answer')
    // 16 MB wait here, and what the kernel takes for both ends
    expect(served()).toBeLessThan(60)
    client.hear()
    await client.answers(200)
    expect(client.ids().slice(0, 200)).toEqual(numbers(200))
    client.close()
  })

  test('costs no more when its answers wait behind a long poll', async () => {
    const broker = await brokerWithMegabyte()
    broker.faults.add({ match: { client: 'deaf' }, do: 'throttle', value: 0 })
    const client = await openRaw(broker.port)
    const asked = numbers(1000).map((correlationId) => fetchBytes({ correlationId, clientId: 'deaf' }))
    client.write(Buffer.concat([fetchBytes({ maxWaitMs: 60_000 }), ...asked]))
    const other = await wireTo(broker, 'other')
    await expect.poll(() => broker.faults.list()[0]!.met).toBeGreaterThan(10)
    for (let i = 0; i < 50; i++) expect(await other.send(apiVersions, 0, {})).toHaveProperty('answer')
    expect([broker.faults.list()[0]!.met, client.frames.length]).toEqual([17, 0])
  })
})

describe('the size of a request', () => {
  async function atMost(size: number, given: Record<string, string>): Promise<readonly [boolean, boolean]> {
    const broker = await memoryBroker({ configs: given })
    const overhead = produceBytes(Buffer.alloc(0)).length - 4
    const [fits, tooLarge] = [await openRaw(broker.port), await openRaw(broker.port)]
    fits.write(produceBytes(Buffer.alloc(size - overhead)))
    await fits.answers(1)
    tooLarge.write(produceBytes(Buffer.alloc(size - overhead + 1)).subarray(0, 4))
    return [fits.frames.length === 1, await tooLarge.isEnded()]
  }

  test('is 100 MB at most: exactly that is taken, one more ends the connection', async () => {
    expect(await atMost(104_857_600, {})).toEqual([true, true])
  })

  test('is what the config says that the broker tells', async () => {
    const given = { 'socket.request.max.bytes': '5000' }
    expect(await atMost(5000, given)).toEqual([true, true])
    const wire = await wireTo(await memoryBroker({ configs: given }))
    const resources = [{ resourceType: 4, resourceName: '1', configurationKeys: ['socket.request.max.bytes'] }]
    expect(await wire.send(describeConfigs, 1, { resources })).toMatchObject({
      answer: { results: [{ configs: [{ value: '5000' }] }] },
    })
  })

  test.each([-1, -2_147_483_648, 0, 3, 2_147_483_647])('that is %d ends the connection', async (size) => {
    const client = await openRaw((await memoryBroker()).port)
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(size)
    client.write(bytes)
    expect([await client.isEnded(), client.frames]).toEqual([true, []])
  })
})
