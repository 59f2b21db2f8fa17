// The laboratory: a Docker engine of one's own with the images that users pull, made on this machine. README.md says of what.
import { mkdir, rm } from 'node:fs/promises'
import { dockerFor, removeAllButImages } from './client.ts'
import { killRemains, startDaemon, stopDaemon } from './daemon.ts'
import { allImages } from './all-images.ts'
import { loadImages } from './load-images.ts'
import { missingForLab } from './machine.ts'
import { unmountAt } from './mounts.ts'
import { makeNetwork, removeNetwork } from './network.ts'
import { type HeldPlace, type Place, holdPlace } from './place.ts'
import { Unavailable } from './unavailable.ts'

/** What a test needs to know of the engine: plain data, which passes from process to process. */
export interface LabEngine extends Place {
  /** as DOCKER_HOST names it */
  readonly host: string
}

export interface Lab {
  readonly engine: LabEngine
  /** ends the engine; what is left is the images in the cache */
  readonly stop: () => Promise<void>
}

type Say = (message: string) => void

/** Starts an engine with all the images, or answers why this machine can't. It takes minutes the first time, then seconds. */
export async function startLab(say: Say): Promise<Lab | { readonly missing: string }> {
  const missing = await missingForLab(say)
  if (missing !== undefined) return { missing }
  const held = await holdPlace()
  try {
    const lab = await startEngine(held)
    await loadImages(dockerFor(lab.engine), await allImages(say), say)
    return lab
  } catch (thrown) {
    await stopEngine(held).catch(() => undefined)
    if (thrown instanceof Unavailable) return { missing: thrown.message }
    throw thrown
  }
}

/** Starts the engine of a place with the images that it has from before, and nothing else that it had. */
export async function startEngine(held: HeldPlace): Promise<Lab> {
  const { place } = held
  // the place is held: an engine that is still there has lost the one that had started it
  await stopDaemon(place)
  await mkdir(place.dataRoot, { recursive: true })
  await makeNetwork(place)
  await startDaemon(place)
  await removeAllButImages(dockerFor(place))
  return { engine: { ...place, host: `unix://${place.socket}` }, stop: () => stopEngine(held) }
}

async function stopEngine({ place, release }: HeldPlace): Promise<void> {
  try {
    // containers of an engine that was killed end only by one that knows them
    await startDaemon(place).catch(() => undefined)
    await removeAllButImages(dockerFor(place)).catch(() => undefined)
    await stopDaemon(place)
    await killRemains(place)
    await unmountAt(place.folder)
    await unmountAt(place.dataRoot)
    await removeNetwork(place)
    await rm(place.folder, { recursive: true, force: true })
  } finally {
    await release()
  }
}
