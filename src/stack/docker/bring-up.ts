// Carries out what `difference.ts` found: each server as soon as those that it needs are ready.
import { elapsed } from '../../core/duration.ts'
import { EvplatError } from '../../core/errors.ts'
import { awaitOldSession } from '../native/old-session.ts'
import { noteClusterId, untilReady } from '../processes/await-ready.ts'
import { kindOf } from '../desired/servers.ts'
import { layoutOf } from '../layout.ts'
import type { StackFile } from '../stack-file.ts'
import type { Step } from './difference.ts'
import { endedError } from './ended.ts'
import type { Engine } from './engine/engine.ts'
import type { ContainerServer, DockerStack } from './model/docker-stack.ts'
import { specOf, volumesOf } from './model/engine-names.ts'
import { withPortOwner } from './port-owners.ts'
import type { KnownContainer } from './status.ts'
import { stopContainer } from './stopping.ts'
import type { Watch } from './watch.ts'

export interface BringUpOptions {
  /** the folder of platform.yaml, absolute */
  readonly folder: string
  readonly engine: Engine
  readonly stack: DockerStack
  readonly steps: readonly Step[]
  readonly watch: Watch
  readonly file: StackFile
  readonly signal: AbortSignal
  readonly say: (message: string) => void
  readonly progress: (message: string) => void
}

/** Answers the containers when every server is ready. Rejects with the first that failed; what runs then goes on running. */
export async function bringUp(options: BringUpOptions): Promise<KnownContainer[]> {
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  const ready = new Map<string, Promise<KnownContainer>>()
  for (const step of options.steps) {
    const needed = Promise.all(step.server.dependsOn.map((name) => ready.get(name) ?? Promise.resolve()))
    ready.set(
      step.server.name,
      needed.then(() => bringUpOne(step, { ...options, signal })),
    )
  }
  try {
    return await Promise.all(ready.values())
  } catch (thrown) {
    // nothing of it may go on working in the background
    failed.abort(thrown)
    await Promise.allSettled(ready.values())
    throw thrown
  }
}

async function bringUpOne(step: Step, options: BringUpOptions): Promise<KnownContainer> {
  const { engine, watch, file, signal, say, progress } = options
  const layout = layoutOf(options.folder)
  const { name, endpoint } = step.server
  const began = performance.now()
  const id = await startContainer(step, options)
  const requireAlive = async (): Promise<void> => {
    if (watch.hasEnded(id)) throw await endedError(engine, name, id)
  }
  const brokerCount = file.record().ports.brokers.length
  const readiness = { layout, brokerCount, requireAlive, signal, progress }
  await noteClusterId(file, await untilReady(step.server, readiness))
  if (step.action === 'keep') return step.container
  say(`${name} is ready at ${endpoint} (${elapsed(performance.now() - began)})`)
  // what it is made of is known; the engine's own check has hardly begun
  return { id, server: name, image: step.server.image, state: 'running' }
}

/** The id of the container that runs then. */
async function startContainer(step: Step, options: BringUpOptions): Promise<string> {
  const { engine, signal, progress } = options
  const { server } = step
  signal.throwIfAborted()
  if (step.action === 'keep') return step.container.id
  progress(`starting ${server.name}`)
  if (step.action === 'replace') {
    await stopContainer(engine, layoutOf(options.folder), step.container)
    await engine.remove(step.container.id)
  }
  await afterOldSession(server, options)
  if (step.action === 'start') {
    await start(step.container.id, server.name, engine)
    return step.container.id
  }
  for (const volume of volumesOf(options.stack, server)) await engine.createVolume(volume)
  const id = await engine.create(specOf(options.stack, server, options.folder))
  await start(id, server.name, engine)
  return id
}

/** With ZooKeeper a broker that was killed is in the way of its successor for a while. */
async function afterOldSession({ name }: ContainerServer, options: BringUpOptions): Promise<void> {
  const port = options.file.record().ports.zookeeper
  if (port === undefined || kindOf(name) !== 'broker') return
  await awaitOldSession({ name, id: Number(/\d+$/.exec(name)?.[0] ?? 1) }, port, options)
}

/** A container that could not be started is in the way of the next attempt, so it goes. */
async function start(id: string, server: string, engine: Engine): Promise<void> {
  try {
    await engine.start(id)
  } catch (thrown) {
    if (!(thrown instanceof EvplatError) || thrown.code === 'engine-away') throw thrown
    await engine.remove(id).catch(() => undefined)
    throw await withPortOwner(engine, server, thrown)
  }
}
