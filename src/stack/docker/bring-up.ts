// Carries out what `difference.ts` found: each server as soon as those that it needs are ready.
import { elapsed } from '../../core/duration.ts'
import { byDependency } from '../desired/by-dependency.ts'
import { noteClusterId, untilReady } from '../processes/await-ready.ts'
import { layoutOf } from '../layout.ts'
import type { StackFile } from '../stack-file.ts'
import { clearTheWay, stepsNow } from './clear-the-way.ts'
import type { Step } from './difference.ts'
import { endedError } from './ended.ts'
import type { Engine } from './engine/engine.ts'
import type { ContainerServer, DockerStack } from './model/docker-stack.ts'
import { specOf, volumesOf } from './model/engine-names.ts'
import { type ProjectPlace, requireOwnVolume } from './project.ts'
import { startContainer } from './start-container.ts'
import type { KnownContainer } from './status.ts'
import type { Watch } from './watch.ts'

export interface BringUpOptions {
  readonly place: ProjectPlace
  readonly engine: Engine
  readonly stack: DockerStack
  readonly steps: readonly Step[]
  readonly watch: Watch
  readonly file: StackFile
  readonly signal: AbortSignal
  readonly say: (message: string) => void
  readonly progress: (message: string) => void
}

/** Answers the containers when every server is ready. Rejects with the first that failed; what runs then goes on running. */
export async function bringUp(options: BringUpOptions): Promise<KnownContainer[]> {
  const { engine, signal } = options
  const steps = await clearTheWay(engine, await stepsNow(engine, options), options)
  const ordered = steps.map((step) => ({ step, name: step.server.name, dependsOn: step.server.dependsOn }))
  return byDependency(ordered, signal, ({ step }, inner) => bringUpOne(step, { ...options, signal: inner }))
}

async function bringUpOne(step: Step, options: BringUpOptions): Promise<KnownContainer> {
  const { engine, watch, file, signal, say, progress } = options
  const layout = layoutOf(options.place.folder)
  const { name, endpoint } = step.server
  const began = performance.now()
  const id = await startOne(step, options)
  const requireAlive = async (): Promise<void> => {
    if (watch.hasEnded(id)) throw await endedError(engine, name, id)
  }
  const brokerCount = file.record().ports.brokers.length
  const readiness = { layout, brokerCount, requireAlive, signal, progress }
  await noteClusterId(file, await untilReady(step.server, readiness))
  if (step.action === 'keep') return step.container
  say(`${name} is ready at ${endpoint} (${elapsed(performance.now() - began)})`)
  // what it is made of is known; the engine's own check has hardly begun
  return { id, server: name, image: step.server.image, state: 'running' }
}

/** The id of the container that runs then. */
async function startOne(step: Step, options: BringUpOptions): Promise<string> {
  const { engine, signal, progress } = options
  const { name } = step.server
  signal.throwIfAborted()
  if (step.action === 'keep') return step.container.id
  progress(`starting ${name}`)
  const id = step.action === 'start' ? step.container.id : await create(step.server, options)
  await startContainer(engine, { ...options, id, name, zookeeperPort: options.file.record().ports.zookeeper })
  return id
}

async function create(server: ContainerServer, { engine, stack, place }: BringUpOptions): Promise<string> {
  for (const volume of volumesOf(stack, server, place.folder))
    await requireOwnVolume(await engine.createVolume(volume), place)
  return engine.create(specOf(stack, server, place.folder))
}
