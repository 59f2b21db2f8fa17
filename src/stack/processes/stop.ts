// Stops servers: those that need others first, with a signal that lets them end in peace, and a hard one when they do not.
import { join } from 'node:path'
import { waitFor } from '../../core/deadline.ts'
import { elapsed } from '../../core/duration.ts'
import { EvplatError } from '../../core/errors.ts'
import { type ServerKind, kindOf } from '../desired/servers.ts'
import { type Layout, exitFile } from '../layout.ts'
import { type ServerRecord, type StackFile, withServer } from '../stack-file.ts'
import { readExitCode } from './keeper.ts'
import { type ProcessIdentity, isRunning, sendSignal } from './operating-system.ts'
import { processOf } from './read-status.ts'

export interface StopOptions {
  readonly layout: Layout
  readonly signal?: AbortSignal
  readonly say: (message: string) => void
  readonly progress: (message: string) => void
  /** how long a server may take to end, in milliseconds, instead of what its kind may */
  readonly patienceMs?: number
}

export const stopOrder: readonly ServerKind[] = [
  'kafka-ui',
  'registry',
  'faults',
  'broker',
  'zookeeper',
  'postgres',
  'mongodb',
]
/** how long a server may take to end; a broker writes down what it knows */
export const stopPatienceMs: Readonly<Record<ServerKind, number>> = {
  'kafka-ui': 15_000,
  registry: 15_000,
  faults: 15_000,
  broker: 60_000,
  zookeeper: 20_000,
  postgres: 30_000,
  mongodb: 30_000,
}
const killPatienceMs = 10_000

/** How a server is asked to end. On SIGTERM, PostgreSQL would wait until its last client has gone. */
const politeSignal = (kind: ServerKind): 'SIGTERM' | 'SIGINT' => (kind === 'postgres' ? 'SIGINT' : 'SIGTERM')

/**
 * Stops the recorded servers of which `chosen` says yes, and takes their processes out of the record. Answers the names of those
 * that ran. Throws `server-not-stopped` for one that can't be stopped, `file-unusable` where all were stopped and that could
 * not be noted, and the reason of the signal.
 */
export async function stopServers(
  file: StackFile,
  chosen: (server: ServerRecord) => boolean,
  options: StopOptions,
): Promise<string[]> {
  const stopped: string[] = []
  // a record that can't be written, on a full disk, keeps no server running: it is told when all have ended
  let unwritten: Error | undefined
  for (const kind of stopOrder) {
    const all = file.record().servers
    const servers = all.filter((one) => one.host === undefined && kindOf(one.name) === kind && chosen(one))
    const ends = await Promise.allSettled(
      servers.map(async (server) => {
        const process = processOf(server)
        // with a process goes all that it serves
        const served = all.filter(({ name, host }) => name === server.name || host === server.name)
        if (process && (await stop(server.name, process, options))) stopped.push(...served.map(({ name }) => name))
        await file
          .update((record) => served.map(withoutProcess).reduce(withServer, record))
          .catch((thrown: Error) => (unwritten ??= thrown))
      }),
    )
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
  if (unwritten === undefined) return stopped
  if (stopped.length > 0) options.say(`stopped ${stopped.join(', ')}`)
  throw unwritten
}

function withoutProcess({ name, endpoint, host }: ServerRecord): ServerRecord {
  return { name, endpoint, ...(host !== undefined && { host }) }
}

/** Whether there was something to stop. */
async function stop(name: string, process: ProcessIdentity, options: StopOptions): Promise<boolean> {
  if (!(await sendSignal(process, politeSignal(kindOf(name))))) return false
  const patience = options.patienceMs ?? stopPatienceMs[kindOf(name)]
  options.progress(`stopping ${name}`)
  if (!(await awaitEnd(process, patience, options.signal))) {
    options.say(`${name} (process ${process.pid}) did not end within ${elapsed(patience)}, killing it`)
    await sendSignal(process, 'SIGKILL')
    if (!(await awaitEnd(process, killPatienceMs, options.signal)))
      throw new EvplatError('server-not-stopped', `${name} (process ${process.pid}) is still there after SIGKILL`, {
        hint: 'it hangs in the operating system; a disk that does not answer is the usual reason',
      })
  }
  // the keeper writes the exit code as its last act, and must not do so when its folder has been deleted
  await waitFor(() => readExitCode(join(options.layout.root, exitFile(name))), { timeoutMs: 1000, everyMs: 10 })
  return true
}

function awaitEnd(
  process: ProcessIdentity,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<true | undefined> {
  const look = async (): Promise<true | undefined> => ((await isRunning(process)) ? undefined : true)
  return waitFor(look, { timeoutMs, everyMs: 50, ...(signal && { signal }) })
}
