// What other brokers of this kind got wrong about their beginning, their end, and what users asked them for.
import { lookup } from 'node:dns/promises'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/broker/clock.ts'
import { serveFaults } from '../../src/broker/faults/control.ts'
import { apiNames } from '../../src/broker/handlers.ts'
import { type BrokerOptions, type RunningBroker, startBroker } from '../../src/broker/start.ts'
import { diskFiles } from '../../src/broker/storage/disk-files.ts'
import { Cluster } from '../../src/kafka/cluster.ts'
import { apiVersions } from '../../src/protocol/messages/api-versions.ts'
import { metadata } from '../../src/protocol/messages/metadata.ts'
import { numbered, putOne } from '../differential/data-requests.ts'
import { create, topic } from '../differential/requests.ts'
import { send } from '../differential/scenario.ts'
import { openWire } from '../differential/wire.ts'
import { temporaryFolder } from '../support/evplat.ts'
import { consume } from '../support/log-fixture.ts'
import { memoryBroker, wireTo } from '../support/memory-broker.ts'
import { batch, forEver, producedError, tell, told } from './stage.ts'

async function onDisk(folder: string, more: Partial<BrokerOptions> = {}): Promise<RunningBroker> {
  const options = { files: diskFiles(folder), durability: 'process', port: 0, configs: forEver, ...more } as const
  const broker = await startBroker(options)
  onTestFinished(() => broker.close())
  return broker
}

const valuesOf = ({ broker }: RunningBroker): (string | null)[] =>
  consume(broker.topics.get('orders')!.partitions[0]!).map(({ value }) => value)

test('a bug in one request ends its connection alone: the broker goes on, and so does what it holds', async () => {
  const bugs: unknown[] = []
  let isBroken = false
  const now = (): number => {
    if (!isBroken) return systemClock.now()
    isBroken = false
    throw new Error('a bug')
  }
  const broker = await memoryBroker({
    clock: { ...systemClock, now },
    onBug: (thrown) => bugs.push(thrown),
    configs: forEver,
  })
  const [wire, other] = [await wireTo(broker), await wireTo(broker)]
  await tell(wire, create(7, [topic('orders')]))
  isBroken = true
  await expect(tell(wire, putOne(batch('a')))).rejects.toThrow('the connection ended')
  expect(bugs).toHaveLength(1)
  expect(await told(other, putOne(batch('b')), producedError)).toBe(0)
  expect(await told(await wireTo(broker), putOne(batch('c')), producedError)).toBe(0)
  expect(valuesOf(broker).slice(-2)).toEqual(['b', 'c'])
})

test('`localhost` reaches it, whichever address the name stands for first', async () => {
  const { port } = await memoryBroker()
  const named = (await lookup('localhost', { all: true })).map(({ address }) => address)
  const own = Object.values(networkInterfaces()).flat()
  const loopback = ['127.0.0.1', '::1'].filter((address) => own.some((each) => each?.address === address))
  for (const address of new Set([...named, ...loopback])) {
    const wire = await openWire(address, port)
    onTestFinished(() => wire.close())
    expect(await wire.send(apiVersions, 0, {})).toHaveProperty('answer')
  }
  const cluster = await Cluster.connect({ bootstrap: [`localhost:${port}`] })
  onTestFinished(() => cluster.close())
  expect((await cluster.describe()).brokers.size).toBe(1)
})

test('a broker that is closed amid writes has each one that it acknowledged once after a restart, and none twice', async () => {
  const folder = temporaryFolder()
  const first = await onDisk(folder)
  const wire = await wireTo(first)
  await tell(wire, create(7, [topic('orders')]))
  const step = (sequence: number) => putOne(numbered(7n, [0, sequence]))
  const acknowledged: number[] = []
  const sent = Array.from({ length: 300 }, async (_, sequence) => {
    const error = await told<number>(wire, step(sequence), producedError).catch(() => -1)
    if (error === 0) acknowledged.push(sequence)
  })
  await expect.poll(() => acknowledged.length, { interval: 1 }).toBeGreaterThan(10)
  await Promise.all([first.close(), ...sent])

  const second = await onDisk(folder)
  const kept = valuesOf(second).length
  expect(kept).toBeGreaterThanOrEqual(acknowledged.length)
  const again = await wireTo(second)
  // the producer sends again what it has no answer for, and the last one that it has one for
  for (let sequence = Math.max(0, kept - 5); sequence < 300; sequence++)
    expect(await told(again, step(sequence), producedError)).toBe(0)
  expect(valuesOf(second)).toEqual(Array.from({ length: 300 }, (_, sequence) => `${sequence}`))
})

test('it does not listen before all that it holds is there', async () => {
  const folder = join(temporaryFolder(), 'data')
  mkdirSync(folder)
  const first = await onDisk(folder)
  const names = Array.from({ length: 200 }, (_, i) => `t${i}`)
  await tell(
    await wireTo(first),
    create(
      7,
      names.map((name) => topic(name)),
    ),
  )
  const { port } = first
  await first.close()

  // whoever tries to connect all the time gets in when everybody is there, and not before
  let isOver = false
  const counts: number[] = []
  const trying = (async () => {
    while (!isOver && counts.length === 0) {
      const wire = await openWire('127.0.0.1', port).catch(() => undefined)
      if (!wire) await new Promise((resolve) => setImmediate(resolve))
      else counts.push((await told<unknown[]>(wire, send(metadata, 1, { topics: null }), 'topics')).length)
      wire?.close()
    }
  })()
  await onDisk(folder, { port }).finally(() => setTimeout(() => (isOver = true), 5000).unref())
  await trying
  expect(counts).toEqual([200])

  // data that can't be opened is found before the port is looked at
  const taken = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void taken.close())
  await once(taken, 'listening')
  const occupied = (taken.address() as { port: number }).port
  await expect(onDisk(folder, { port: occupied })).rejects.toMatchObject({ code: 'data-locked' })
})

test('faults are set from outside the process, and tell how often they were met', async () => {
  const broker = await memoryBroker()
  const control = await serveFaults(broker.faults, apiNames, 0)
  onTestFinished(() => control.close())
  const rule = { match: { api: 'Metadata', client: 'mine' }, do: 'error', value: 'LEADER_NOT_AVAILABLE' }
  expect((await fetch(control.url, { method: 'POST', body: JSON.stringify(rule) })).status).toBe(201)
  const asking = send(metadata, 1, { topics: [{ name: 'orders' }] })
  const [mine, other] = [await wireTo(broker, 'mine'), await wireTo(broker, 'other')]
  for (let i = 0; i < 3; i++) expect(await told(mine, asking, 'topics.0.errorCode')).toBe(5)
  expect(await told(other, asking, 'topics.0.errorCode')).toBe(0)
  expect(await (await fetch(control.url)).json()).toEqual([{ ...rule, id: '1', met: 3 }])
})
