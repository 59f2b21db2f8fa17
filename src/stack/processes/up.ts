// `evplat up`: whatever of the stack is not there is started; what is there stays as it is.
import { join } from 'node:path'
import { requireUnlocked } from '../../broker/storage/lock.ts'
import { writeAtomic } from '../../core/files.ts'
import type { StackSettings } from '../../platform/platform.ts'
import { chooseServers } from '../desired/choose-servers.ts'
import { describeStack, settingsFor } from '../desired/describe.ts'
import { type DesiredServer, kindOf } from '../desired/servers.ts'
import { type Layout, layoutOf, makeFolders } from '../layout.ts'
import { rememberedRuntime } from '../runtime.ts'
import { requireFitting, requireSameRuntime } from '../settings-change.ts'
import { type ServerRecord, type StackRecord, createStackFile, readStackFile } from '../stack-file.ts'
import type { UpOptions } from '../stack-runtime.ts'
import { type ServerStatus, type StackStatus, publishStatus } from '../status.ts'
import { clusterIdOf, newClusterId } from '../native/format.ts'
import { choosePorts, requireFree } from './free-ports.ts'
import { findProgram } from '../native/find-program.ts'
import { type ProcessIdentity, isRunning, requireKnownSystem } from './operating-system.ts'
import { withStackLock } from './options.ts'
import { processOf, readStatus } from './read-status.ts'
import { serverEnvironment } from '../native/server-environment.ts'
import { startServers } from './start.ts'
import type { StartOptions } from './start-options.ts'
import { stopServers } from './stop.ts'

/**
 * Brings the stack up and answers its state when every server has answered a real request. Rejects with what the user can
 * act on: `stack-changed`, `runtime-away`, `port-taken`, `data-locked`, `java-missing`, `maven-missing`, `server-failed`, `server-not-ready`, `interrupted`.
 */
export async function up(options: UpOptions): Promise<StackStatus> {
  requireKnownSystem()
  const layout = layoutOf(options.folder)
  const { runtime } = options.choice
  const settings = settingsFor(runtime, options.settings)
  await makeFolders(layout)
  return withStackLock(layout, options, async () =>
    publishStatus(runtime, await complete(layout, { ...options, settings })),
  )
}

async function complete(layout: Layout, options: UpOptions): Promise<ServerStatus[]> {
  const { settings, folder, env } = options
  const { runtime } = options.choice
  const before = await readStackFile(layout)
  const running = await runningOf(before)
  const isUp = running.size > 0
  requireSameRuntime(await rememberedRuntime(layout, before), { settings, runtime, isRunning: isUp })
  if (before) {
    requireFitting(before, settings, isUp)
    const status = await readStatus(layout, before)
    if (status.every(({ state }) => state === 'ready')) return status
  }
  const ports = before && isUp ? before.ports : await choosePorts(runtime, settings, before?.ports)
  const stack = describeStack(runtime, { settings, ports, folder, heapOptions: env['KAFKA_HEAP_OPTS'] })
  const chosen = new Set(chooseServers(stack.servers, options.servers))
  const missing = stack.servers.filter(({ name }) => chosen.has(name) && !running.has(name))
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
    servers: stack.servers.map((server) => ({ ...nameOf(server), ...running.get(server.name) })),
  }
  const file = await createStackFile(layout, record)
  for (const { path, content } of stack.files) await writeAtomic(join(layout.root, path), content)
  const servers = stack.servers.filter(({ name }) => chosen.has(name))
  await startOrUndo({
    ...options,
    env: serverEnvironment(env),
    layout,
    servers,
    file,
    running,
    ...(kafka && { kafka }),
  })
  return readStatus(layout, file.record())
}

function nameOf(server: DesiredServer): ServerRecord {
  const { name, endpoint } = server
  return { name, endpoint, ...('host' in server && { host: server.host }) }
}

async function runningOf(record: StackRecord | undefined): Promise<Map<string, ProcessIdentity>> {
  const running = new Map<string, ProcessIdentity>()
  for (const server of record?.servers ?? []) {
    const process = processOf(server)
    if (process && (await isRunning(process))) running.set(server.name, process)
  }
  return running
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
