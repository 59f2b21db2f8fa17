// What of a stack of containers is there as it is wanted, and what has to be made, made anew, started or told. Pure.
import { brokerIdOf } from '../desired/servers.ts'
import { shortName } from './engine/image-name.ts'
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
  const found = new Map(servers.map((server) => [server, containerOf(server, containers)]))
  const known = new Set(found.values())
  return {
    steps: servers.map((server) => stepFor(server, found.get(server))),
    orphans: containers.filter((container) => !known.has(container)),
  }
}

/** The container of a server. A broker is the same whether it was alone (`kafka`) or is the first of several (`kafka-1`): it has the data. */
function containerOf({ name }: ContainerServer, containers: readonly ContainerSummary[]): ContainerSummary | undefined {
  const id = brokerIdOf(name)
  return (
    containers.find(({ server }) => server === name) ??
    containers.find(({ server }) => id !== undefined && brokerIdOf(server) === id)
  )
}

function stepFor(server: ContainerServer, container: ContainerSummary | undefined): Step {
  if (!container) return { action: 'create', server }
  if (container.server !== server.name || container.labels[configLabel] !== configHash(server))
    return { action: 'replace', server, container }
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

/** The steps where a container is also made anew when its image is not the one that has its name now. `images` are ids by short name. */
export function withImages(steps: readonly Step[], images: ReadonlyMap<string, string>): readonly Step[] {
  return steps.map((step) => {
    if (step.action === 'create') return step
    const id = images.get(shortName(step.server.image))
    return id === undefined || id === step.container.imageId ? step : { ...step, action: 'replace' }
  })
}
