// Who has a port that a container is to have: another container is named as such, not as the proxy that listens for it.
import { EvplatError } from '../../core/errors.ts'
import { type PortOwner, whoHas } from '../processes/free-ports.ts'
import type { Engine } from './engine/engine.ts'
import type { ContainerServer } from './model/docker-stack.ts'

type Server = Pick<ContainerServer, 'name' | 'ports'>

/** Throws `port-taken`, and by whom, where a port of a server is not free; `ours` count as free. What is kept for the administrator is the engine's to judge. */
export async function requireFreePorts(engine: Engine, server: Server, ours: readonly number[]): Promise<void> {
  for (const { host: port } of server.ports) {
    const owner = ours.includes(port) ? undefined : await whoHas(port)
    if (owner && !owner.isReserved) throw await portTaken(engine, server.name, port, owner)
  }
}

/** An error of `start` that says whose port was taken, and by whom, where it is `port-taken`; any other as it is. */
export async function withPortOwner(engine: Engine, server: string, thrown: EvplatError): Promise<EvplatError> {
  const port =
    thrown instanceof EvplatError && thrown.code === 'port-taken' ? thrown.parts.details?.['port'] : undefined
  if (typeof port !== 'number') return thrown
  return portTaken(engine, server, port, (await whoHas(port)) ?? { title: 'another program' })
}

async function portTaken(engine: Engine, server: string, port: number, owner: PortOwner): Promise<EvplatError> {
  const containers = await engine.containers({})
  const container = containers.find(({ ports }) => ports.some(({ host }) => host === port))?.name
  const { process } = owner
  const who = container === undefined ? owner.title : `container "${container}"`
  const stop = container === undefined ? 'stop it' : `stop it with \`docker stop ${container}\``
  return new EvplatError('port-taken', `port ${port} of ${server} is taken by ${who}`, {
    hint: `${stop}, or set another port in platform.yaml under \`stack.ports\`; then \`evplat up\``,
    details: {
      port,
      ...(container === undefined ? process && { pid: process.pid, process: process.name } : { container }),
    },
  })
}
