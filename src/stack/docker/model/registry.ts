// The Schema Registry: Confluent's image, or our own server in an image that is built here.
import type { ModelInputs } from './describe-docker.ts'
import type { ContainerServer } from './docker-stack.ts'
import { byProgram } from './health.ts'
import { imageOf } from './images.ts'
import { insideBootstrap, kafkaServers } from './kafka.ts'

const port = 8081
const subjects = `http://127.0.0.1:${port}/subjects`

/** what our own images are made from */
const nodeImage = 'node:20-bookworm-slim'

/** The Schema Registry on the first port that the stack has for it. */
export function registryServer(inputs: ModelInputs): ContainerServer {
  const { settings, ports } = inputs
  const isOurs = settings.registry === 'evplat' && settings.images['schema-registry'] === undefined
  return {
    name: 'schema-registry',
    ...(isOurs ? ours(inputs) : confluents(inputs)),
    ports: [{ host: ports.registry, container: port }],
    volumes: [],
    secrets: [],
    aliases: [],
    dependsOn: kafkaServers(inputs).map(({ name }) => name),
    stopSeconds: 15,
    endpoint: `http://127.0.0.1:${ports.registry}`,
    inside: `http://schema-registry:${port}`,
  }
}

type Kind = Pick<ContainerServer, 'image' | 'build' | 'environment' | 'command' | 'healthCheck'>

function ours(inputs: ModelInputs): Kind {
  const { version, packageRoot, settings } = inputs
  const script = `fetch('${subjects}').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))`
  return {
    image: `evplat/schema-registry:${version}`,
    build: {
      context: packageRoot,
      dockerfile: 'docker/schema-registry/Dockerfile',
      arguments: {
        NODE_IMAGE: settings.imagePrefix === undefined ? nodeImage : `${settings.imagePrefix}/${nodeImage}`,
      },
    },
    environment: {},
    command: ['--host', '0.0.0.0', '--port', String(port), '--bootstrap', insideBootstrap(inputs)],
    healthCheck: byProgram('node', '-e', script),
  }
}

function confluents(inputs: ModelInputs): Kind {
  const bootstrap = insideBootstrap(inputs).split(',')
  return {
    image: imageOf('schema-registry', inputs.settings),
    environment: {
      SCHEMA_REGISTRY_HOST_NAME: 'schema-registry',
      SCHEMA_REGISTRY_LISTENERS: `http://0.0.0.0:${port}`,
      SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: bootstrap.map((address) => `PLAINTEXT://${address}`).join(','),
      SCHEMA_REGISTRY_KAFKASTORE_TOPIC_REPLICATION_FACTOR: String(bootstrap.length),
      SCHEMA_REGISTRY_HEAP_OPTS: '-Xms64m -Xmx256m',
    },
    healthCheck: byProgram('curl', '--fail', '--silent', '--output', '/dev/null', subjects),
  }
}
