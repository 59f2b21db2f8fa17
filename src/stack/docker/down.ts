// `evplat down` of containers: stops and removes them and their network; volumes go where that is asked for.
import { EvplatError } from '../../core/errors.ts'
import type { Layout } from '../layout.ts'
import { deleteAll } from './deletion.ts'
import type { ContainerSummary, Engine, Named } from './engine/engine.ts'
import { networkOf } from './model/labels.ts'
import { stopContainers } from './stop-containers.ts'
import { forgetStops } from './stopping.ts'

export interface DownContainers {
  readonly engine: Engine
  readonly layout: Layout
  readonly project: string
  readonly containers: readonly ContainerSummary[]
  /** to be deleted, with all else that there is of the data; it stays where there is no such list */
  readonly volumes?: readonly Named[]
  readonly signal: AbortSignal
  readonly say: (message: string) => void
  readonly progress: (message: string) => void
}

/** Answers the names of the servers that ran. What has gone already is passed over, so that it can be done again after any end. */
export async function downContainers(options: DownContainers): Promise<string[]> {
  const { engine, layout, project, volumes } = options
  const stopped = await stopContainers(engine, { ...options, remove: true })
  await forgetStops(layout)
  await removeNetwork(engine, networkOf(project).name, options)
  if (volumes) await deleteAll(engine, layout, volumes)
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
