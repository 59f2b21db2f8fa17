// Our registry server on a real Kafka: what it acknowledged is there whatever is killed, and it never takes a log for its own that moved.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../../src/kafka/cluster.ts'
import { PartitionLog } from '../../src/kafka/write/partition-log.ts'
import { waitFor } from '../../src/core/deadline.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'
import { type Platform, leftovers, newPlatform, removePlatforms } from '../support/platforms.ts'
import { readValues, withCluster } from '../support/records.ts'

const missing = missingForNative()

interface Registered {
  readonly status: number
  readonly id?: number
}

async function register(url: string, subject: string, schema: string): Promise<Registered | undefined> {
  try {
    const response = await fetch(`${url}/subjects/${subject}/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schema }),
      signal: AbortSignal.timeout(30_000),
    })
    return { status: response.status, ...((await response.json()) as object) }
  } catch {
    return undefined
  }
}

const schemaOf = (name: string): string => JSON.stringify({ type: 'enum', name, symbols: ['A'] })

async function schemaById(url: string, id: number): Promise<string> {
  return ((await (await fetch(`${url}/schemas/ids/${id}`)).json()) as { schema: string }).schema
}

/** All versions of a subject, as the registry tells each. */
async function versionsOf(url: string, subject: string): Promise<unknown[]> {
  const all = (await (await fetch(`${url}/subjects/${subject}/versions`)).json()) as number[]
  return Promise.all(
    all.map(async (asked) => {
      const answer = await (await fetch(`${url}/subjects/${subject}/versions/${asked}`)).json()
      const { version, id, schema } = answer as { version: number; id: number; schema: string }
      return { version, id, schema }
    }),
  )
}

describe.skipIf(missing !== undefined)(`the registry${skipNote(missing)}`, () => {
  let platform: Platform
  let url: string
  beforeAll(async () => {
    platform = await newPlatform({ kafka: 'version: "4.3"' })
    await platform.succeed('up')
    url = await platform.endpoint('schema-registry')
  })
  afterAll(async () => {
    await platform.succeed('down')
    expect(await leftovers(platform)).toEqual([])
    await removePlatforms()
  })

  test('keeps its schemas in the compacted topic _schemas', async () => {
    expect(await register(url, 'first', '"string"')).toEqual({ status: 200, id: 1 })
    const values = await readValues(await platform.endpoint('kafka'), '_schemas')
    expect(values.map((value) => JSON.parse(value) as unknown)).toContainEqual(
      expect.objectContaining({ subject: 'first', version: 1, id: 1, schema: '"string"' }),
    )
  })

  test('killed in the middle of registrations, it has every one that it acknowledged, and no id twice', async () => {
    const acknowledged = new Map<string, number>()
    let next = 0
    let stop = false
    const worker = async (): Promise<void> => {
      while (!stop) {
        const name = `Killed${next++}`
        const answer = await register(url, name, schemaOf(name))
        if (answer?.status === 200) acknowledged.set(name, answer.id!)
        else if (!answer) await sleep(50)
      }
    }
    const workers = [worker(), worker(), worker()]
    for (let kills = 1; kills <= 3; kills++) {
      await waitFor(() => Promise.resolve(acknowledged.size >= kills * 40 ? true : undefined), { timeoutMs: 60_000 })
      process.kill(await platform.pidOf('schema-registry'), 'SIGKILL')
      await platform.succeed('up')
    }
    stop = true
    await Promise.all(workers)
    const found = await Promise.all(
      [...acknowledged].map(async ([name, id]) => [name, await versionsOf(url, name), await schemaById(url, id)]),
    )
    expect(found).toEqual(
      [...acknowledged].map(([name, id]) => [name, [{ version: 1, id, schema: schemaOf(name) }], schemaOf(name)]),
    )
    expect(new Set(acknowledged.values()).size).toBe(acknowledged.size)
    expect(acknowledged.size).toBeGreaterThanOrEqual(120)
  })

  test('outlives its broker: it refuses what is not written, and goes on when the broker is back', async () => {
    process.kill(await platform.pidOf('kafka'), 'SIGKILL')
    const refused = await register(url, 'away', '"int"')
    expect(refused?.status).toBe(500)
    const pid = await platform.pidOf('schema-registry')
    await platform.succeed('up')
    expect(await platform.pidOf('schema-registry')).toBe(pid)
    const answer = await waitFor(
      async () => {
        const now = await register(url, 'away', '"int"')
        return now?.status === 200 ? now : undefined
      },
      { timeoutMs: 60_000, everyMs: 500 },
    )
    expect(await schemaById(url, answer!.id!)).toBe('"int"')
  })

  test('another writer on its topic is noticed, and no id is given twice', async () => {
    const last = (await register(url, 'mine', schemaOf('Mine')))!.id!
    await withCluster(await platform.endpoint('kafka'), async (cluster) => {
      const log = new PartitionLog(cluster, { topic: '_schemas', appendTimeoutMs: 10_000, onTrouble: () => undefined })
      const key = { keytype: 'SCHEMA', subject: 'theirs', version: 1, magic: 1 }
      const value = { subject: 'theirs', version: 1, id: last + 1, schema: schemaOf('Theirs'), deleted: false }
      await log.append(Buffer.from(JSON.stringify(key)), Buffer.from(JSON.stringify(value)))
    })
    const first = await register(url, 'more', schemaOf('More'))
    expect(first?.status).toBe(500)
    expect(await register(url, 'more', schemaOf('More'))).toEqual({ status: 200, id: last + 2 })
    expect(await schemaById(url, last + 1)).toBe(schemaOf('Theirs'))
  })

  test('an append that failed does not happen any more once a later one was acknowledged', async () => {
    const broker = await platform.pidOf('kafka')
    const bootstrap = [await platform.endpoint('kafka')]
    const cluster = await Cluster.connect({ bootstrap }, { connectTimeoutMs: 1000 })
    const log = new PartitionLog(cluster, { topic: '_schemas', appendTimeoutMs: 1500, onTrouble: () => undefined })
    const noop = (n: string): Buffer => Buffer.from(JSON.stringify({ keytype: 'NOOP', magic: 0, n }))
    try {
      for (let round = 0; round < 3; round++) {
        await log.append(noop(`before ${round}`), null)
        process.kill(broker, 'SIGSTOP')
        // the bytes of the request wait in the socket of a broker that does not run
        await expect(log.append(noop(`stuck ${round}`), null)).rejects.toMatchObject({ code: 'broker-unreachable' })
        process.kill(broker, 'SIGCONT')
        const later = await waitFor(() => log.append(noop(`later ${round}`), null).catch(() => undefined), {
          timeoutMs: 60_000,
        })
        await sleep(300)
        const entries: [number, string][] = []
        await log.read(0, ({ offset, key }) => entries.push([offset, String(key)]))
        const stuck = entries.filter(([, key]) => key.includes(`stuck ${round}`))
        expect(stuck.length).toBeLessThanOrEqual(1)
        for (const [offset] of stuck) expect(offset).toBeLessThan(later!)
      }
    } finally {
      process.kill(broker, 'SIGCONT')
      cluster.close()
    }
  })
})
