// Gives an engine the images under the names that users pull: only what it does not have from the run before is made.
import { baseArchive, baseKey } from './base.ts'
import type { Docker } from './client.ts'
import { type Image, buildImage, fingerprint } from './image.ts'

const repository = 'evplat-lab'

/** Makes what is missing, in the order given: an image stands after the one that it is made from. */
export async function loadImages(
  docker: Docker,
  images: readonly Image[],
  say: (message: string) => void,
): Promise<void> {
  const listed = await docker(['image', 'ls', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}'])
  const ids = new Map(listed.split('\n').map((line) => line.split(' ') as [name: string, id: string]))
  const base = `${repository}/base:${baseKey}`
  if (!ids.has(base)) await importBase(docker, base, say)
  const made = new Map([['base', base]])
  for (const image of images) {
    const from = made.get(image.from ?? 'base')!
    const own = `${repository}/${image.role}:${await fingerprint(image, from)}`
    made.set(image.role, own)
    if (!ids.has(own)) {
      say(`making the image ${image.name ?? own}`)
      await buildImage(docker, image, from, own)
    }
    // a test may have removed the name, or given it to another
    if (image.name !== undefined && (ids.get(own) ?? '') !== ids.get(image.name)) await docker(['tag', own, image.name])
  }
  await removeOld(docker, [...ids.keys()], new Set(made.values()))
}

async function importBase(docker: Docker, name: string, say: (message: string) => void): Promise<void> {
  const archive = await baseArchive(say)
  say('importing the base of the images')
  await docker(['import', '--change', 'ENV LANG=C.UTF-8', archive, name], { timeoutMs: 300_000 })
}

async function removeOld(docker: Docker, names: readonly string[], current: ReadonlySet<string>): Promise<void> {
  const old = names.filter((name) => name.startsWith(`${repository}/`) && !current.has(name))
  if (old.length > 0) await docker(['image', 'rm', '--force', ...old])
}
