// `evplat down` of containers: stops and removes them and their network; volumes go where that is asked for.
import type { Layout } from '../layout.ts'
import { stopOrder } from '../processes/stop.ts'
import { kindOf } from '../desired/servers.ts'
import type { ContainerSummary, Engine } from './engine/engine.ts'
import { networkOf, projectLabels } from './model/labels.ts'
import { forgetStops, stopContainer } from './stopping.ts'

export interface DownContainers {
  readonly engine: Engine
  readonly layout: Layout
  readonly project: string
  readonly containers: readonly ContainerSummary[]
  readonly deleteVolumes: boolean
  readonly signal: AbortSignal
  readonly progress: (message: string) => void
}

/** Answers the names of the servers that ran. What has gone already is passed over, so that it can be done again after any end. */
export async function downContainers(options: DownContainers): Promise<string[]> {
  const { engine, layout, project, containers, deleteVolumes, signal, progress } = options
  const stopped: string[] = []
  for (const kind of stopOrder) {
    signal.throwIfAborted()
    const ofKind = containers.filter(({ server }) => kindOf(server) === kind)
    await Promise.all(
      ofKind.map(async (container) => {
        const { id, server, state } = container
        if (state === 'running') {
          progress(`stopping ${server}`)
          await stopContainer(engine, layout, container)
          stopped.push(server)
        }
        await engine.remove(id)
      }),
    )
  }
  await forgetStops(layout)
  await engine.removeNetwork(networkOf(project).name)
  if (deleteVolumes)
    for (const { name } of await engine.volumes(projectLabels(project))) await engine.removeVolume(name)
  return stopped
}
