// A server of the stack in the words of the engine, named as compose v2 names it.
import { layoutOf } from '../../layout.ts'
import { secretFile } from '../../secrets.ts'
import type { ContainerSpec, Named } from '../engine/engine.ts'
import type { ContainerServer, DockerStack } from './docker-stack.ts'
import { labelsOf, namedVolume, networkOf, volumeName } from './labels.ts'
import { secretPath } from './secrets.ts'

/** What the container of a server is made of, for the platform in `folder`, which is absolute. */
export function specOf({ project }: DockerStack, server: ContainerServer, folder: string): ContainerSpec {
  const { name, image, environment, command, ports, volumes, secrets, healthCheck, aliases, stopSeconds } = server
  return {
    name: `${project}-${name}-1`,
    image,
    hostname: name,
    environment,
    ...(command && { command }),
    labels: labelsOf(project, server, folder),
    ports,
    volumes: volumes.map((volume) => ({ volume: volumeName(project, volume.name), target: volume.target })),
    files: secrets.map((secret) => ({ source: secretFile(layoutOf(folder), secret), target: secretPath(secret) })),
    healthCheck,
    network: networkOf(project).name,
    aliases: [name, ...aliases],
    stopSeconds,
  }
}

/** The volumes that a server keeps its data in, for the platform in `folder`, which is absolute. */
export function volumesOf({ project }: DockerStack, { volumes }: ContainerServer, folder: string): Named[] {
  return volumes.map(({ name }) => namedVolume(project, name, folder))
}
