// Starts servers, each as soon as those that it needs are ready, and waits until each one answers.
import { join } from 'node:path'
import { execPath } from 'node:process'
import { elapsed } from '../../core/duration.ts'
import { packageRoot } from '../../core/package-root.ts'
import {
  type DesiredServer,
  type EmbeddedServer,
  type HostedServer,
  type RegistryServer,
  kindOf,
} from '../desired/servers.ts'
import { byDependency } from '../desired/by-dependency.ts'
import { prepareMongoServer } from '../databases/mongodb/start-command.ts'
import { preparePostgresServer } from '../databases/postgres/start-command.ts'
import { prepareDatabases } from '../databases/prepare-databases.ts'
import type { AwayServer, OutsideServer } from '../desired/beside-kafka.ts'
import { exitFile, logFile } from '../layout.ts'
import { withServer } from '../stack-file.ts'
import { awaitReady } from './await-ready.ts'
import { launch } from './keeper.ts'
import { probe } from './probes.ts'
import type { ProcessIdentity } from './operating-system.ts'
import { type Command, prepareJava } from '../native/prepare-java.ts'
import type { StartOptions } from './start-options.ts'

/** Resolves when every server is ready. Rejects with the first that failed (`server-failed`, `server-not-ready`, ...); what runs then goes on running. */
export async function startServers(options: StartOptions): Promise<void> {
  await byDependency(options.servers, options.signal, (server, signal) => bringUp(server, { ...options, signal }))
}

async function bringUp(server: DesiredServer, options: StartOptions): Promise<void> {
  if (server.kind === 'away') return options.say(`${server.name} is not there: ${server.reason}`)
  if (server.kind === 'outside') return lookAt(server, options)
  const began = performance.now()
  const process = options.running.get(server.name) ?? (await startOne(server, options))
  await awaitReady(server, process, options)
  // fault rules are for those who look for them: `status` tells where they are set
  if (!options.running.has(server.name) && kindOf(server.name) !== 'faults')
    options.say(`${server.name} is ready at ${server.endpoint} (${elapsed(performance.now() - began)})`)
  if (server.kind === 'postgres') await prepareDatabases(options.layout, server, options.settings.databases.postgres)
}

/** A server of others is not waited for: nothing here could make it ready. */
async function lookAt({ name, endpoint }: OutsideServer, { layout, say }: StartOptions): Promise<void> {
  const { problem } = await probe({ name, endpoint }, { layout, brokerCount: 1, isStarting: false })
  say(problem === undefined ? `${name} is at ${endpoint}` : `${name} at ${endpoint} is not ready: ${problem}`)
}

async function startOne(
  server: Exclude<DesiredServer, AwayServer | OutsideServer>,
  options: StartOptions,
): Promise<ProcessIdentity> {
  const { layout, file, env } = options
  const { name, endpoint } = server
  if (server.kind === 'hosted') {
    const { host } = server
    const { pid, start } = file.record().servers.find((one) => one.name === host)!
    const process = { pid: pid!, start: start! }
    await file.update((record) => withServer(record, { name, endpoint, host, ...process }))
    return process
  }
  const command = await commandOf(server, options)
  options.signal.throwIfAborted()
  const paths = { cwd: layout.root, log: logFile(name), exit: exitFile(name) }
  return launch({ ...command, env, ...paths }, (process) =>
    file.update((record) => withServer(record, { name, endpoint, ...process })),
  )
}

function commandOf(
  server: Exclude<DesiredServer, HostedServer | AwayServer | OutsideServer>,
  options: StartOptions,
): Command | Promise<Command> {
  switch (server.kind) {
    case 'registry':
      return registryCommand(server, options.folder)
    case 'embedded':
      return embeddedCommand(server, options)
    case 'postgres':
      return preparePostgresServer(server, options.programs.postgres!, options)
    case 'mongodb':
      return prepareMongoServer(server, options.programs.mongodb!, options)
    default:
      return prepareJava(server, options)
  }
}

/** The folder is a label, as the JVMs have one. */
function embeddedCommand({ data }: EmbeddedServer, { file, folder }: StartOptions): Command {
  const entry = join(packageRoot(), 'dist/stack/embedded/embedded-process.js')
  const { brokers, registry, faults } = file.record().ports
  const ports = ['--kafka', String(brokers[0]), '--registry', String(registry), '--faults', String(faults)]
  return { command: execPath, args: [entry, ...ports, '--data', data, '--platform', folder] }
}

/** The folder is a label, as the JVMs have one, for those who look at the process list. */
function registryCommand({ ports, bootstrap }: RegistryServer, folder: string): Command {
  const entry = join(packageRoot(), 'dist/stack/native/registry-process.js')
  const args = ['--port', String(ports[0]), '--bootstrap', bootstrap.join(','), '--platform', folder]
  return { command: execPath, args: [entry, ...args] }
}
