// How evplat and docker compose know what is theirs: labels of compose, and two of our own.
// https://github.com/docker/compose/blob/main/pkg/api/labels.go
import { createHash } from 'node:crypto'
import type { Named } from '../engine/engine.ts'
import type { ContainerServer } from './docker-stack.ts'

type Labels = Readonly<Record<string, string>>

const compose = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  number: 'com.docker.compose.container-number',
  oneOff: 'com.docker.compose.oneoff',
  /** compose passes over containers that have none */
  configHash: 'com.docker.compose.config-hash',
  /** compose 1.29 fails on containers that have none */
  version: 'com.docker.compose.version',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
  workingFolder: 'com.docker.compose.project.working_dir',
} as const

/** the hash of what a container is made of; the compose file carries it, too */
export const configLabel = 'evplat.config'
/** the hash of the platform's folder, on what evplat started */
export const platformLabel = 'evplat.platform'

/** the compose that names containers as they are named here */
const composeVersion = '2.0.0'

/** compose's name of the network that all containers of a project are in */
const network = 'default'

/** What all containers and volumes of a project carry. */
export function projectLabels(project: string): Labels {
  return { [compose.project]: project }
}

/** What the container of a server carries; another hash than its own makes compose replace it when it is asked to. */
export function labelsOf(project: string, server: ContainerServer, folder: string): Labels {
  const hash = configHash(server)
  return {
    ...projectLabels(project),
    [compose.service]: server.name,
    [compose.number]: '1',
    [compose.oneOff]: 'False',
    [compose.configHash]: hash,
    [compose.version]: composeVersion,
    [configLabel]: hash,
    [platformLabel]: platformHash(folder),
  }
}

/** The network of a project, as compose would make it. */
export function networkOf(project: string): Named {
  return { name: `${project}_${network}`, labels: { ...projectLabels(project), [compose.network]: network } }
}

/** A volume of a project by its name in compose, `kafka-1-data`. */
export function volumeName(project: string, volume: string): string {
  return `${project}_${volume}`
}

/**
 * A volume of the platform in `folder`, as compose would make it, and with the folder: what is in it outlives every container. The label
 * is one of compose, as docker-compose 1.29 warns of volumes with others.
 */
export function namedVolume(project: string, volume: string, folder: string): Named {
  const labels = { ...projectLabels(project), [compose.volume]: volume, [compose.workingFolder]: folder }
  return { name: volumeName(project, volume), labels }
}

/** The folder that something was made for, as compose writes it down; undefined where it does not. */
export function workingFolder(labels: Labels): string | undefined {
  return labels[compose.workingFolder]
}

/** Whether servers of evplat keep their data in a volume of this name, of whatever platform.yaml. */
export function isDataVolume({ labels }: Named): boolean {
  return /^(kafka-\d+-data|zookeeper-(data|log)|postgres-data|mongodb-(data|config))$/.test(volumeOf(labels) ?? '')
}

/** The name that a volume has in compose: `kafka-1-data`. */
export function volumeOf(labels: Labels): string | undefined {
  return labels[compose.volume]
}

/** Tells platforms of the same name in different folders apart. */
export function platformHash(folder: string): string {
  return hashOf(folder)
}

/** The same for the same container, on whatever machine: not what its image is built from, nor when and where it is reached. */
export function configHash(server: ContainerServer): string {
  const { name, image, environment, command, ports, volumes, secrets, healthCheck, aliases, stopSeconds } = server
  return hashOf({ name, image, environment, command, ports, volumes, secrets, healthCheck, aliases, stopSeconds })
}

function hashOf(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (isPlain(part) ? sorted(part) : part))
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
