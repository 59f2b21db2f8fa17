// The stack of containers as data. Nothing here touches the machine or an engine.
import type { StackService } from '../../../platform/platform.ts'
import type { DockerInputs } from './docker-inputs.ts'
import type { ContainerServer, DockerStack } from './docker-stack.ts'
import { brokerServers } from './kafka.ts'
import { kafkaUiServer } from './kafka-ui.ts'
import { mongodbServer } from './mongodb.ts'
import { postgresServer } from './postgres.ts'
import { registryServer } from './registry.ts'
import { zooKeeperServer } from './zookeeper.ts'

const services: Readonly<Record<StackService, (inputs: DockerInputs) => ContainerServer>> = {
  postgres: postgresServer,
  mongodb: mongodbServer,
  'kafka-ui': kafkaUiServer,
}

/**
 * The servers of a stack in containers, on the given ports of this machine. Throws `not-in-this-version` for a Kafka that no image is
 * known of.
 */
export function describeDocker(inputs: DockerInputs): DockerStack {
  const { project, settings } = inputs
  const zookeeper = settings.kafka.coordination === 'zookeeper' ? [zooKeeperServer(inputs)] : []
  return {
    project,
    servers: [
      ...zookeeper,
      ...brokerServers(inputs),
      registryServer(inputs),
      ...settings.services.map((name) => services[name](inputs)),
    ],
  }
}
