// Stops that nobody has seen the end of. The engine goes on with a stop when the one who asked for it was killed, and lists the container
// as running meanwhile: who finds it then would take for ready what is about to end. So each stop is noted while it lasts.
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onFile } from '../../core/file-error.ts'
import { kindOf } from '../desired/servers.ts'
import type { Layout } from '../layout.ts'
import { stopPatienceMs } from '../processes/stop.ts'
import type { ContainerSummary, Engine } from './engine/engine.ts'

const prefix = 'stopping-'

/** Empty, so that it needs no room on a disk that is full. */
const noteOf = ({ root }: Layout, id: string): string => join(root, `${prefix}${id}`)

/** Stops a container as `engine.stop` does; `completeStops` knows of it when this is killed. */
export async function stopContainer(
  engine: Engine,
  layout: Layout,
  { id, server }: Pick<ContainerSummary, 'id' | 'server'>,
): Promise<void> {
  const note = noteOf(layout, id)
  await onFile(note, () => writeFile(note, ''))
  await engine.stop(id, stopPatienceMs[kindOf(server)] / 1000)
  await rm(note, { force: true })
}

/** Brings to their end the stops that were begun by one who was killed. Answers the containers as they are then. */
export async function completeStops(
  engine: Engine,
  layout: Layout,
  containers: readonly ContainerSummary[],
): Promise<readonly ContainerSummary[]> {
  const noted = await notedStops(layout)
  if (noted.length === 0) return containers
  const isStopping = ({ id, state }: ContainerSummary): boolean => state === 'running' && noted.includes(id)
  await Promise.all(containers.filter(isStopping).map((container) => stopContainer(engine, layout, container)))
  await forgetStops(layout)
  return containers.map((container) => (isStopping(container) ? { ...container, state: 'exited' } : container))
}

/** For one who has seen to it that nothing runs any more. */
export async function forgetStops(layout: Layout): Promise<void> {
  for (const id of await notedStops(layout)) await rm(noteOf(layout, id), { force: true })
}

/** ids of containers */
async function notedStops({ root }: Layout): Promise<string[]> {
  const names = await readdir(root).catch((): string[] => [])
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
}
