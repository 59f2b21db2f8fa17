// A broker with the topics of the service, a folder of journals, a load, and the instances under it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTopics } from '../../../src/kafka/admin/topics.ts'
import { Cluster } from '../../../src/kafka/cluster.ts'
import { ownDriver } from '../../../src/kafka/driver/own-driver.ts'
import { startEmbedded } from '../../../src/stack/embedded/start-embedded.ts'
import { type Audit, auditOf, readJournals } from './audit.ts'
import { isPoison, partitions, topic, topics } from './contract.ts'
import { type Instance, buildSubject, endInstance, startInstance } from './instances.ts'

export interface World {
  readonly bootstrap: string
  /** ready or not; ended with the world */
  start(env?: Readonly<Record<string, string>>): Promise<Instance>
  /** sends that many at that rate, with poison or without; resolves with the numbers that are acknowledged */
  load(count: number, perSecond: number, withPoison?: boolean): Promise<number[]>
  /** waits until all of these are handled, or nothing more is for some seconds */
  audit(expected: readonly number[]): Promise<Audit>
  close(): Promise<void>
}

const quietMs = 15_000

export async function openWorld(): Promise<World> {
  const [subject, broker] = [await buildSubject(), await startEmbedded()]
  const { bootstrap } = broker
  const cluster = await Cluster.connect({ bootstrap: [bootstrap] })
  const wanted = topics.map((name) => ({ name, partitions, replication: 1, configs: [] }))
  await createTopics(cluster, wanted, false)
  cluster.close()
  const journals = mkdtempSync(join(tmpdir(), 'evplat-long-'))
  const instances: Instance[] = []
  let next = 0
  return {
    bootstrap,
    start: async (env = {}) => {
      const JOURNAL = join(journals, `${instances.length}.txt`)
      const instance = await startInstance(subject, { KAFKA_BOOTSTRAP_SERVERS: bootstrap, JOURNAL, ...env })
      instances.push(instance)
      return instance
    },
    load: (count, perSecond, withPoison = false) => {
      const from = next
      next += count
      return send(bootstrap, { from, count, perSecond, withPoison })
    },
    audit: async (expected) => {
      let [seen, since] = [-1, Date.now()]
      for (;;) {
        const handlings = readJournals(journals)
        const audit = auditOf(handlings, expected)
        if (handlings.length > seen) [seen, since] = [handlings.length, Date.now()]
        if (audit.lost.length === 0 || Date.now() - since > quietMs) return audit
        await sleep(250)
      }
    },
    close: async () => {
      await Promise.all(instances.map((instance) => endInstance(instance, 'SIGKILL')))
      await broker.close()
      for (const path of [journals, subject]) rmSync(path, { recursive: true, force: true })
    },
  }
}

interface Load {
  readonly from: number
  readonly count: number
  readonly perSecond: number
  readonly withPoison: boolean
}

async function send(bootstrap: string, { from, count, perSecond, withPoison }: Load): Promise<number[]> {
  const producer = ownDriver.produce({ bootstrap: [bootstrap] }, { deliveryMs: 120_000, onTrouble: () => undefined })
  const began = performance.now()
  const sends: Promise<number>[] = []
  for (let n = from; n < from + count; n++) {
    const key = `k${n % 50}`
    const value = withPoison && isPoison(n) ? `poison ${n}` : JSON.stringify({ n, key })
    const record = { topic, key: Buffer.from(key), value: Buffer.from(value), headers: [] }
    sends.push(producer.send(record).then(() => n))
    const early = ((n - from) / perSecond) * 1000 - (performance.now() - began)
    if (early > 20) await sleep(early)
  }
  const acknowledged = await Promise.all(sends)
  await producer.close(10_000)
  return acknowledged
}
