import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EvplatError } from '../core/errors.ts'
import { isInside } from '../core/files.ts'
import type { RenderedFile } from './render.ts'

/** Writes files below a folder. Overwrites nothing: when one of them is there, none is written (`would-overwrite`). */
export async function writeNew(folder: string, files: readonly RenderedFile[]): Promise<void> {
  const outside = files.find((file) => !isInside(folder, join(folder, file.path)))
  if (outside) throw new Error(`the template names ${outside.path}, which lies outside the folder`)
  const there = files.filter((file) => existsSync(join(folder, file.path))).map((file) => file.path)
  if (there.length > 0)
    throw new EvplatError('would-overwrite', `${folder} has ${there.join(', ')} already; nothing was written`, {
      hint: 'choose another folder: `evplat init NAME`',
      details: { files: there },
    })
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content, { flag: 'wx' })
  }
}
