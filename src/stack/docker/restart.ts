// `evplat restart` in containers: they are stopped and started as they are; nothing is made anew.
import { allOrNone } from '../../core/all-or-none.ts'
import { elapsed } from '../../core/duration.ts'
import { EvplatError } from '../../core/errors.ts'
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
import { startContainer } from './start-container.ts'
import { readContainerStatus } from './status.ts'
import { stopContainers } from './stop-containers.ts'
import { completeStops } from './stopping.ts'
import { type Watch, watchContainers } from './watch.ts'

/** Restarts containers that are there. Rejects with `usage`, `stack-missing` for a server without one, and what `up` rejects. */
export async function restartContainers(options: RestartOptions): Promise<StackStatus> {
  const engine = await findEngine(options.env)
  const layout = layoutOf(options.folder)
  return withStackLock(layout, options, async () => {
    const containers = await completeStops(engine, layout, await containersOf(engine, options))
    const servers = serversOf(options, containers)
    const chosen = containersToRestart(servers, containers, options.servers)
    await stopContainers(engine, { ...options, layout, containers: chosen, remove: false })
    const watch = await watchContainers(engine, projectLabels(options.project), options.signal)
    try {
      await startAll(engine, chosen, { ...options, watch, all: servers })
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

type Server = ReturnType<typeof serversOf>[number]

/** The containers of the servers of these names, all without names. Throws `usage`, and `stack-missing` for one without a container. */
export function containersToRestart(
  servers: readonly Server[],
  containers: readonly ContainerSummary[],
  wanted: readonly string[],
): readonly ContainerSummary[] {
  const named = namedServers(servers, wanted)
  const found = containers.filter(({ server }) => named.some(({ name }) => name === server))
  const absent = named.flatMap(({ name }) => (found.some(({ server }) => server === name) ? [] : [name]))
  // half a stack is restarted as it is
  if (wanted.length === 0 ? found.length > 0 : absent.length === 0) return found
  throw new EvplatError('stack-missing', `there is no container of ${absent.join(', ')}`, {
    hint: `start it with \`${['evplat up', ...(wanted.length === 0 ? [] : absent)].join(' ')}\``,
  })
}

interface Starting extends RestartOptions {
  readonly watch: Watch
  readonly all: readonly Server[]
}

/** In the opposite order: what others need comes first. */
async function startAll(engine: Engine, chosen: readonly ContainerSummary[], options: Starting): Promise<void> {
  for (const kind of stopOrder.toReversed()) {
    const ofKind = chosen.filter(({ server }) => kindOf(server) === kind)
    await allOrNone(options.signal, (signal) =>
      ofKind.map((container) => startOne(engine, container, { ...options, signal })),
    )
  }
}

async function startOne(
  engine: Engine,
  { id, server: name }: ContainerSummary,
  { all, watch, folder, signal, say, progress }: Starting,
): Promise<void> {
  const began = performance.now()
  const endpointOf = (wanted: string): string | undefined => all.find((one) => one.name === wanted)?.endpoint
  const endpoint = endpointOf(name) ?? ''
  const zookeeper = endpointOf('zookeeper')?.split(':')[1]
  const zookeeperPort = zookeeper === undefined ? undefined : Number(zookeeper)
  await startContainer(engine, { id, name, zookeeperPort, signal, say, progress })
  const requireAlive = async (): Promise<void> => {
    if (watch.hasEnded(id)) throw await endedError(engine, name, id)
  }
  const brokerCount = all.filter((one) => kindOf(one.name) === 'broker').length
  await untilReady({ name, endpoint }, { layout: layoutOf(folder), brokerCount, requireAlive, signal, progress })
  say(`${name} is ready at ${endpoint} (${elapsed(performance.now() - began)})`)
}
