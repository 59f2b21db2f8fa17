// What happens to containers that are there before any is started.
import { layoutOf } from '../layout.ts'
import { type Step, differenceOf } from './difference.ts'
import type { Engine } from './engine/engine.ts'
import type { DockerStack } from './model/docker-stack.ts'
import { type ProjectPlace, containersOf } from './project.ts'
import { stopContainers } from './stop-containers.ts'

interface Known {
  readonly stack: DockerStack
  readonly steps: readonly Step[]
  readonly place: ProjectPlace
}

/**
 * The steps as they are by now, when ends are watched: what was to be kept may have ended while images were pulled, and nobody would
 * have seen it. The engine is asked again only where something is kept.
 */
export async function stepsNow(engine: Engine, { stack, steps, place }: Known): Promise<readonly Step[]> {
  if (steps.every(({ action }) => action !== 'keep')) return steps
  const now = differenceOf(stack, await containersOf(engine, place)).steps
  return steps.map((step) =>
    step.action === 'replace' ? step : now.find(({ server }) => server.name === step.server.name)!,
  )
}

interface Clearing {
  readonly place: ProjectPlace
  readonly signal: AbortSignal
  readonly progress: (message: string) => void
}

/** Takes away what is to be made anew, all of it before anything is started: one server may have the port that another one gets. */
export async function clearTheWay(engine: Engine, steps: readonly Step[], options: Clearing): Promise<readonly Step[]> {
  const containers = steps.flatMap((step) => (step.action === 'replace' ? [step.container] : []))
  const layout = layoutOf(options.place.folder)
  await stopContainers(engine, { ...options, layout, containers, remove: true })
  return steps.map((step) => (step.action === 'replace' ? { action: 'create', server: step.server } : step))
}
