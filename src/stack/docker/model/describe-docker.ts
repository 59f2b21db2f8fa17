// The stack of containers that a platform wants. Pure: the same settings and ports give the same stack.
import type { StackSettings } from '../../../platform/platform.ts'
import type { StackPorts } from '../../desired/ports.ts'
import { mongodbServer, postgresServer } from './databases.ts'
import type { ContainerServer, DockerStack } from './docker-stack.ts'
import { kafkaServers } from './kafka.ts'
import { kafkaUiServer } from './kafka-ui.ts'
import { registryServer } from './registry.ts'
import { zooKeeperServer } from './zookeeper.ts'

export interface ModelInputs {
  /** of compose; the name of the platform */
  readonly project: string
  readonly settings: StackSettings
  readonly ports: StackPorts
  /** the folder of evplat's package, absolute: images of our own are built of it */
  readonly packageRoot: string
  /** of evplat */
  readonly version: string
}

const ofService = {
  postgres: postgresServer,
  mongodb: mongodbServer,
  'kafka-ui': kafkaUiServer,
} as const

/** The servers of a stack on the given ports, in an order in which none stands before what it depends on. */
export function describeDocker(inputs: ModelInputs): DockerStack {
  const { project, settings, ports } = inputs
  const zookeeper = ports.zookeeper === undefined ? [] : [zooKeeperServer(inputs, ports.zookeeper)]
  const services = settings.services.map((name): ContainerServer => ofService[name](inputs, ports.services![name]!))
  return { project, servers: [...zookeeper, ...kafkaServers(inputs), registryServer(inputs), ...services] }
}
