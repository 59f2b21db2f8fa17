// How the servers of a recorded stack are doing: whether their processes are there, and what they answer.
import { join } from 'node:path'
import { type Layout, exitFile, logFile } from '../layout.ts'
import type { ServerRecord, StackRecord } from '../stack-file.ts'
import type { ServerStatus } from '../status.ts'
import { exitText, readExitCode } from './keeper.ts'
import { excerpt, mainReason, readTail } from './log-excerpt.ts'
import { type ProcessIdentity, isRunning } from './operating-system.ts'
import { type ProbeContext, probe } from './probes.ts'

/** The process that a record names, whether it runs or not. */
export function processOf({ pid, start }: ServerRecord): ProcessIdentity | undefined {
  return pid === undefined || start === undefined ? undefined : { pid, start }
}

/** The state of every recorded server; all are asked at once, so that it takes as long as the slowest answer, at most about 2 s. */
export function readStatus(layout: Layout, record: StackRecord): Promise<ServerStatus[]> {
  return Promise.all(record.servers.map((server) => statusOf(layout, record, server)))
}

async function statusOf(layout: Layout, record: StackRecord, server: ServerRecord): Promise<ServerStatus> {
  const { name, endpoint, host = name } = server
  if (server.away !== undefined) return { name, endpoint, state: 'failed', detail: server.away }
  if (server.outside) return outsideStatus(layout, server)
  const process = processOf(server)
  if (!process) return { name, endpoint, state: 'stopped' }
  if (!(await isRunning(process))) return { name, endpoint, state: 'failed', detail: await failureText(layout, host) }
  const { problem, note } = await probe(server, contextOf(layout, record.ports.brokers.length))
  const { pid } = process
  return problem === undefined
    ? { name, endpoint, state: 'ready', pid, ...(note !== undefined && { detail: note }) }
    : { name, endpoint, state: 'starting', pid, detail: problem }
}

const contextOf = (layout: Layout, brokerCount: number): ProbeContext => ({ layout, brokerCount, isStarting: false })

/** Of a server of others only its answer tells anything. */
async function outsideStatus(layout: Layout, server: ServerRecord): Promise<ServerStatus> {
  const { name, endpoint } = server
  const { problem } = await probe(server, contextOf(layout, 1))
  if (problem === undefined) return { name, endpoint, state: 'ready', detail: 'named by MONGODB_URI' }
  return { name, endpoint, state: 'failed', detail: `named by MONGODB_URI: ${problem}` }
}

export interface Failure {
  /** undefined when it is not known: the keeper went with the server, as at a restart of the machine */
  readonly code: number | undefined
  /** the lines of the log that say why; none for a server that was killed, which has nothing to say */
  readonly reason: readonly string[]
}

/** How a server ended that nobody asked to end. */
export async function readFailure({ root }: Layout, name: string): Promise<Failure> {
  const code = await readExitCode(join(root, exitFile(name)))
  const wasKilled = code === undefined || code > 128
  return { code, reason: wasKilled ? [] : excerpt(await readTail(join(root, logFile(name)))) }
}

/** `exit code 1: java.net.BindException: Address already in use` */
async function failureText(layout: Layout, name: string): Promise<string> {
  const { code, reason } = await readFailure(layout, name)
  const main = mainReason(reason)
  const how = code === undefined ? 'it ended, and nobody saw how' : exitText(code)
  return main === undefined ? how : `${how}: ${main}`
}
