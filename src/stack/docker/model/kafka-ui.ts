import type { ModelInputs } from './describe-docker.ts'
import type { ContainerServer } from './docker-stack.ts'
import { byProgram } from './health.ts'
import { imageOf } from './images.ts'
import { insideBootstrap } from './kafka.ts'

const port = 8080

/** kafbat's web page over the cluster and the registry. `host` is its port on this machine. */
export function kafkaUiServer(inputs: ModelInputs, host: number): ContainerServer {
  return {
    name: 'kafka-ui',
    image: imageOf('kafka-ui', inputs.settings),
    environment: {
      KAFKA_CLUSTERS_0_NAME: inputs.project,
      KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: insideBootstrap(inputs),
      KAFKA_CLUSTERS_0_SCHEMAREGISTRY: 'http://schema-registry:8081',
    },
    ports: [{ host, container: port }],
    volumes: [],
    secrets: [],
    healthCheck: byProgram('wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${port}/actuator/health`),
    aliases: [],
    dependsOn: ['schema-registry'],
    stopSeconds: 15,
    endpoint: `http://127.0.0.1:${host}`,
    inside: `http://kafka-ui:${port}`,
  }
}
