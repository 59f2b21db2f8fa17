// The servers beside Kafka and the registry, without docker, as data.
import { join } from 'node:path'
import type { StackService, StackSettings } from '../../platform/platform.ts'
import { stackFolders } from '../layout.ts'
import type { StackPorts } from './ports.ts'
import type { ServerBase } from './servers.ts'

interface DatabaseServer extends ServerBase {
  /** where it keeps what must survive, relative to the root */
  readonly data: string
  /** absolute: that of the platform, told to the process as a label */
  readonly folder: string
}

export interface PostgresServer extends DatabaseServer {
  readonly kind: 'postgres'
}

export interface MongoProcess extends DatabaseServer {
  readonly kind: 'mongodb'
}

/** One that others run, and that is only asked how it does. */
export interface OutsideServer extends ServerBase {
  readonly kind: 'outside'
}

/** One that the runtime can't give on this machine. */
export interface AwayServer extends ServerBase {
  readonly kind: 'away'
  /** why, and what to do about it */
  readonly reason: string
}

export type BesideServer = PostgresServer | MongoProcess | OutsideServer | AwayServer

export function awayServer(name: StackService, reason: string): AwayServer {
  return { kind: 'away', name, endpoint: '', ports: [], dependsOn: [], reason }
}

/** why there is no page over the cluster */
export const uiReason = 'it runs with docker only: set `stack.runtime: docker` in platform.yaml, then `evplat up`'

/** The servers that `stack.services` names, on the given ports. Whether this machine has their programs is not known here. */
export function describeBeside({ services }: StackSettings, ports: StackPorts, folder: string): BesideServer[] {
  return services.map((name) => {
    if (name === 'kafka-ui') return awayServer(name, uiReason)
    const port = ports.services![name]!
    const address = { endpoint: `127.0.0.1:${port}`, ports: [port], dependsOn: [] }
    return { kind: name, name, ...address, data: join(stackFolders.data, name), folder }
  })
}
