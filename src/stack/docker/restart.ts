// `evplat restart` in containers: they are stopped and started as they are; nothing is made anew.
import { elapsed } from '../../core/duration.ts'
import { namedServers } from '../desired/choose-servers.ts'
import { kindOf } from '../desired/servers.ts'
import { layoutOf } from '../layout.ts'
import { untilReady } from '../processes/await-ready.ts'
import { withStackLock } from '../processes/options.ts'
import { stopOrder } from '../processes/stop.ts'
import type { RestartOptions } from '../stack-runtime.ts'
import { type StackStatus, publishStatus } from '../status.ts'
import { endedError } from './ended.ts'
import type { ContainerSummary, Engine } from './engine/engine.ts'
import { findEngine } from './engine/discovery/find-engine.ts'
import { projectLabels } from './model/labels.ts'
import { containersOf } from './project.ts'
import { serversOf } from './servers-of.ts'
import { readContainerStatus } from './status.ts'
import { completeStops, stopContainer } from './stopping.ts'
import { type Watch, watchContainers } from './watch.ts'

/** Restarts containers that are there. Rejects with `usage` for a server without one, and with what `up` rejects. */
export async function restartContainers(options: RestartOptions): Promise<StackStatus> {
  const engine = await findEngine(options.env)
  const layout = layoutOf(options.folder)
  return withStackLock(layout, options, async () => {
    const containers = await completeStops(engine, layout, await containersOf(engine, options))
    const all = containers.map((container) => ({ ...container, name: container.server }))
    const chosen = namedServers(all, options.servers)
    await stopAll(engine, chosen, options)
    const watch = await watchContainers(engine, projectLabels(options.project), options.signal)
    try {
      await startAll(engine, chosen, { ...options, watch, containers })
    } finally {
      watch.close()
    }
    const now = await containersOf(engine, options)
    return publishStatus(
      'docker',
      await readContainerStatus({ engine, layout, servers: serversOf(options, now), containers: now }),
    )
  })
}

async function stopAll(engine: Engine, chosen: readonly ContainerSummary[], options: RestartOptions): Promise<void> {
  for (const kind of stopOrder) {
    const ofKind = chosen.filter(({ server, state }) => kindOf(server) === kind && state === 'running')
    await Promise.all(
      ofKind.map((container) => {
        options.progress(`stopping ${container.server}`)
        return stopContainer(engine, layoutOf(options.folder), container)
      }),
    )
  }
}

interface Starting extends RestartOptions {
  readonly watch: Watch
  readonly containers: readonly ContainerSummary[]
}

/** In the opposite order: what others need comes first. */
async function startAll(engine: Engine, chosen: readonly ContainerSummary[], options: Starting): Promise<void> {
  const { watch, containers, signal, say, progress } = options
  const layout = layoutOf(options.folder)
  const servers = serversOf(options, containers)
  const brokerCount = servers.filter(({ name }) => kindOf(name) === 'broker').length
  for (const kind of stopOrder.toReversed()) {
    const ofKind = chosen.filter(({ server }) => kindOf(server) === kind)
    await Promise.all(ofKind.map(({ id }) => engine.start(id)))
    await Promise.all(
      ofKind.map(async ({ id, server: name }) => {
        const began = performance.now()
        const endpoint = servers.find((one) => one.name === name)?.endpoint ?? ''
        const requireAlive = async (): Promise<void> => {
          if (watch.hasEnded(id)) throw await endedError(engine, name, id)
        }
        await untilReady({ name, endpoint }, { layout, brokerCount, requireAlive, signal, progress })
        say(`${name} is ready at ${endpoint} (${elapsed(performance.now() - began)})`)
      }),
    )
  }
}
