import { existsSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EvplatError } from '../core/errors.ts'
import { onFile } from '../core/file-error.ts'
import { isInside, makeFolder } from '../core/files.ts'

export interface NewFile {
  /** relative to the folder that is written */
  readonly path: string
  readonly content: string | Uint8Array
}

/**
 * Writes files below a folder. Overwrites nothing: when one of them is there, none is written (`would-overwrite`).
 * When one can't be written (`file-unusable`), or `then` fails, what was written before is taken away again.
 */
export async function writeNew(folder: string, files: readonly NewFile[], then?: () => Promise<void>): Promise<void> {
  const outside = files.find((file) => !isInside(folder, join(folder, file.path)))
  if (outside) throw new Error(`the template names ${outside.path}, which lies outside the folder`)
  const there = files.filter((file) => existsSync(join(folder, file.path))).map((file) => file.path)
  if (there.length > 0)
    throw new EvplatError('would-overwrite', `${folder} has ${there.join(', ')} already; nothing was written`, {
      hint: 'choose another folder: `evplat init DIR`',
      details: { files: there },
    })
  const undo: (() => Promise<void>)[] = []
  try {
    for (const { path, content } of files) await writeOne(join(folder, path), content, undo)
    await then?.()
  } catch (thrown) {
    for (const step of undo.toReversed()) await step().catch(() => undefined)
    throw thrown
  }
}

async function writeOne(path: string, content: string | Uint8Array, undo: (() => Promise<void>)[]): Promise<void> {
  const made = await makeFolder(dirname(path))
  if (made !== undefined) undo.push(() => rm(made, { recursive: true }))
  await onFile(path, async () => {
    const file = await open(path, 'wx')
    undo.push(() => rm(path))
    try {
      await file.writeFile(content)
    } finally {
      await file.close()
    }
  })
}
