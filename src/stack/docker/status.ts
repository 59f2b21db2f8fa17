// How the servers of a stack of containers are doing: what the engine says of them, and what they answer.
import type { StackRecord } from '../stack-file.ts'
import { kindOf } from '../desired/servers.ts'
import type { Layout } from '../layout.ts'
import { type ProbeContext, probe } from '../processes/probes.ts'
import type { ServerStatus } from '../status.ts'
import { endText, wasAskedToEnd } from './ended.ts'
import type { ContainerSummary, Engine } from './engine/engine.ts'

type Server = Pick<StackRecord['servers'][number], 'name' | 'endpoint' | 'inside'>

/** What the state of a server is told by: of one that was just started it is known without asking. */
export type KnownContainer = Pick<ContainerSummary, 'id' | 'server' | 'image' | 'state' | 'health'>

export interface StatusOf {
  readonly engine: Engine
  readonly layout: Layout
  readonly servers: readonly Server[]
  readonly containers: readonly KnownContainer[]
}

/** The state of every server; all are asked at once. The engine is asked of those alone that have ended. */
export function readContainerStatus({ engine, layout, servers, containers }: StatusOf): Promise<ServerStatus[]> {
  const brokerCount = servers.filter(({ name }) => kindOf(name) === 'broker').length
  const context: ProbeContext = { layout, brokerCount, isStarting: false }
  return Promise.all(
    servers.map((server) =>
      statusOf(engine, { server, container: containers.find((one) => one.server === server.name), context }),
    ),
  )
}

interface One {
  readonly server: Server
  readonly container: KnownContainer | undefined
  readonly context: ProbeContext
}

async function statusOf(engine: Engine, { server, container, context }: One): Promise<ServerStatus> {
  const { name, endpoint, inside } = server
  const base = { name, endpoint, ...(inside !== undefined && { inside }) }
  if (!container || container.state === 'created') return { ...base, state: 'stopped' }
  const { image, health } = container
  const known = { ...base, image, ...(health && { health }) }
  if (container.state === 'exited' || container.state === 'dead') {
    const details = await engine.inspect(container.id)
    if (!details) return { ...base, state: 'stopped' }
    return { ...known, state: wasAskedToEnd(details) ? 'stopped' : 'failed', detail: endText(details) }
  }
  if (container.state !== 'running') return { ...known, state: 'starting', detail: `it is ${container.state}` }
  const { problem, note } = await probe({ name, endpoint }, context)
  return problem === undefined
    ? { ...known, state: 'ready', ...(note !== undefined && { detail: note }) }
    : { ...known, state: 'starting', detail: problem }
}

/** What only those want to know who look at the stack: since when, how often, how much. Two requests for each server that runs. */
export function withFigures(
  { engine, containers }: Pick<StatusOf, 'engine' | 'containers'>,
  statuses: readonly ServerStatus[],
): Promise<ServerStatus[]> {
  return Promise.all(
    statuses.map(async (status) => {
      const container = containers.find(({ server }) => server === status.name)
      if (container?.state !== 'running') return status
      const [details, memoryBytes] = await Promise.all([engine.inspect(container.id), engine.memory(container.id)])
      if (!details) return status
      const { startedAt, restarts } = details
      return {
        ...status,
        ...(startedAt !== undefined && { startedAt: new Date(startedAt).toISOString() }),
        ...(memoryBytes !== undefined && { memoryBytes }),
        restarts,
      }
    }),
  )
}
