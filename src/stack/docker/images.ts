// The images that containers are made of: what is missing is pulled, or built where it is one of ours.
import { EvplatError } from '../../core/errors.ts'
import { roughSize } from '../../core/size.ts'
import type { Engine, PullProgress } from './engine/engine.ts'
import { shortName } from './engine/image-name.ts'
import type { ContainerServer } from './model/docker-stack.ts'

export type PullPolicy = 'always' | 'missing' | 'never'

export interface ImageOptions {
  readonly engine: Engine
  readonly pull: PullPolicy
  readonly signal: AbortSignal
  readonly say: (message: string) => void
  readonly progress: (message: string) => void
}

/**
 * Sees to it that the images of these servers are there. Throws `image-missing` for those that are not to be pulled, and what `pull`
 * and `build` throw.
 */
export async function ensureImages(servers: readonly ContainerServer[], options: ImageOptions): Promise<void> {
  if (servers.length === 0) return
  const { engine, pull, signal, say, progress } = options
  const there = await engine.images()
  const needed = new Map(servers.map((server) => [server.image, server.build]))
  for (const [image, build] of needed) {
    if (!build || there.has(shortName(image))) continue
    say(`building ${image}`)
    await engine.build({ image, ...build }, (step) => progress(`building ${image}: ${step}`), signal)
  }
  const foreign = [...needed].filter(([, build]) => !build).map(([image]) => image)
  const wanted = foreign.filter((image) => pull === 'always' || !there.has(shortName(image)))
  if (wanted.length === 0) return
  if (pull === 'never') throw notPulled(wanted)
  say(`pulling ${wanted.join(', ')} (the engine tells their size as they come)`)
  // one after the other: the engine loads the layers of an image side by side already
  for (const image of wanted) {
    let total = 0
    await engine.pull(
      image,
      (at) => {
        total = at.totalBytes
        progress(pullText(image, at))
      },
      signal,
    )
    say(`pulled ${image}${total > 0 ? ` (${roughSize(total)})` : ''}`)
  }
}

function notPulled(images: readonly string[]): EvplatError {
  const names = images.map((image) => `"${image}"`).join(', ')
  const fact = images.length === 1 ? `there is no image ${names}` : `there are no images ${names}`
  return new EvplatError('image-missing', `${fact}, and none is to be pulled`, {
    hint: 'pull what is missing with `evplat up --pull missing`, or name others in platform.yaml: `stack.images`',
    details: { images },
  })
}

function pullText(image: string, { downloadedBytes, totalBytes, layers, layersDone }: PullProgress): string {
  return `pulling ${image}: ${roughSize(downloadedBytes)} of ${roughSize(totalBytes)}, ${layersDone} of ${layers} layers`
}
