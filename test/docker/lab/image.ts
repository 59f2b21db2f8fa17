// What an image of the laboratory is made of, and how it is told from what it was before.
import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Docker } from './client.ts'

export interface Image {
  /** for those that are made from it: `kafka-3.9` */
  readonly role: string
  /** role of the image that it is made from */
  readonly from?: string
  /** as users pull it; none where others are only made from it */
  readonly name?: string
  /** lines of its Dockerfile after FROM */
  readonly lines: readonly string[]
  /** path inside what is sent to the engine -> file of this machine */
  readonly files: Readonly<Record<string, string>>
}

/** Files beyond this are told apart by size and time, those below by their content. */
const largeBytes = 262_144

/** Tells an image from all others: changes with what it is made of and with `parent`. */
export async function fingerprint(image: Image, parent: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([parent, image.lines]))
  for (const [target, source] of Object.entries(image.files)) {
    const { size, mtimeMs } = await stat(source)
    hash.update(`\n${target}\n`).update(size > largeBytes ? `${size} ${mtimeMs}` : await readFile(source))
  }
  return hash.digest('hex').slice(0, 12)
}

/** Builds an image from another, under the name given. */
export async function buildImage(docker: Docker, image: Image, from: string, name: string): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'evplat-image-'))
  try {
    for (const [target, source] of Object.entries(image.files)) {
      await mkdir(dirname(join(context, target)), { recursive: true })
      await copyFile(source, join(context, target))
    }
    await writeFile(join(context, 'Dockerfile'), [`FROM ${from}`, ...image.lines, ''].join('\n'))
    await docker(['build', '--network', 'none', '--rm', '--tag', name, context], { timeoutMs: 300_000 })
  } finally {
    await rm(context, { recursive: true, force: true })
  }
}
