// The stack as data: which servers there are, what each one is told, and which it waits for. Nothing here touches the machine.
import { join } from 'node:path'
import type { StackService, StackSettings } from '../../platform/platform.ts'
import { logFile, stackFolders } from '../layout.ts'
import { type BesideServer, describeBeside } from './beside-kafka.ts'
import { brokerProperties } from './broker-properties.ts'
import { javaOptions } from './java-options.ts'
import { logFileProperty, loggingConfig } from './logging.ts'
import type { StackPorts } from './ports.ts'
import { propertiesText } from './properties-text.ts'
import type { Release } from './releases.ts'
import { zooKeeperProperties } from './zookeeper-properties.ts'

export type ServerKind = 'zookeeper' | 'broker' | 'registry' | 'faults' | StackService

export interface ServerBase {
  /** `zookeeper`, `kafka` (`kafka-1` to `kafka-3` when there are three), `schema-registry`, `postgres`, ... */
  readonly name: string
  /** where its clients reach it: `127.0.0.1:9092`, `http://127.0.0.1:8081` */
  readonly endpoint: string
  /** all the ports that it listens on; that of its clients comes first */
  readonly ports: readonly number[]
  /** servers that must be ready before it starts */
  readonly dependsOn: readonly string[]
}

interface JavaServerBase extends ServerBase {
  /** what it is told, in a file relative to the root of the layout */
  readonly properties: { readonly path: string; readonly content: string }
  /** where it keeps what must survive, relative to the root */
  readonly data: string
  readonly javaOptions: readonly string[]
  readonly mainClass: string
}

export interface ZooKeeperServer extends JavaServerBase {
  readonly kind: 'zookeeper'
}

export interface BrokerServer extends JavaServerBase {
  readonly kind: 'broker'
  /** from 1 */
  readonly id: number
  /** where ZooKeeper is that it needs; a broker without one is a KRaft node, and its folder is formatted before its first start */
  readonly zookeeperPort?: number
}

export type JavaServer = ZooKeeperServer | BrokerServer

export interface RegistryServer extends ServerBase {
  readonly kind: 'registry'
  readonly bootstrap: readonly string[]
}

/** A process of Node that is Kafka, Schema Registry and fault control in one; the other two are hosted by it. */
export interface EmbeddedServer extends ServerBase {
  readonly kind: 'embedded'
  /** where it keeps what must survive, relative to the root */
  readonly data: string
}

/** What the process of another server serves. */
export interface HostedServer extends ServerBase {
  readonly kind: 'hosted'
  /** the name of that server */
  readonly host: string
}

export type DesiredServer = JavaServer | RegistryServer | EmbeddedServer | HostedServer | BesideServer

export interface DesiredStack {
  /** in an order in which none stands before what it depends on */
  readonly servers: readonly DesiredServer[]
  /** files that servers share, relative to the root */
  readonly files: readonly { readonly path: string; readonly content: string }[]
}

export interface NativeInputs {
  readonly settings: StackSettings
  readonly release: Release
  readonly ports: StackPorts
  /** absolute; told to the JVMs as a label for those who look at the process list */
  readonly folder: string
  /** KAFKA_HEAP_OPTS */
  readonly heapOptions?: string | undefined
}

/** `kafka` for a single broker, else `kafka-1` and so on. */
export function brokerName(id: number, count: number): string {
  return count === 1 ? 'kafka' : `kafka-${id}`
}

/** The id of the broker that a name stands for; undefined for one of another server. */
export function brokerIdOf(name: string): number | undefined {
  const found = /^kafka(?:-(\d+))?$/.exec(name)
  return found ? Number(found[1] ?? 1) : undefined
}

const others: Readonly<Record<string, ServerKind>> = {
  zookeeper: 'zookeeper',
  'schema-registry': 'registry',
  faults: 'faults',
  postgres: 'postgres',
  mongodb: 'mongodb',
  'kafka-ui': 'kafka-ui',
}

/** Whether a stack may have a server of this name. */
export function isServerName(name: string): boolean {
  return Object.hasOwn(others, name) || brokerIdOf(name) !== undefined
}

/** The kind of server that a name stands for. */
export function kindOf(name: string): ServerKind {
  return others[name] ?? 'broker'
}

/** The servers of a native stack on the given ports. */
export function describeNative(inputs: NativeInputs): DesiredStack {
  const { release, ports } = inputs
  const { name, content, option } = loggingConfig(release)
  const path = `${stackFolders.config}/${name}`
  const zookeeper = ports.zookeeper === undefined ? [] : [zooKeeper(inputs, ports.zookeeper, option(path))]
  const brokers = ports.brokers.map((_, i) => broker(inputs, i + 1, option(path)))
  const registry: RegistryServer = {
    kind: 'registry',
    name: 'schema-registry',
    endpoint: `http://127.0.0.1:${ports.registry}`,
    ports: [ports.registry],
    dependsOn: brokers.map((server) => server.name),
    bootstrap: brokers.map((server) => server.endpoint),
  }
  const beside = describeBeside(inputs.settings, ports, inputs.folder)
  return { servers: [...zookeeper, ...brokers, registry, ...beside], files: [{ path, content }] }
}

function jvm(inputs: NativeInputs, kind: 'zookeeper' | 'broker', name: string, logging: string): string[] {
  return [
    ...javaOptions(kind, inputs.heapOptions),
    logging,
    `-D${logFileProperty}=${logFile(name)}`,
    `-Devplat.platform=${inputs.folder}`,
  ]
}

function zooKeeper(inputs: NativeInputs, port: number, logging: string): ZooKeeperServer {
  const name = 'zookeeper'
  const data = join(stackFolders.data, name)
  return {
    kind: 'zookeeper',
    name,
    endpoint: `127.0.0.1:${port}`,
    ports: [port],
    dependsOn: [],
    properties: propertiesFile(name, propertiesText(zooKeeperProperties(port, data))),
    data,
    javaOptions: jvm(inputs, 'zookeeper', name, logging),
    mainClass: 'org.apache.zookeeper.server.quorum.QuorumPeerMain',
  }
}

function broker(inputs: NativeInputs, id: number, logging: string): BrokerServer {
  const { ports, release } = inputs
  const name = brokerName(id, ports.brokers.length)
  // the folder keeps its name when the number of brokers changes, so that data is never mistaken for none
  const data = join(stackFolders.data, `kafka-${id}`)
  const port = ports.brokers[id - 1]!
  const controller = ports.controllers?.[id - 1]
  return {
    kind: 'broker',
    name,
    endpoint: `127.0.0.1:${port}`,
    ports: controller === undefined ? [port] : [port, controller],
    dependsOn: ports.zookeeper === undefined ? [] : ['zookeeper'],
    properties: propertiesFile(name, propertiesText(brokerProperties({ id, release, ports, data }))),
    data,
    id,
    ...(ports.zookeeper !== undefined && { zookeeperPort: ports.zookeeper }),
    javaOptions: jvm(inputs, 'broker', name, logging),
    mainClass: 'kafka.Kafka',
  }
}

function propertiesFile(name: string, content: string): JavaServer['properties'] {
  return { path: join(stackFolders.config, `${name}.properties`), content }
}
