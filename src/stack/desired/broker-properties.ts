// server.properties of one broker, with ZooKeeper or as a combined KRaft node (KIP-500): https://kafka.apache.org/documentation/#brokerconfigs
import type { StackPorts } from './ports.ts'
import type { Properties } from './properties-text.ts'
import type { Release } from './releases.ts'

export interface Broker {
  /** from 1 */
  readonly id: number
  readonly release: Release
  readonly ports: StackPorts
  /** where its records go, relative to the folder that it works in */
  readonly data: string
}

const host = '127.0.0.1'

/** How long a broker that was killed counts as alive, in milliseconds. */
export const killedBrokerMs = 6000

/** How a KRaft node stays known. */
export const kraftSession = {
  // how long a node that was killed stands in the way of its successor; 9 s by default
  'broker.session.timeout.ms': killedBrokerMs,
  'broker.heartbeat.interval.ms': 1000,
} as const satisfies Properties

/** How a broker stays known to ZooKeeper. */
export const zooKeeperSession = {
  // the same here; 18 s by default
  'zookeeper.session.timeout.ms': killedBrokerMs,
  'zookeeper.connection.timeout.ms': 30_000,
} as const satisfies Properties

/** All that the broker of this machine is told; what is not here has Kafka's default. */
export function brokerProperties(broker: Broker): Properties {
  const { ports, data, release } = broker
  return {
    ...(ports.controllers ? kraftNode(broker, ports.controllers) : zooKeeperBroker(broker)),
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': data,
    ...commonProperties(ports.brokers.length, { isKafka4: !release.hasZooKeeper }),
  }
}

/** What a broker of a stack is told wherever it runs; `count` is how many brokers there are. */
export function commonProperties(count: number, { isKafka4 }: { readonly isKafka4: boolean }): Properties {
  return {
    // topics come from platform.yaml
    'auto.create.topics.enable': false,
    ...internalTopics(count, isKafka4),
    // a group of one developer need not wait for more members
    'group.initial.rebalance.delay.ms': 0,
    // 128 MB of heap by default
    'log.cleaner.dedupe.buffer.size': 8_388_608,
    // nodes that stop together leave the last one without a quorum to grant its controlled shutdown
    'controlled.shutdown.enable': count === 1,
  }
}

/** Few partitions start faster; as many copies as there are brokers. */
function internalTopics(copies: number, isKafka4: boolean): Properties {
  const minInSync = copies === 1 ? 1 : 2
  return {
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 10,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': minInSync,
    'transaction.state.log.num.partitions': 10,
    ...(isKafka4 && {
      'share.coordinator.state.topic.replication.factor': copies,
      'share.coordinator.state.topic.min.isr': minInSync,
      'share.coordinator.state.topic.num.partitions': 10,
    }),
  }
}

function kraftNode({ id, ports }: Broker, controllers: readonly number[]): Properties {
  const own = `PLAINTEXT://${host}:${ports.brokers[id - 1]}`
  return {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': controllers.map((port, i) => `${i + 1}@${host}:${port}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `${own},CONTROLLER://${host}:${controllers[id - 1]}`,
    'advertised.listeners': own,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    ...kraftSession,
  }
}

function zooKeeperBroker({ id, ports }: Broker): Properties {
  const own = `PLAINTEXT://${host}:${ports.brokers[id - 1]}`
  return {
    'broker.id': id,
    'zookeeper.connect': `${host}:${ports.zookeeper}`,
    ...zooKeeperSession,
    listeners: own,
    'advertised.listeners': own,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT',
  }
}
