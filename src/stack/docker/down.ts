// `evplat down` of containers: stops and removes them and their network; volumes go where that is asked for.
import { EvplatError } from '../../core/errors.ts'
import type { ContainerSummary, Engine, Named } from './engine/engine.ts'
import { networkOf } from './model/labels.ts'
import { stopContainers } from './stop-containers.ts'

export interface DownContainers {
  readonly engine: Engine
  readonly project: string
  readonly containers: readonly ContainerSummary[]
  /** to be deleted */
  readonly volumes: readonly Named[]
  readonly signal: AbortSignal
  readonly say: (message: string) => void
  readonly progress: (message: string) => void
}

/** Answers the names of the servers that ran. What has gone already is passed over, so that it can be done again after any end. */
export async function downContainers(options: DownContainers): Promise<string[]> {
  const { engine, project, containers, volumes, signal, progress } = options
  const stopped = await stopContainers(engine, { containers, remove: true, signal, progress })
  await removeNetwork(engine, networkOf(project).name, options)
  for (const { name } of volumes) await engine.removeVolume(name)
  return stopped
}

/** Containers that users put into the network, services for one, are in the way of its end, and of nothing else. */
async function removeNetwork(engine: Engine, name: string, { say }: Pick<DownContainers, 'say'>): Promise<void> {
  try {
    await engine.removeNetwork(name)
  } catch (thrown) {
    if (!(thrown instanceof EvplatError) || thrown.code !== 'engine-refused') throw thrown
    say(`network "${name}" stays: ${thrown.parts.said ?? thrown.message}`)
  }
}
