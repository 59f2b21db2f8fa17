// The containers of the brokers. Confluent's images and Apache's take the same variables: KAFKA_ and the name of a property.
// https://docs.confluent.io/platform/7.9/installation/docker/config-reference.html, https://github.com/apache/kafka/blob/4.3/docker/examples/README.md
import { commonProperties, kraftSession, zooKeeperSession } from '../../desired/broker-properties.ts'
import { containerJavaOptions } from '../../desired/java-options.ts'
import type { Properties } from '../../desired/properties-text.ts'
import { clusterIdOf } from './cluster-id.ts'
import { type DockerInputs, brokerNames, insideBroker, insidePort } from './docker-inputs.ts'
import type { ContainerServer } from './docker-stack.ts'
import { answersApiVersions } from './health.ts'
import { hasZooKeeper, kafkaImage } from './images.ts'

/** what programs of this machine are given, under whatever port it has there */
const hostPort = 9092
const controllerPort = 9093
const data = '/var/lib/kafka/data'

/** where node 1 is found whether there are others or not */
const controllerHost = 'kafka-1'

/** Apache Kafka: `kafka`, or `kafka-1` to `kafka-3`. With KRaft node 1 is the controller, too, so that others come and go. */
export function brokerServers(inputs: DockerInputs): ContainerServer[] {
  return brokerNames(inputs).map((name, i) => broker(inputs, name, i + 1))
}

function broker(inputs: DockerInputs, name: string, id: number): ContainerServer {
  const { settings, ports } = inputs
  const port = ports.brokers[id - 1]!
  const isAlone = ports.brokers.length === 1
  return {
    name,
    image: kafkaImage(settings),
    environment: {
      ...variables(propertiesOf(inputs, name, id)),
      ...(isKraft(inputs) && { CLUSTER_ID: clusterIdOf(inputs.project) }),
      KAFKA_HEAP_OPTS: containerJavaOptions('broker'),
    },
    ports: [{ host: port, container: hostPort }],
    // the volume keeps its name when the number of brokers changes, so that data is never mistaken for none
    volumes: [{ name: `kafka-${id}-data`, target: data }],
    secrets: [],
    healthCheck: answersApiVersions(insidePort),
    aliases: [isAlone ? controllerHost : 'kafka'],
    dependsOn: isKraft(inputs) ? [] : ['zookeeper'],
    stopSeconds: 60,
    endpoint: `127.0.0.1:${port}`,
    inside: insideBroker(name),
  }
}

const isKraft = ({ settings }: DockerInputs): boolean => settings.kafka.coordination === 'kraft'

/** As both images turn them back: `log.dirs` is KAFKA_LOG_DIRS. */
function variables(properties: Properties): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
      String(value),
    ]),
  )
}

function propertiesOf(inputs: DockerInputs, name: string, id: number): Properties {
  const { settings, ports } = inputs
  const isController = isKraft(inputs) && id === 1
  const listeners = { HOST: hostPort, NET: insidePort, ...(isController && { CONTROLLER: controllerPort }) }
  const protocols = ['HOST', 'NET', ...(isKraft(inputs) ? ['CONTROLLER'] : [])]
  return {
    ...(isKraft(inputs) ? kraftProperties(id) : zooKeeperProperties(id)),
    listeners: Object.entries(listeners)
      .map(([listener, port]) => `${listener}://0.0.0.0:${port}`)
      .join(','),
    'advertised.listeners': `HOST://127.0.0.1:${ports.brokers[id - 1]},NET://${insideBroker(name)}`,
    'listener.security.protocol.map': protocols.map((listener) => `${listener}:PLAINTEXT`).join(','),
    'inter.broker.listener.name': 'NET',
    'log.dirs': data,
    ...commonProperties(ports.brokers.length, { isKafka4: !hasZooKeeper(settings.kafka.version) }),
  }
}

function kraftProperties(id: number): Properties {
  return {
    'process.roles': id === 1 ? 'broker,controller' : 'broker',
    'node.id': id,
    'controller.quorum.voters': `1@${controllerHost}:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    ...kraftSession,
  }
}

function zooKeeperProperties(id: number): Properties {
  return { 'broker.id': id, 'zookeeper.connect': 'zookeeper:2181', ...zooKeeperSession }
}
