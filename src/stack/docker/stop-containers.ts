// Stops containers: those that need others first.
import { kindOf } from '../desired/servers.ts'
import type { Layout } from '../layout.ts'
import { stopOrder } from '../processes/stop.ts'
import type { ContainerSummary, Engine } from './engine/engine.ts'
import { stopContainer } from './stopping.ts'

export interface StopContainers {
  readonly layout: Layout
  readonly containers: readonly ContainerSummary[]
  /** take them away, too */
  readonly remove: boolean
  readonly signal: AbortSignal
  readonly progress: (message: string) => void
}

/** Answers the names of the servers that ran. What has gone already is passed over, so that it can be done again after any end. */
export async function stopContainers(
  engine: Engine,
  { layout, containers, remove, signal, progress }: StopContainers,
): Promise<string[]> {
  const stopped: string[] = []
  for (const kind of stopOrder) {
    signal.throwIfAborted()
    await Promise.all(
      containers
        .filter(({ server }) => kindOf(server) === kind)
        .map(async (container) => {
          const { id, server, state } = container
          if (state === 'running') {
            progress(`stopping ${server}`)
            await stopContainer(engine, layout, container)
            stopped.push(server)
          }
          if (remove) await engine.remove(id)
        }),
    )
  }
  return stopped
}
