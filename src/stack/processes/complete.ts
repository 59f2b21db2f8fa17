// Completes a stack of processes: compares what is wanted with what runs, and starts the rest.
import { join } from 'node:path'
import { requireUnlocked } from '../../broker/storage/lock.ts'
import { writeAtomic } from '../../core/files.ts'
import type { StackSettings } from '../../platform/platform.ts'
import { type FoundDatabases, findDatabases } from '../databases/find-databases.ts'
import { prepareDatabases } from '../databases/prepare-databases.ts'
import { chooseServers } from '../desired/choose-servers.ts'
import { describeStack } from '../desired/describe.ts'
import { type DesiredServer, type DesiredStack, kindOf } from '../desired/servers.ts'
import type { Layout } from '../layout.ts'
import { clusterIdOf, newClusterId } from '../native/format.ts'
import { findProgram } from '../native/find-program.ts'
import { serverEnvironment } from '../native/server-environment.ts'
import { rememberedRuntime } from '../runtime.ts'
import { requireFitting, requireSameRuntime } from '../settings-change.ts'
import { type ServerRecord, type StackRecord, createStackFile, readStackFile } from '../stack-file.ts'
import type { ServerStatus } from '../status.ts'
import { choosePorts, requireFree } from './free-ports.ts'
import { type ProcessIdentity, isRunning } from './operating-system.ts'
import { processOf, readStatus } from './read-status.ts'
import { startServers } from './start.ts'
import type { StartOptions } from './start-options.ts'
import { stopServers } from './stop.ts'
import type { UpOptions } from './up.ts'

type Running = ReadonlyMap<string, ProcessIdentity>

/** Starts what of the servers that are asked for does not run, and answers the state of all. The caller holds the lock of the stack. */
export async function complete(layout: Layout, options: UpOptions): Promise<ServerStatus[]> {
  const { settings, folder, env } = options
  const { runtime } = options.choice
  const before = await readStackFile(layout)
  const running = await runningOf(before)
  const isUp = running.size > 0
  await requireSuiting(layout, before, options, isUp)
  const ports = before && isUp ? before.ports : await choosePorts(runtime, settings, before?.ports)
  const stack = describeStack(runtime, { settings, ports, folder, heapOptions: env['KAFKA_HEAP_OPTS'] })
  const chosen = chooseServers(stack.servers, options.servers)
  const isMissing = ({ name }: DesiredServer): boolean => !running.has(name)
  const found = await findDatabases(chosen.filter(isMissing), { ...options, root: layout.root, asked: options.servers })
  const servers = replaced(chosen, found)
  if (before) {
    const status = await readStatus(layout, before)
    if (areSettled(servers, before, status)) return settled(layout, servers, options, status)
  }
  const missing = servers.filter(isMissing)
  await requirePorts(missing, settings)
  for (const server of missing) if (server.kind === 'embedded') requireUnlocked(join(layout.root, server.data))
  const kafka = missing.some((server) => 'mainClass' in server) && (await findProgram(options, options.choice))
  const clusterId = await knownClusterId(layout, stack.servers, before)
  const record: StackRecord = {
    format: 1,
    runtime,
    kafka: settings.kafka,
    ports,
    ...(clusterId !== undefined && { clusterId }),
    servers: recordsOf(replaced(stack.servers, found), { chosen: servers, running, before }),
  }
  const file = await createStackFile(layout, record)
  await writeFiles(layout, stack)
  await startOrUndo({
    ...options,
    env: serverEnvironment(env),
    layout,
    servers,
    programs: found.programs,
    file,
    running,
    ...(kafka && { kafka }),
  })
  return readStatus(layout, file.record())
}

/** Throws `stack-changed` where the stack, or its data, is not one of these settings. */
export async function requireSuiting(
  layout: Layout,
  before: StackRecord | undefined,
  { settings, choice: { runtime } }: UpOptions,
  isUp: boolean,
): Promise<void> {
  requireSameRuntime(await rememberedRuntime(layout, before), { settings, runtime, isRunning: isUp })
  if (before) requireFitting(before, settings, isUp)
}

function replaced(servers: readonly DesiredServer[], { instead }: FoundDatabases): DesiredServer[] {
  return servers.map((server) => instead.find(({ name }) => name === server.name) ?? server)
}

