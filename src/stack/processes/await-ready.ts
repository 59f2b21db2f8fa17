// Waits until a server answers what its clients will ask, and says why when it does not.
import { statfs } from 'node:fs/promises'
import { waitFor } from '../../core/deadline.ts'
import { elapsed } from '../../core/duration.ts'
import { EvplatError } from '../../core/errors.ts'
import { type DesiredServer, type ServerKind, kindOf } from '../desired/servers.ts'
import type { Layout } from '../layout.ts'
import { exitText } from './keeper.ts'
import { type ProcessIdentity, isRunning } from './operating-system.ts'
import { type ServerAddress, probe } from './probes.ts'
import { readFailure } from './read-status.ts'
import type { StackFile } from '../stack-file.ts'
import type { StartOptions } from './start-options.ts'

/** how long a server may take from its start to its first answer */
const patienceMs: Readonly<Record<ServerKind, number>> = {
  zookeeper: 60_000,
  broker: 180_000,
  registry: 60_000,
  faults: 60_000,
  postgres: 60_000,
  mongodb: 60_000,
  'kafka-ui': 120_000,
}

export interface Readiness {
  readonly layout: Layout
  /** how many brokers there are to be */
  readonly brokerCount: number
  /** rejects when the server has ended: whoever answers then does not count */
  readonly requireAlive: () => Promise<void>
  readonly signal: AbortSignal
  readonly progress: (message: string) => void
}

/** Asks the server until it is ready and answers the id of the cluster where it tells one. Throws `server-not-ready` when it takes too long. */
export async function untilReady(server: ServerAddress, readiness: Readiness): Promise<string | undefined> {
  const { name } = server
  const { layout, brokerCount, requireAlive, signal, progress } = readiness
  const timeoutMs = patienceMs[kindOf(name)]
  let problem: string | undefined
  const look = async (): Promise<{ clusterId: string | undefined } | undefined> => {
    const seen = await probe(server, { layout, brokerCount, isStarting: true })
    await requireAlive()
    problem = seen.problem
    if (problem === undefined) return { clusterId: seen.clusterId }
    progress(`waiting for ${name}: ${problem}`)
    return undefined
  }
  const ready = await waitFor(look, { timeoutMs, everyMs: 100, signal })
  if (ready) return ready.clusterId
  throw new EvplatError('server-not-ready', `${name} is not ready after ${elapsed(timeoutMs)}: ${problem}`, {
    hint: `see \`evplat logs ${name}\`; \`evplat down\` stops it`,
  })
}

/** Resolves when the server is ready. Throws `server-failed` when its process ends and `server-not-ready` when it takes too long. */
export async function awaitReady(
  server: DesiredServer,
  process: ProcessIdentity,
  options: StartOptions,
): Promise<void> {
  const { layout, file, signal, progress } = options
  const requireAlive = async (): Promise<void> => {
    if (!(await isRunning(process))) throw await failure('host' in server ? server.host : server.name, layout)
  }
  const brokerCount = file.record().ports.brokers.length
  await noteClusterId(file, await untilReady(server, { layout, brokerCount, requireAlive, signal, progress }))
}

/** Writes down what a broker said that its cluster is. */
export async function noteClusterId(file: StackFile, clusterId: string | undefined): Promise<void> {
  if (clusterId !== undefined && clusterId !== file.record().clusterId)
    await file.update((record) => ({ ...record, clusterId }))
}

/** A server whose log has no room can't tell that this is why. */
async function isFull(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize < 64 * 1024
}

async function failure(name: string, layout: Layout): Promise<EvplatError> {
  // the exit code is written a moment after the process has gone
  const end = await waitFor(
    async () => {
      const seen = await readFailure(layout, name)
      return seen.code === undefined ? undefined : seen
    },
    { timeoutMs: 1000, everyMs: 20 },
  )
  const { code, reason } = end ?? (await readFailure(layout, name))
  const how = code === undefined ? '' : ` with ${exitText(code)}`
  return new EvplatError('server-failed', `${name} ended${how} while it was started`, {
    ...(reason.length > 0 && { said: reason.join('\n') }),
    hint: (await isFull(layout.root))
      ? `the disk of "${layout.root}" is full: make room there, then \`evplat up\``
      : `see \`evplat logs ${name}\`; \`evplat down\` stops the others`,
    details: { server: name, ...(code !== undefined && { exitCode: code }) },
  })
}
