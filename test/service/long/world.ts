// A broker with the topics of the service, a folder of journals, a load, and the instances under it.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTopics } from '../../../src/kafka/admin/topics.ts'
import { Cluster } from '../../../src/kafka/cluster.ts'
import { type Opened, opened } from '../../../src/service/start/opened.ts'
import { type Audit, type Handling, auditOf, readJournals } from './audit.ts'
import { type Broker, type Runtime, startBroker } from './brokers.ts'
import { loadSpan, partitions, topics } from './contract.ts'
import { type Settled, settledGroup } from './group.ts'
import { type Instance, startInstance, untilReady } from './instances.ts'
import { type Load, type LoadOptions, startLoad } from './load.ts'
import { buildProgram, endProgram } from './programs.ts'
import { untilQuiet } from './quiet.ts'

export interface World {
  readonly broker: Broker
  /** ended with the world */
  launch(env?: Readonly<Record<string, string>>): Promise<Instance>
  /** the same, when it is ready */
  start(env?: Readonly<Record<string, string>>): Promise<Instance>
  load(options: Omit<LoadOptions, 'from'>): Load
  /** what is written down so far */
  journals(): Handling[]
  /** waits until the group is done with all that there is */
  audit(expected: readonly number[]): Promise<Audit & { readonly behind: readonly string[] }>
  /** when so many members have what they get */
  group(members: number): Promise<Settled>
  close(): Promise<void>
}

export async function openWorld(runtime: Runtime): Promise<World> {
  const open = opened()
  try {
    return await openInto(open, runtime)
  } catch (thrown) {
    await open.closeAll()
    throw thrown
  }
}

async function openInto(open: Opened, runtime: Runtime): Promise<World> {
  const remove = (path: string) => () => rmSync(path, { recursive: true, force: true })
  const subject = await buildProgram('test/service/long/subject.ts')
  open.add(remove(subject))
  const journals = mkdtempSync(join(tmpdir(), 'evplat-long-'))
  open.add(remove(journals))
  const broker = await startBroker(runtime)
  open.add(() => broker.close())
  const connect = (): Promise<Cluster> => Cluster.connect({ bootstrap: [broker.bootstrap] })
  const missing = topics.map((name) => ({ name, partitions, replication: 1, configs: [] }))
  await withCluster(connect, (cluster) => createTopics(cluster, missing, false))
  const instances: Instance[] = []
  open.add(() => Promise.all(instances.map((instance) => endProgram(instance, 'SIGKILL'))))
  let loads = 0
  const launch: World['launch'] = async (env = {}) => {
    const JOURNAL = join(journals, `${instances.length}.txt`)
    const instance = await startInstance(subject, { KAFKA_BOOTSTRAP_SERVERS: broker.bootstrap, JOURNAL, ...env })
    instances.push(instance)
    return instance
  }
  return {
    broker,
    launch,
    start: async (env) => {
      const instance = await launch(env)
      await untilReady(instance)
      return instance
    },
    load: (options) => startLoad(broker.bootstrap, { ...options, from: loads++ * loadSpan }),
    journals: () => readJournals(journals),
    audit: (expected) =>
      withCluster(connect, async (cluster) => {
        const written = (): number =>
          readdirSync(journals).reduce((sum, name) => sum + statSync(join(journals, name)).size, 0)
        const behind = await untilQuiet(cluster, written)
        return { ...auditOf(readJournals(journals), expected), behind }
      }),
    group: (members) => withCluster(connect, (cluster) => settledGroup(cluster, members)),
    close: () => open.closeAll(),
  }
}

async function withCluster<T>(connect: () => Promise<Cluster>, use: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = await connect()
  try {
    return await use(cluster)
  } finally {
    cluster.close()
  }
}
