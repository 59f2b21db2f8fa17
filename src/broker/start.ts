// A Kafka broker in this process, for development, tests and CI: it listens on the loopback addresses of this machine alone.
import { EvplatError } from '../core/errors.ts'
import type { Broker } from './broker.ts'
import { type Clock, systemClock } from './clock.ts'
import { clusterIdIn } from './cluster-id.ts'
import { createFaults, type Faults } from './faults/faults.ts'
import { groupsConfigOf } from './groups/config.ts'
import { createGroups } from './groups/groups.ts'
import { handlers } from './handlers.ts'
import { createProducerIds } from './producer-ids.ts'
import { ServerConnection, type Serving } from './server/connection.ts'
import { dispatch } from './server/dispatch.ts'
import { listen } from './server/listener.ts'
import type { Files } from './storage/files.ts'
import type { Cut } from './storage/framed-file.ts'
import { openStore } from './storage/open-store.ts'
import type { Durability, Recovery, Store } from './storage/store.ts'
import { createBrokerConfigs, givenProblem } from './topics/broker-configs.ts'
import { openTopics } from './topics/open-topics.ts'
import { createWaits } from './waits.ts'

export interface BrokerOptions {
  /** where the data is; empty for a new broker */
  readonly files: Files
  readonly durability: Durability
  /** 0 takes a free one */
  readonly port: number
  /** broker configs by their names in Kafka, as in server.properties */
  readonly configs?: Readonly<Record<string, string>>
  readonly clock?: Clock
  /** hears of what is a bug of ours; the client's connection is closed */
  readonly onBug?: (thrown: unknown) => void
  /** hears what had to be cut out of files after a crash, in a few words */
  readonly onCut?: (message: string) => void
}

export interface RunningBroker {
  readonly broker: Broker
  readonly port: number
  /** `127.0.0.1:PORT` */
  readonly bootstrap: string
  readonly faults: Faults
  /** what was looked through after a crash; undefined where the last process stopped cleanly */
  readonly recovery: Readonly<Recovery> | undefined
  /** Answers what is under way, writes down what it knows, and frees its port and its data. */
  close(): Promise<void>
}

const nodeId = 1
/** where this broker differs from Kafka's defaults: who starts members one by one need not wait for more */
const ownConfigs = { 'group.initial.rebalance.delay.ms': '0' }
const closingMs = 1000

function openBroker(store: Store, given: ReadonlyMap<string, string>, options: BrokerOptions): Broker {
  const { clock = systemClock, onCut = () => undefined } = options
  const brokerConfigs = createBrokerConfigs(nodeId, given)
  const topics = openTopics({ store, configs: brokerConfigs })
  const groups = createGroups({ clock, store, config: groupsConfigOf(brokerConfigs) })
  topics.onDeleted(({ name }) => groups.topicDeleted(name))
  const [firstTopic] = topics.all()
  return {
    clusterId: clusterIdIn(store.journal('cluster'), (id) => {
      if (firstTopic) onCut(`cluster.journal: the id of the cluster is lost, it is ${id} from now on`)
    }),
    nodeId,
    clock,
    topics,
    groups,
    configs: brokerConfigs,
    producerIds: createProducerIds({
      journal: store.journal('producer-ids'),
      clock,
      onLost: (next) => onCut(`producer-ids.journal: the ids that were given are lost, they go on with ${next}`),
    }),
    waits: createWaits(clock),
  }
}

/** In one line: what lost something, where, how much and why. */
function cutMessage({ path, partition, from, to, reason }: Cut): string {
  const whose = partition === undefined ? path : `${partition} (${path})`
  return `${whose}: ${to - from} bytes from ${from} on are cut out: ${reason}`
}

/** Cleans now and then until it is cancelled: as often as `log.cleaner.backoff.ms` says by then. */
function keepClean(store: Store, { configs, clock }: Broker): () => void {
  const start = () =>
    clock.after(Number(configs.typed('log.cleaner.backoff.ms')), () => {
      store.clean()
      timer = start()
    })
  let timer = start()
  return () => timer.cancel()
}

/** What is built on the store. Where that fails, the store is closed, and the failure told, whatever closing says. */
async function builtOn<T>(store: Store, build: () => T | Promise<T>): Promise<T> {
  try {
    return await build()
  } catch (thrown) {
    await Promise.allSettled([store.close()])
    throw thrown
  }
}

/** Opens the data, then listens. Throws `data-locked`, `port-taken`, and `broker-refused` for configs that can't be. */
export async function startBroker(options: BrokerOptions): Promise<RunningBroker> {
  const { files, durability, clock = systemClock, port, onBug = () => undefined, onCut = () => undefined } = options
  const given = new Map(Object.entries({ ...ownConfigs, ...options.configs }))
  const problem = givenProblem(given)
  if (problem !== undefined) throw new EvplatError('broker-refused', 'the broker has no such config', { said: problem })
  const store = openStore({ files, clock, durability, onCut: (cut) => onCut(cutMessage(cut)) })
  const broker = await builtOn(store, () => openBroker(store, given, options))
  const faults = createFaults()
  const connections = new Set<ServerConnection>()
  const dispatching = { broker, handlers, faults, onBug }
  const serving: Serving = {
    largestRequest: Number(broker.configs.typed('socket.request.max.bytes')),
    onFrame: (frame, peer) => dispatch(frame, peer, dispatching),
  }
  const listener = await builtOn(store, () =>
    listen(port, (socket) => {
      const connection = new ServerConnection(socket, serving)
      connections.add(connection)
      socket.once('close', () => connections.delete(connection))
    }),
  )
  for (const key of ['listeners', 'advertised.listeners']) given.set(key, `PLAINTEXT://127.0.0.1:${listener.port}`)
  const stopCleaning = keepClean(store, broker)
  return {
    broker,
    port: listener.port,
    bootstrap: `127.0.0.1:${listener.port}`,
    faults,
    recovery: store.recovery,
    async close() {
      stopCleaning()
      broker.waits.close()
      broker.groups.close()
      const closed = listener.close()
      await Promise.all(Array.from(connections, (connection) => connection.finish(closingMs)))
      await closed
      await store.close()
    },
  }
}
