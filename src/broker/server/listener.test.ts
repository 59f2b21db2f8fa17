import { cpSync } from 'node:fs'
import { type Server, createServer } from 'node:net'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/evplat.ts'
import { memoryBroker, wireTo } from '../../../test/support/memory-broker.ts'
import { openRaw, requestBytes } from '../../../test/support/raw-client.ts'
import { apiVersions } from '../../protocol/messages/api-versions.ts'
import { fetch } from '../../protocol/messages/fetch.ts'
import { findCoordinator } from '../../protocol/messages/find-coordinator.ts'
import { joinGroup } from '../../protocol/messages/join-group.ts'
import { metadata } from '../../protocol/messages/metadata.ts'
import { type RunningBroker, startBroker } from '../start.ts'
import { diskFiles } from '../storage/disk-files.ts'
import { PartitionBook } from '../storage/partition-book.ts'

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === '::1')

async function occupy(host: string): Promise<Server> {
  const server = createServer().listen(0, host)
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return server
}

const portOf = (server: Server): number => (server.address() as { port: number }).port

describe('what is listened on', () => {
  const hosts = hasIpv6 ? ['127.0.0.1', '::1', 'localhost'] : ['127.0.0.1', 'localhost']

  test.each(hosts)(
    `by %s clients get in, and are told to come back by that address${hasIpv6 ? '' : ' (::1 skipped: this machine has no IPv6)'}`,
    async (host) => {
      const broker = await memoryBroker()
      const wire = await wireTo(broker, 'test', host)
      const told = host === 'localhost' ? expect.stringMatching(/^(127\.0\.0\.1|::1)$/) : host
      const where = { host: told, port: broker.port }
      expect(await wire.send(metadata, 1, { topics: [] })).toMatchObject({ answer: { brokers: [where] } })
      expect(await wire.send(findCoordinator, 1, { key: 'g', keyType: 0 })).toMatchObject({ answer: where })
    },
  )

  test('are the loopback addresses alone', async () => {
    const { port } = await memoryBroker()
    const outside = Object.values(networkInterfaces())
      .flat()
      .filter((each) => each !== undefined && !each.internal && each.family === 'IPv4')
    for (const each of outside) await expect(openRaw(port, each!.address)).rejects.toThrow(/ECONNREFUSED/)
    await expect(openRaw(port, '127.0.0.2')).rejects.toThrow(/ECONNREFUSED/)
  })

  test.each(hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'])(
    'a port that is taken on %s is one clear error, and nothing stays open',
    async (host) => {
      const port = portOf(await occupy(host))
      await expect(memoryBroker({ port })).rejects.toMatchObject({
        code: 'port-taken',
        message: `port ${port} is taken`,
        parts: { hint: 'choose another port, or 0 for any free one' },
      })
      if (host === '::1') await expect(openRaw(port)).rejects.toThrow(/ECONNREFUSED/)
    },
  )
})

test('a thousand idle connections are in nobody’s way, and end with the broker', async () => {
  const broker = await memoryBroker()
  const idle = await Promise.all(Array.from({ length: 1000 }, () => openRaw(broker.port)))
  const wire = await wireTo(broker)
  for (let i = 0; i < 20; i++) expect(await wire.send(apiVersions, 0, {})).toHaveProperty('answer')
  idle[999]!.write(requestBytes([apiVersions, 0], {}))
  await idle[999]!.answers(1)
  await broker.close()
  expect(await Promise.all(idle.map((each) => each.isEnded()))).not.toContain(false)
})

describe('the end', () => {
  test('answers long polls and waiting members, and takes no new request', async () => {
    const broker = await memoryBroker()
    const wire = await wireTo(broker)
    await wire.send(metadata, 4, { topics: [{ name: 'orders' }], allowAutoTopicCreation: true })
    const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1000 }]
    const poll = wire.send(fetch, 4, {
      maxWaitMs: 600_000,
      minBytes: 1,
      maxBytes: 1000,
      topics: [{ topic: 'orders', partitions }],
    })
    const join = {
      groupId: 'g',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 600_000,
      memberId: '',
      protocolType: 'consumer',
    }
    const protocols = [{ name: 'range', metadata: Buffer.alloc(0) }]
    const first = await (await wireTo(broker)).send(joinGroup, 3, { ...join, protocols })
    expect(first).toMatchObject({ answer: { errorCode: 0 } })
    const second = (await wireTo(broker)).send(joinGroup, 3, { ...join, protocols })
    await expect.poll(() => broker.broker.groups.describe('g').members.length).toBe(2)
    const closed = broker.close()
    expect(await poll).toMatchObject({ answer: { responses: [{ partitions: [{ errorCode: 0 }] }] } })
    expect(await second).toMatchObject({ answer: { errorCode: 16 } })
    await closed
    expect(await wire.send(apiVersions, 0, {})).toEqual({ closed: true })
    await expect(openRaw(broker.port)).rejects.toThrow(/ECONNREFUSED/)
  })

  test('leaves a mark by which the next start knows that nothing was cut off; a process that is killed leaves none', async () => {
    const folder = temporaryFolder()
    const wasStopped = (): boolean => {
      const copy = join(temporaryFolder(), 'copy')
      cpSync(folder, copy, { recursive: true })
      return new PartitionBook(diskFiles(copy), () => undefined).wasStopped
    }
    const start = (): Promise<RunningBroker> =>
      startBroker({ files: diskFiles(folder), durability: 'process', port: 0 })
    const first = await start()
    await (await wireTo(first)).send(metadata, 4, { topics: [{ name: 'orders' }], allowAutoTopicCreation: true })
    const whileItRuns = wasStopped() // a killed process leaves its files as they are at that moment
    await first.close()
    const afterItsEnd = wasStopped()
    const second = await start()
    const whileTheNextRuns = wasStopped()
    await second.close()
    expect([whileItRuns, afterItsEnd, whileTheNextRuns, wasStopped()]).toEqual([false, true, false, true])
  })
})
