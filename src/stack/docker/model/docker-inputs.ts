// What a stack of containers is described from.
import type { StackSettings } from '../../../platform/platform.ts'
import { brokerName } from '../../desired/servers.ts'
import type { StackPorts } from '../../desired/ports.ts'

export interface DockerInputs {
  /** of compose; the name of the platform */
  readonly project: string
  readonly settings: StackSettings
  readonly ports: StackPorts
  /** the folder of the installed evplat, absolute: images of ours are built from it */
  readonly packageRoot: string
  /** of evplat, which its images carry */
  readonly version: string
}

/** The port of this machine that a server beside Kafka and the registry has. */
export function servicePort({ ports }: DockerInputs, name: keyof NonNullable<StackPorts['services']>): number {
  const port = ports.services?.[name]
  if (port === undefined) throw new Error(`${name} is to run and has no port`)
  return port
}

/** the port of a broker within the network */
export const insidePort = 29_092

/** Names of the brokers, in the order of their ids. */
export function brokerNames({ ports }: DockerInputs): string[] {
  return ports.brokers.map((_, i) => brokerName(i + 1, ports.brokers.length))
}

/** Where containers of the network reach a broker. */
export function insideBroker(name: string): string {
  return `${name}:${insidePort}`
}