/** Whether there is nothing to do: each runs and is ready, or is as it was where it is not of this machine. */
function areSettled(servers: readonly DesiredServer[], before: StackRecord, status: readonly ServerStatus[]): boolean {
  return servers.every((server) => {
    const record = before.servers.find(({ name }) => name === server.name)
    const { endpoint, outside, away } = nameOf(server)
    if (server.kind === 'away' || server.kind === 'outside')
      return record?.endpoint === endpoint && record.outside === outside && record.away === away
    return status.find(({ name }) => name === server.name)?.state === 'ready'
  })
}

/** A service may have been added to the platform since; what is not there is told again. */
async function settled(
  layout: Layout,
  servers: readonly DesiredServer[],
  { say, settings }: UpOptions,
  status: ServerStatus[],
): Promise<ServerStatus[]> {
  for (const server of servers) {
    if (server.kind === 'away') say(`${server.name} is not there: ${server.reason}`)
    if (server.kind === 'postgres') await prepareDatabases(layout, server, settings.databases.postgres)
  }
  return status
}

function nameOf(server: DesiredServer): ServerRecord {
  const { name, endpoint } = server
  return {
    name,
    endpoint,
    ...('host' in server && { host: server.host }),
    ...(server.kind === 'outside' && { outside: true }),
    ...(server.kind === 'away' && { away: server.reason }),
  }
}

interface Known {
  readonly chosen: readonly DesiredServer[]
  readonly running: Running
  readonly before: StackRecord | undefined
}

/** What was not asked for stays as it was known, but for where it will be. */
function recordsOf(servers: readonly DesiredServer[], { chosen, running, before }: Known): ServerRecord[] {
  return servers.map((server) => {
    const { name } = server
    const old = before?.servers.find((one) => one.name === name)
    const isChosen = chosen.some((one) => one.name === name)
    if (!isChosen && old && (old.outside || old.away !== undefined)) return old
    return { ...nameOf(server), ...running.get(name) }
  })
}

/** The processes of a recorded stack that run, by server. */
export async function runningOf(record: StackRecord | undefined): Promise<Map<string, ProcessIdentity>> {
  const running = new Map<string, ProcessIdentity>()
  for (const server of record?.servers ?? []) {
    const process = processOf(server)
    if (process && (await isRunning(process))) running.set(server.name, process)
  }
  return running
}

async function writeFiles({ root }: Layout, { files }: DesiredStack): Promise<void> {
  for (const { path, content } of files) await writeAtomic(join(root, path), content)
}

async function requirePorts(missing: readonly DesiredServer[], settings: StackSettings): Promise<void> {
  for (const { name, ports } of missing) {
    const kind = kindOf(name)
    const key = kind === 'broker' ? 'kafka' : kind
    const isDeclared = key !== 'zookeeper' && key !== 'faults' && settings.ports[key] !== 'auto'
    const other = isDeclared
      ? `set \`stack.ports.${key}\` in platform.yaml to another port or to \`auto\``
      : 'find other ports by `evplat down` and `evplat up`'
    await requireFree(name, ports, `stop that process, or ${other}`)
  }
}

/** The id that the data has; a KRaft cluster without data gets one, and others choose their own. */
async function knownClusterId(
  layout: Layout,
  servers: readonly DesiredServer[],
  before: StackRecord | undefined,
): Promise<string | undefined> {
  for (const server of servers) {
    const id = server.kind === 'broker' && (await clusterIdOf(join(layout.root, server.data)))
    if (id) return id
  }
  if (servers.some(({ kind }) => kind === 'zookeeper')) return undefined
  return before?.clusterId ?? (servers.some(({ kind }) => kind === 'broker') ? newClusterId() : undefined)
}

/** When the user interrupts, what was started here is stopped; when a server fails, the others stay for the next `up`. */
async function startOrUndo(options: StartOptions): Promise<void> {
  const { signal, file, running, say } = options
  try {
    await startServers(options)
  } catch (thrown) {
    if (signal.aborted) {
      const { layout, progress } = options
      const stopped = await stopServers(file, ({ name }) => !running.has(name), { layout, say, progress })
      say(stopped.length === 0 ? 'nothing had been started' : `stopped what had been started: ${stopped.join(', ')}`)
    }
    throw thrown
  }
}
