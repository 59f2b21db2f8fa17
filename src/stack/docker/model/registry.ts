// The container of the Schema Registry: Confluent's, or ours, whose image is built from the installed evplat.
// https://docs.confluent.io/platform/7.9/installation/docker/config-reference.html
import { containerJavaOptions } from '../../desired/java-options.ts'
import { type DockerInputs, brokerNames, insideBroker } from './docker-inputs.ts'
import type { ContainerServer } from './docker-stack.ts'
import { answersHttp } from './health.ts'
import { imageOf, withPrefix } from './images.ts'

export const registryName = 'schema-registry'
const port = 8081

/** Where containers of the network reach it. */
export const insideRegistry = `http://${registryName}:${port}`

export function registryServer(inputs: DockerInputs): ContainerServer {
  const { settings, ports } = inputs
  const brokers = brokerNames(inputs)
  return {
    name: registryName,
    ...(settings.registry === 'evplat' ? own(inputs, brokers) : confluent(inputs, brokers)),
    ports: [{ host: ports.registry, container: port }],
    volumes: [],
    secrets: [],
    healthCheck: answersHttp(port, '/subjects'),
    aliases: [],
    dependsOn: brokers,
    stopSeconds: 20,
    endpoint: `http://127.0.0.1:${ports.registry}`,
    inside: insideRegistry,
  }
}

type Program = Pick<ContainerServer, 'image' | 'environment' | 'command' | 'build'>

function confluent({ settings }: DockerInputs, brokers: readonly string[]): Program {
  return {
    image: imageOf(registryName, settings),
    environment: {
      SCHEMA_REGISTRY_HOST_NAME: registryName,
      SCHEMA_REGISTRY_LISTENERS: `http://0.0.0.0:${port}`,
      SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: brokers
        .map((name) => `PLAINTEXT://${insideBroker(name)}`)
        .join(','),
      SCHEMA_REGISTRY_KAFKASTORE_TOPIC_REPLICATION_FACTOR: String(brokers.length),
      SCHEMA_REGISTRY_HEAP_OPTS: containerJavaOptions('registry'),
    },
  }
}

/** An image that platform.yaml names is taken as it is: it is not ours to build. */
function own({ settings, version, packageRoot }: DockerInputs, brokers: readonly string[]): Program {
  const named = settings.images[registryName]
  const base = withPrefix('node:20-bookworm-slim', settings)
  return {
    image: named ?? `evplat/schema-registry:${version}`,
    ...(named === undefined && {
      build: {
        context: packageRoot,
        dockerfile: 'docker/schema-registry/Dockerfile',
        base,
        arguments: { NODE_IMAGE: base },
      },
    }),
    environment: {},
    command: ['--host', '0.0.0.0', '--port', String(port), '--bootstrap', brokers.map(insideBroker).join(',')],
  }
}
