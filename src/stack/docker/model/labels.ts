// Names and labels at the engine. Those of compose are what docker compose goes by, so that it and evplat see one project.
import { createHash } from 'node:crypto'
import type { ContainerSpec, Named } from '../engine/engine.ts'
import type { ContainerServer, DockerStack } from './docker-stack.ts'

const compose = 'com.docker.compose'

/** what a container was made of, as evplat counts it */
export const configLabel = 'evplat.config'
/** which platform's evplat made it; compose makes none */
export const platformLabel = 'evplat.platform'

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** The platform in a folder, which is absolute, without telling where it is. */
export const platformHash = (folder: string): string => hashOf(folder)

/** What a container is made of, as a short text: another one means that it has to be made anew. */
export function configHash({ endpoint: _, inside: __, dependsOn: ___, build: ____, ...made }: ContainerServer): string {
  return hashOf(JSON.stringify(made))
}

/** The labels of all that belongs to a project. */
export const projectLabels = (project: string): Readonly<Record<string, string>> => ({
  [`${compose}.project`]: project,
})

/** The name of a volume within its project; undefined for one without. */
export const volumeOf = (labels: Readonly<Record<string, string>>): string | undefined => labels[`${compose}.volume`]

/** The network that all containers of a project are in. */
export function networkOf(project: string): Named {
  return { name: `${project}_default`, labels: { ...projectLabels(project), [`${compose}.network`]: 'default' } }
}

const volumeName = (project: string, volume: string): string => `${project}_${volume}`

/** The volumes of a server. */
export function volumesOf({ project }: DockerStack, { volumes }: ContainerServer): Named[] {
  return volumes.map(({ name }) => ({
    name: volumeName(project, name),
    labels: { ...projectLabels(project), [`${compose}.volume`]: name },
  }))
}

/** The labels of a server's container, but for those that only evplat gives. */
export const ownLabels = (server: ContainerServer): Readonly<Record<string, string>> => ({
  [configLabel]: configHash(server),
})

/** A server as the engine is told to make it. `folder` is that of platform.yaml, absolute. */
export function specOf({ project }: DockerStack, server: ContainerServer, folder: string): ContainerSpec {
  const { name, image, environment, command, ports, volumes, secrets, healthCheck, aliases, stopSeconds } = server
  return {
    name: `${project}-${name}-1`,
    image,
    hostname: name,
    environment,
    ...(command && { command }),
    labels: {
      ...projectLabels(project),
      [`${compose}.service`]: name,
      [`${compose}.container-number`]: '1',
      [`${compose}.oneoff`]: 'False',
      ...ownLabels(server),
      [platformLabel]: platformHash(folder),
    },
    ports,
    volumes: volumes.map((volume) => ({ volume: volumeName(project, volume.name), target: volume.target })),
    files: secrets.map((secret) => ({
      source: `${folder}/.evplat/secrets/${secret}`,
      target: `/run/secrets/${secret}`,
    })),
    healthCheck,
    network: networkOf(project).name,
    aliases: [name, ...aliases],
    stopSeconds,
  }
}
