// The stack of containers as data: one project of compose. From it come the requests to the engine and the compose file.
import type { SecretName } from '../../secrets.ts'
import type { Build, HealthCheck, PortBinding } from '../engine/engine.ts'

/** One server in one container. */
export interface ContainerServer {
  /** as published and as service of compose: `kafka`, `kafka-1`, `zookeeper`, `schema-registry`, `postgres`, ... */
  readonly name: string
  readonly image: string
  /** how the image is made where it is one of ours */
  readonly build?: Omit<Build, 'image'>
  readonly environment: Readonly<Record<string, string>>
  readonly command?: readonly string[]
  /** that of its clients comes first */
  readonly ports: readonly PortBinding[]
  /** `name` is that of compose, without the project: `kafka-1-data` */
  readonly volumes: readonly { readonly name: string; readonly target: string }[]
  /** files with passwords, made by evplat: `.evplat/secrets/<name>`, mounted at `/run/secrets/<name>` */
  readonly secrets: readonly SecretName[]
  readonly healthCheck: HealthCheck
  /** other names by which it is found within the network */
  readonly aliases: readonly string[]
  /** servers that must be ready before it starts */
  readonly dependsOn: readonly string[]
  /** how long it may take to end in peace, in seconds */
  readonly stopSeconds: number
  /** where programs of this machine reach it: `127.0.0.1:9092`, `http://127.0.0.1:8081` */
  readonly endpoint: string
  /** where containers of the network reach it: `kafka:29092`, `http://schema-registry:8081` */
  readonly inside: string
}

export interface DockerStack {
  /** of compose; the name of the platform */
  readonly project: string
  /** in an order in which none stands before what it depends on */
  readonly servers: readonly ContainerServer[]
}
