// Starts servers, each as soon as those that it needs are ready, and waits until each one answers.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { waitFor } from '../../core/deadline.ts'
import { elapsed } from '../../core/duration.ts'
import { EvplatError } from '../../core/errors.ts'
import { writeAtomic } from '../../core/files.ts'
import { packageRoot } from '../../core/package-root.ts'
import { type BrokerServer, type DesiredServer, type DesiredStack, type ServerKind } from '../desired/servers.ts'
import { type Layout, exitFile, logFile } from '../layout.ts'
import { type StackFile, withServer } from '../stack-file.ts'
import { formatOnce } from './format.ts'
import { exitText, launch, readExitCode } from './keeper.ts'
import { type ProcessIdentity, isRunning } from './operating-system.ts'
import { probe } from './probes.ts'
import { readFailure } from './read-status.ts'
import { askZooKeeper, liveBrokers } from './zookeeper-words.ts'

/** The Java to start servers with, and the folder of Kafka's jars. */
export interface KafkaProgram {
  readonly java: string
  readonly jars: string
}

export interface StartOptions {
  readonly layout: Layout
  readonly stack: DesiredStack
  readonly file: StackFile
  /** by name: what runs already, and is only waited for */
  readonly running: ReadonlyMap<string, ProcessIdentity>
  /** there when one of the servers that do not run needs it */
  readonly kafka?: KafkaProgram
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly say: (message: string) => void
  readonly progress: (message: string) => void
}

/** how long a server may take from its start to its first answer */
const patienceMs: Readonly<Record<ServerKind, number>> = { zookeeper: 60_000, broker: 180_000, registry: 60_000 }
/** how long ZooKeeper may take to forget a broker: its session time-out, and some */
const oldSessionPatienceMs = 60_000
/** 128 + SIGKILL */
const exitAfterKill = 137

/** Resolves when every server is ready. Rejects with the first that failed (`server-failed`, `server-not-ready`, ...); what runs then goes on running. */
export async function startServers(options: StartOptions): Promise<void> {
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  const ready = new Map<string, Promise<void>>()
  for (const server of options.stack.servers) {
    const needed = Promise.all(server.dependsOn.map((name) => ready.get(name) ?? Promise.resolve()))
    ready.set(
      server.name,
      needed.then(() => bringUp(server, { ...options, signal })),
    )
  }
  try {
    await Promise.all(ready.values())
  } catch (thrown) {
    // nothing of it may go on working in the background
    failed.abort(thrown)
    await Promise.allSettled(ready.values())
    throw thrown
  }
}

async function bringUp(server: DesiredServer, options: StartOptions): Promise<void> {
  const began = performance.now()
  const process = options.running.get(server.name) ?? (await startOne(server, options))
  await awaitReady(server, process, options)
  if (!options.running.has(server.name))
    options.say(`${server.name} is ready at ${server.endpoint} (${elapsed(performance.now() - began)})`)
}

async function startOne(server: DesiredServer, options: StartOptions): Promise<ProcessIdentity> {
  const { layout, file, env } = options
  const { command, args } = server.kind === 'registry' ? registryCommand(server) : await prepareJava(server, options)
  options.signal.throwIfAborted()
  const { name, endpoint } = server
  const paths = { cwd: layout.root, log: logFile(name), exit: exitFile(name) }
  return launch({ command, args, env, ...paths }, (process) =>
    file.update((record) => withServer(record, { name, endpoint, ...process })),
  )
}

interface Command {
  readonly command: string
  readonly args: readonly string[]
}

function registryCommand({ ports, bootstrap }: Extract<DesiredServer, { kind: 'registry' }>): Command {
  const entry = join(packageRoot(), 'dist/stack/native/registry-process.js')
  return { command: execPath, args: [entry, '--port', String(ports[0]), '--bootstrap', bootstrap.join(',')] }
}

async function prepareJava(
  server: Exclude<DesiredServer, { kind: 'registry' }>,
  options: StartOptions,
): Promise<Command> {
  const { layout, file, kafka, env, signal } = options
  if (!kafka) throw new Error(`${server.name} is to be started without Java`)
  const clusterId = file.record().clusterId
  await writeAtomic(join(layout.root, server.properties.path), server.properties.content)
  if (server.kind === 'broker' && server.zookeeperPort === undefined && clusterId !== undefined)
    await formatOnce(server, { root: layout.root, clusterId, ...kafka, env, signal })
  else await mkdir(join(layout.root, server.data), { recursive: true })
  if (server.kind === 'broker') await afterKill(server, options)
  const { javaOptions, mainClass, properties } = server
  return { command: kafka.java, args: [...javaOptions, '-cp', join(kafka.jars, '*'), mainClass, properties.path] }
}

/** A broker that was killed stays registered for a while. With KRaft its successor waits by itself; with ZooKeeper it would give up. */
async function afterKill(broker: BrokerServer, options: StartOptions): Promise<void> {
  if (broker.zookeeperPort !== undefined) return awaitOldSession(broker, broker.zookeeperPort, options)
  if ((await readExitCode(join(options.layout.root, exitFile(broker.name)))) === exitAfterKill)
    options.say(`${broker.name} was killed; it is let in again when its old registration has ended, after 9 s`)
}

/** A successor that comes before the session of its predecessor has ended gives up (NodeExists). */
async function awaitOldSession({ name, id }: BrokerServer, port: number, options: StartOptions): Promise<void> {
  const isForgotten = async (): Promise<true | undefined> => {
    const known = liveBrokers(await askZooKeeper(port, 'dump', 2000))
    if (!known.includes(id)) return true
    options.progress(`${name}: ZooKeeper still believes its predecessor alive, waiting for the session to end`)
    return undefined
  }
  if (await isForgotten()) return
  options.say(`${name} was killed; waiting until ZooKeeper has noticed`)
  const limits = { timeoutMs: oldSessionPatienceMs, everyMs: 200, signal: options.signal }
  if (await waitFor(isForgotten, limits)) return
  throw new EvplatError(
    'server-not-ready',
    `ZooKeeper still believes another ${name} alive after ${elapsed(oldSessionPatienceMs)}`,
    { hint: 'stop the broker that uses this ZooKeeper, or start anew with `evplat down` and `evplat up`' },
  )
}

async function awaitReady(server: DesiredServer, process: ProcessIdentity, options: StartOptions): Promise<void> {
  const { name } = server
  const { layout, stack, file, signal } = options
  const brokerCount = stack.servers.filter(({ kind }) => kind === 'broker').length
  const timeoutMs = patienceMs[server.kind]
  let problem: string | undefined
  const look = async (): Promise<true | undefined> => {
    const seen = await probe(server, brokerCount)
    // whoever answered: it counts only while the process is there
    if (!(await isRunning(process))) throw await failure(name, layout)
    problem = seen.problem
    if (problem !== undefined) return options.progress(`waiting for ${name}: ${problem}`) as undefined
    const { clusterId } = seen
    if (clusterId !== undefined && clusterId !== file.record().clusterId)
      await file.update((record) => ({ ...record, clusterId }))
    return true
  }
  if (await waitFor(look, { timeoutMs, everyMs: 100, signal })) return
  throw new EvplatError('server-not-ready', `${name} is not ready after ${elapsed(timeoutMs)}: ${problem}`, {
    hint: `see \`evplat logs ${name}\`; \`evplat down\` stops it`,
  })
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
    hint: `see \`evplat logs ${name}\``,
    details: { server: name, ...(code !== undefined && { exitCode: code }) },
  })
}
