// The docker runtime: each command finds the engine, then the containers of the project.
import type { LogLine } from '../logs.ts'
import { layoutOf } from '../layout.ts'
import type { StackData } from '../processes/down.ts'
import { withStackLock } from '../processes/options.ts'
import { serversOf } from './servers-of.ts'
import type { DownOptions, StackPlace, StackRuntime } from '../stack-runtime.ts'
import { type StackStatus, publishStatus } from '../status.ts'
import { downContainers } from './down.ts'
import type { ContainerSummary, Engine } from './engine/engine.ts'
import { findEngine } from './engine/discovery/find-engine.ts'
import { followContainerLogs } from './follow-logs.ts'
import { loggedServers, readContainerLogs } from './logs.ts'
import { projectLabels, volumeOf } from './model/labels.ts'
import { type ProjectPlace, containersOf, dataVolumesOf } from './project.ts'
import { restartContainers } from './restart.ts'
import { readContainerStatus, withFigures } from './status.ts'
import { upDocker } from './up.ts'

interface Found {
  readonly engine: Engine
  readonly containers: readonly ContainerSummary[]
}

async function find(place: StackPlace): Promise<Found> {
  const engine = await findEngine(place.env)
  return { engine, containers: await containersOf(engine, place) }
}

const projectPlace = ({ project, folder, record }: StackPlace): ProjectPlace => ({
  project,
  folder,
  hasRun: record !== undefined,
})

async function down(options: DownOptions): Promise<string[]> {
  const layout = layoutOf(options.folder)
  return withStackLock(layout, options, async () => {
    const found = await find(options)
    const given = { ...options, ...found, layout }
    if (!options.deleteData) return downContainers(given)
    return downContainers({ ...given, volumes: await dataVolumesOf(found.engine, projectPlace(options)) })
  })
}

async function readStatus(place: StackPlace): Promise<StackStatus> {
  const found = await find(place)
  const servers = serversOf(place, found.containers)
  return publishStatus(
    'docker',
    await withFigures(found, await readContainerStatus({ ...found, layout: layoutOf(place.folder), servers })),
  )
}

async function readData(place: StackPlace): Promise<StackData | undefined> {
  const engine = await findEngine(place.env)
  const volumes = await dataVolumesOf(engine, projectPlace(place))
  if (volumes.length === 0) return undefined
  // the engine tells them in any order
  const names = volumes.map(({ name, labels }) => volumeOf(labels) ?? name).toSorted()
  const servers = names.map((name) => ({ name }))
  return { where: `volumes of the project "${place.project}" at ${engine.title}`, servers }
}

async function* followLogs(place: StackPlace, servers: readonly string[], count: number): AsyncGenerator<LogLine[]> {
  const engine = await findEngine(place.env)
  const look = (): Promise<readonly ContainerSummary[]> => containersOf(engine, place)
  const { project, signal } = place
  yield* followContainerLogs({ engine, labels: projectLabels(project), look, servers, count, signal })
}

export const dockerRuntime: StackRuntime = {
  up: upDocker,
  down,
  restart: restartContainers,
  readStatus,
  readData,
  serversWithLogs: async (place, wanted) => loggedServers((await find(place)).containers, wanted),
  readLogs: async (place, servers, count) =>
    readContainerLogs({ ...(await find(place)), servers, count, signal: place.signal }),
  followLogs,
}
