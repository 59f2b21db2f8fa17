import type Docker from 'dockerode'
import { EvplatError } from '../../../core/errors.ts'
import { type Client, ask, labelFilter } from './client.ts'
import { createOptions } from './container-options.ts'
import { plainId } from './image-name.ts'
import type { ContainerDetails, ContainerSpec, ContainerSummary, Engine, PortBinding } from './engine.ts'
import { foundOr404, isThereAlready, statusOf } from './errors.ts'

type Calls = Pick<Engine, 'containers' | 'inspect' | 'create' | 'start' | 'stop' | 'remove'>

/** beyond the time that a container has to end, in milliseconds */
const stopPatienceMs = 60_000

export function containerCalls(client: Client): Calls {
  const { docker } = client
  return {
    containers: (labels) =>
      ask(client, { action: 'list containers' }, async () => {
        const list = await docker.listContainers({ all: true, filters: { label: labelFilter(labels) } })
        return list.map(summaryOf)
      }),
    inspect: (id) =>
      ask(client, { action: `inspect container ${id}` }, async () => {
        const info = await foundOr404(docker.getContainer(id).inspect())
        return info && detailsOf(info)
      }),
    create: (spec) => create(client, spec),
    start: (id) =>
      ask(client, { action: `start container ${id}` }, async () => {
        await unless([304], docker.getContainer(id).start())
      }),
    stop: (id, seconds) =>
      ask(client, { action: `stop container ${id}`, limitMs: seconds * 1000 + stopPatienceMs }, async () => {
        await unless([304, 404], docker.getContainer(id).stop({ t: seconds }))
      }),
    remove: (id) =>
      ask(client, { action: `remove container ${id}` }, async () => {
        // volumes without a name were the container's own; 409: its removal is under way
        await unless([404, 409], docker.getContainer(id).remove({ force: true, v: true }))
      }),
  }
}

/** Waits for a request, and is content where the engine answers with one of these: what is wanted is so already. */
async function unless(contentWith: readonly number[], request: Promise<unknown>): Promise<void> {
  await request.catch((thrown: unknown) => {
    if (!contentWith.includes(statusOf(thrown) ?? 0)) throw thrown
  })
}

function create(client: Client, spec: ContainerSpec): Promise<string> {
  const about = { action: `create container "${spec.name}"`, image: spec.image }
  return ask(client, about, async () => {
    try {
      return (await client.docker.createContainer(createOptions(spec))).id
    } catch (thrown) {
      if (!isThereAlready(thrown)) throw thrown
      throw new EvplatError('name-taken', `there is another container "${spec.name}"`, {
        hint: `remove it, if it is not needed, by \`docker rm -f ${spec.name}\`; or give the platform another name`,
        cause: thrown,
      })
    }
  })
}

const states: readonly ContainerSummary['state'][] = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
]

/** A container as the list has it. Its health stands in the text of its status alone: `Up 3 minutes (healthy)`. */
export function summaryOf(info: Docker.ContainerInfo): ContainerSummary {
  const health = /\((healthy|unhealthy|(?:health: )?starting)\)/.exec(info.Status)?.[1]
  const name = (info.Names[0] ?? info.Id).replace(/^\//, '')
  return {
    id: info.Id,
    name,
    server: info.Labels['com.docker.compose.service'] ?? name,
    labels: info.Labels,
    image: info.Image,
    imageId: plainId(info.ImageID),
    state: states.find((state) => state === info.State) ?? 'exited',
    ...(health !== undefined && { health: health.replace('health: ', '') as 'healthy' | 'unhealthy' | 'starting' }),
    ports: bindingsOf(info.Ports),
  }
}

/** A port that is published on all addresses is listed for each family of them. */
function bindingsOf(ports: readonly Docker.Port[] | null): readonly PortBinding[] {
  const bindings = new Map<number, PortBinding>()
  for (const { PublicPort: host, PrivatePort: container } of ports ?? [])
    if (host) bindings.set(host, { host, container })
  return [...bindings.values()].toSorted((a, b) => a.host - b.host)
}

function detailsOf({ State: state, RestartCount: restarts }: Docker.ContainerInspectInfo): ContainerDetails {
  const startedAt = Date.parse(state.StartedAt)
  return {
    exitCode: state.ExitCode,
    wasOutOfMemory: state.OOMKilled,
    error: state.Error,
    // one that was never started was so in the year 1
    ...(startedAt > 0 && { startedAt }),
    restarts: restarts ?? 0,
  }
}
