// `evplat up` in containers: whatever of the stack is not there as it is wanted is made, what is there stays as it is.
import { packageRoot } from '../../core/package-root.ts'
import { version } from '../../core/version.ts'
import { prepareDatabases } from '../databases/prepare-databases.ts'
import { chooseServers } from '../desired/choose-servers.ts'
import type { StackPorts } from '../desired/ports.ts'
import { type Layout, layoutOf, makeFolders } from '../layout.ts'
import { choosePorts } from '../processes/free-ports.ts'
import { withStackLock } from '../processes/options.ts'
import { rememberedRuntime } from '../runtime.ts'
import { requireFitting, requireSameProject, requireSameRuntime } from '../settings-change.ts'
import { type StackFile, type StackRecord, createStackFile, readStackFile } from '../stack-file.ts'
import type { UpOptions } from '../stack-runtime.ts'
import { type ServerStatus, type StackStatus, publishStatus } from '../status.ts'
import { bringUp } from './bring-up.ts'
import { completeDeletion } from './deletion.ts'
import { type Step, differenceOf } from './difference.ts'
import type { Engine } from './engine/engine.ts'
import { findEngine } from './engine/discovery/find-engine.ts'
import { describeDocker } from './model/describe-docker.ts'
import type { DockerStack } from './model/docker-stack.ts'
import { networkOf, projectLabels } from './model/labels.ts'
import { prepare } from './prepare.ts'
import { removeOrphans } from './orphans.ts'
import { portsHeldBy } from './ports-held.ts'
import { containersOf } from './project.ts'
import { type KnownContainer, readContainerStatus } from './status.ts'
import { completeStops } from './stopping.ts'
import { singleCopiesNote } from './tell-copies.ts'
import { watchContainers } from './watch.ts'

/**
 * Brings the stack up and answers its state when every server has answered a real request. Rejects with what the user can
 * act on: `stack-changed`, `project-taken`, `port-taken`, `server-failed`, `server-not-ready`, `interrupted`, and what the engine refuses.
 */
export async function upDocker(options: UpOptions): Promise<StackStatus> {
  const layout = layoutOf(options.folder)
  const engine = await findEngine(options.env)
  await makeFolders(layout)
  return withStackLock(layout, options, () => complete(engine, layout, options))
}

async function complete(engine: Engine, layout: Layout, options: UpOptions): Promise<StackStatus> {
  const { settings, project } = options
  const last = await readStackFile(layout)
  if (last) requireSameProject(last, project, settings)
  const containers = await completeStops(engine, layout, await containersOf(engine, options))
  const place = { project, folder: options.folder, hasRun: last !== undefined }
  const isDeleted = await completeDeletion(engine, layout, { place, containers })
  if (isDeleted) options.say('deleted what a `down --volumes` that was killed had left of the data')
  const before = isDeleted ? undefined : last
  const isRunning = containers.some(({ state }) => state === 'running')
  requireSameRuntime(await rememberedRuntime(layout, before), { settings, runtime: 'docker', isRunning })
  if (before) requireFitting(before, settings, false)
  const held = containers.flatMap(({ ports }) => ports.map(({ host }) => host))
  const kept = portsHeldBy(containers, before?.ports)
  const ports = await choosePorts('docker', settings, kept, new Set(held))
  const stack = describeDocker({ project, settings, ports, packageRoot: packageRoot(), version })
  const { steps: all, orphans } = differenceOf(stack, containers)
  const chosen = chooseServers(stack.servers, options.servers)
  const known = all.filter(({ server }) => chosen.includes(server))
  const steps = await prepare(engine, known, { ...options, held, layout, stack })
  await removeOrphans(engine, orphans, options)
  const record: StackRecord = {
    format: 1,
    runtime: 'docker',
    project,
    kafka: settings.kafka,
    ports,
    ...(before?.clusterId !== undefined && { clusterId: before.clusterId }),
    servers: stack.servers.map(({ name, endpoint, inside }) => ({ name, endpoint, inside })),
  }
  const file = await createStackFile(layout, record)
  const look = (now: readonly KnownContainer[]): Promise<ServerStatus[]> =>
    readContainerStatus({ engine, layout, servers: record.servers, containers: now })
  const asItIs = steps.every(({ action }) => action === 'keep') ? await look(containers) : []
  const isReady = ({ server }: Step): boolean =>
    asItIs.some(({ name, state }) => name === server.name && state === 'ready')
  const isSettled = steps.every(isReady)
  const started = isSettled
    ? []
    : await startMissing(engine, steps, { options, stack, file, hasRun: before !== undefined })
  for (const server of chosen)
    if (server.name === 'postgres' || server.name === 'mongodb')
      await prepareDatabases(layout, server, settings.databases[server.name])
  await tellSingleCopies(before, options, ports)
  return publishStatus('docker', isSettled ? asItIs : await look([...started, ...containers]))
}

/** Brokers that joined hold nothing of the topics that were there before them. */
async function tellSingleCopies(before: StackRecord | undefined, options: UpOptions, ports: StackPorts): Promise<void> {
  if (!before || before.kafka.brokers >= options.settings.kafka.brokers) return
  const note = await singleCopiesNote(ports.brokers.map((port) => `127.0.0.1:${port}`))
  if (note !== undefined) options.say(note)
}

interface Starting {
  readonly options: UpOptions
  readonly stack: DockerStack
  readonly file: StackFile
  readonly hasRun: boolean
}

async function startMissing(
  engine: Engine,
  steps: readonly Step[],
  { options, stack, file, hasRun }: Starting,
): Promise<KnownContainer[]> {
  const { folder, signal, say, progress } = options
  await engine.createNetwork(networkOf(stack.project))
  const watch = await watchContainers(engine, projectLabels(stack.project), signal)
  try {
    const place = { folder, project: stack.project, hasRun }
    return await bringUp({ place, engine, stack, steps, watch, file, signal, say, progress })
  } catch (thrown) {
    if (signal.aborted) say('what was started goes on: `evplat up` completes it, `evplat down` stops it')
    throw thrown
  } finally {
    watch.close()
  }
}
