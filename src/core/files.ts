import { mkdir, open, realpath, rename, rm } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { systemCode } from './errors.ts'
import { onFile } from './file-error.ts'

/**
 * Makes a folder with those above it; answers the first that was not there. Throws `file-unusable` with the real reason:
 * of a file system that is read-only, Node's recursive form says that the folder is not there.
 */
export function makeFolder(path: string): Promise<string | undefined> {
  return onFile(path, () =>
    mkdir(path, { recursive: true }).catch(async (thrown: unknown) => {
      if (systemCode(thrown) !== 'ENOENT') throw thrown
      await mkdir(path)
      return path
    }),
  )
}

/**
 * Writes a file so that a reader, or a restart after a crash, sees the old content or the new one, never a part.
 * `mode` is the permission of a new file (0o600 for what holds a secret). Throws `file-unusable`.
 */
export function writeAtomic(path: string, content: string, mode = 0o644): Promise<void> {
  return onFile(path, () => replace(path, content, mode))
}

async function replace(path: string, content: string, mode: number): Promise<void> {
  await makeFolder(dirname(path))
  const temporary = join(dirname(path), `.${Date.now()}-${Math.random().toString(36).slice(2)}.tmp`)
  const file = await open(temporary, 'wx', mode)
  try {
    await file.writeFile(content)
    await file.sync()
    await file.close()
    await rename(temporary, path)
  } catch (thrown) {
    await file.close().catch(() => undefined)
    await rm(temporary, { force: true })
    throw thrown
  }
}

/** Whether `path` is `folder` or lies below it, by name alone. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(path))
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/** Whether an existing `path`, with every link on the way followed, is `folder` or lies below it. */
export async function isReallyInside(folder: string, path: string): Promise<boolean> {
  return isInside(await realpath(folder), await realpath(path))
}
