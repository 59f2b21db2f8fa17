// Brokers in containers: Confluent's and Apache's images both make properties of variables that begin with KAFKA_.
import { createHash } from 'node:crypto'
import { commonProperties, killedBrokerMs } from '../../desired/broker-properties.ts'
import type { Properties } from '../../desired/properties-text.ts'
import { brokerName } from '../../desired/servers.ts'
import type { ModelInputs } from './describe-docker.ts'
import type { ContainerServer } from './docker-stack.ts'
import { imageOf } from './images.ts'
import { listening } from './health.ts'

/** for programs of this machine, for containers of the network, for other nodes' controllers */
const containerPorts = { host: 9092, net: 29_092, controller: 29_093 } as const

const data = '/var/lib/kafka/data'

/** The brokers. With KRaft the first one is the controller too, so that others can join those that have data. */
export function kafkaServers(inputs: ModelInputs): ContainerServer[] {
  return inputs.ports.brokers.map((_, i) => broker(inputs, i + 1))
}

/** Where containers of the network reach the brokers. */
export function insideBootstrap({ ports }: ModelInputs): string {
  const count = ports.brokers.length
  return ports.brokers.map((_, i) => `${brokerName(i + 1, count)}:${containerPorts.net}`).join(',')
}

function broker(inputs: ModelInputs, id: number): ContainerServer {
  const { settings, ports, project } = inputs
  const count = ports.brokers.length
  const name = brokerName(id, count)
  const isKraft = settings.kafka.coordination === 'kraft'
  const host = ports.brokers[id - 1]!
  const properties = { ...(isKraft ? kraft(id) : zooKeeper(id)), ...listeners(id, { name, host, isKraft }) }
  return {
    name,
    image: imageOf('kafka', settings),
    environment: {
      ...variables({
        ...properties,
        'log.dirs': data,
        ...commonProperties(count, { isKafka4: !settings.kafka.version.startsWith('3.') }),
      }),
      ...(isKraft && { CLUSTER_ID: clusterIdOf(project) }),
      KAFKA_HEAP_OPTS: '-Xms64m -Xmx512m',
    },
    ports: [{ host, container: containerPorts.host }],
    // the volume keeps its name when the number of brokers changes, so that data is never mistaken for none
    volumes: [{ name: `kafka-${id}-data`, target: data }],
    secrets: [],
    healthCheck: listening(containerPorts.net),
    // the first is found under the same name when it is not the only one any more
    aliases: name === 'kafka' ? ['kafka-1'] : [],
    dependsOn: isKraft ? (id === 1 ? [] : [brokerName(1, count)]) : ['zookeeper'],
    stopSeconds: 60,
    endpoint: `127.0.0.1:${host}`,
    inside: `${name}:${containerPorts.net}`,
  }
}

interface Listening {
  readonly name: string
  /** the port of this machine */
  readonly host: number
  readonly isKraft: boolean
}

function listeners(id: number, { name, host, isKraft }: Listening): Properties {
  const all = [`HOST://0.0.0.0:${containerPorts.host}`, `NET://0.0.0.0:${containerPorts.net}`]
  if (isKraft && id === 1) all.push(`CONTROLLER://0.0.0.0:${containerPorts.controller}`)
  return {
    listeners: all.join(','),
    'advertised.listeners': `HOST://127.0.0.1:${host},NET://${name}:${containerPorts.net}`,
    'listener.security.protocol.map': `HOST:PLAINTEXT,NET:PLAINTEXT${isKraft ? ',CONTROLLER:PLAINTEXT' : ''}`,
    'inter.broker.listener.name': 'NET',
  }
}

function kraft(id: number): Properties {
  return {
    'process.roles': id === 1 ? 'broker,controller' : 'broker',
    'node.id': id,
    'controller.quorum.voters': `1@kafka-1:${containerPorts.controller}`,
    'controller.listener.names': 'CONTROLLER',
    'broker.session.timeout.ms': killedBrokerMs,
    'broker.heartbeat.interval.ms': 1000,
  }
}

function zooKeeper(id: number): Properties {
  return {
    'broker.id': id,
    'zookeeper.connect': 'zookeeper:2181',
    'zookeeper.session.timeout.ms': killedBrokerMs,
    'zookeeper.connection.timeout.ms': 30_000,
  }
}

/** `log.dirs` is KAFKA_LOG_DIRS; what is `_` or `-` in a property is doubled or trebled. */
function variables(properties: Properties): Record<string, string> {
  const named = Object.entries(properties).map(([key, value]) => [variable(key), String(value)] as const)
  return Object.fromEntries(named)
}

const variable = (key: string): string =>
  `KAFKA_${key.replaceAll('_', '__').replaceAll('-', '___').replaceAll('.', '_').toUpperCase()}`

/** The same id in whatever starts the project first, be it evplat or compose: 16 bytes as Kafka writes a uuid. */
export function clusterIdOf(project: string): string {
  return createHash('sha256').update(`evplat cluster ${project}`).digest().subarray(0, 16).toString('base64url')
}
