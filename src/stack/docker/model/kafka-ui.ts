// The container of kafbat's web page over the cluster: https://ui.docs.kafbat.io/configuration/misc-configuration-properties
import { type DockerInputs, brokerNames, insideBroker, servicePort } from './docker-inputs.ts'
import type { ContainerServer } from './docker-stack.ts'
import { checkBy } from './health.ts'
import { imageOf } from './images.ts'
import { insideRegistry, registryName } from './registry.ts'

const port = 8080

export function kafkaUiServer(inputs: DockerInputs): ContainerServer {
  const hostPort = servicePort(inputs, 'kafka-ui')
  return {
    name: 'kafka-ui',
    image: imageOf('kafka-ui', inputs.settings),
    environment: {
      KAFKA_CLUSTERS_0_NAME: inputs.project,
      KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: brokerNames(inputs).map(insideBroker).join(','),
      KAFKA_CLUSTERS_0_SCHEMAREGISTRY: insideRegistry,
    },
    ports: [{ host: hostPort, container: port }],
    volumes: [],
    secrets: [],
    // the image has no bash
    healthCheck: checkBy(['wget', '--quiet', '--spider', `http://127.0.0.1:${port}/actuator/health`]),
    aliases: [],
    dependsOn: [...brokerNames(inputs), registryName],
    stopSeconds: 10,
    endpoint: `http://127.0.0.1:${hostPort}`,
    inside: `http://kafka-ui:${port}`,
  }
}
