// What of a stack of containers is there as it is wanted, and what has to be made, made anew, started or told. Pure.
import type { ContainerSummary } from './engine/engine.ts'
import type { ContainerServer, DockerStack } from './model/docker-stack.ts'
import { configHash, configLabel } from './model/labels.ts'

export type Step =
  | {
      readonly action: 'keep' | 'start' | 'replace'
      readonly server: ContainerServer
      readonly container: ContainerSummary
    }
  | { readonly action: 'create'; readonly server: ContainerServer }

export interface Difference {
  /** one for each server, in their order */
  readonly steps: readonly Step[]
  /** containers of the project that are none of its servers: those of an older platform.yaml */
  readonly orphans: readonly ContainerSummary[]
}

/** Compares a stack with the containers of its project. */
export function differenceOf({ servers }: DockerStack, containers: readonly ContainerSummary[]): Difference {
  const names = new Set(servers.map(({ name }) => name))
  return {
    steps: servers.map((server) => stepFor(server, containers)),
    orphans: containers.filter(({ server }) => !names.has(server)),
  }
}

function stepFor(server: ContainerServer, containers: readonly ContainerSummary[]): Step {
  const container = containers.find((one) => one.server === server.name)
  if (!container) return { action: 'create', server }
  if (container.labels[configLabel] !== configHash(server)) return { action: 'replace', server, container }
  switch (container.state) {
    case 'running':
      return { action: 'keep', server, container }
    case 'created':
    case 'exited':
      return { action: 'start', server, container }
    default:
      return { action: 'replace', server, container }
  }
}
