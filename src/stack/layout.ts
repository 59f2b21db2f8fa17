// Where the stack keeps what it needs on disk: `.evplat/` beside platform.yaml, ignored by git.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../core/errors.ts'
import { onFile } from '../core/file-error.ts'
import { makeFolder } from '../core/files.ts'

export interface Layout {
  /** `.evplat`, absolute; servers work in it, and their files name paths relative to it */
  readonly root: string
  readonly state: string
  readonly lock: string
}

/** Folders within the root, relative to it. */
export const stackFolders = { config: 'config', data: 'data', logs: 'logs', exits: 'exits' } as const

/** Beside them, where there are passwords: for this user alone. */
export const secretsFolder = 'secrets'

/** The layout of the platform in `folder`, which is absolute. */
export function layoutOf(folder: string): Layout {
  const root = join(folder, '.evplat')
  return { root, state: join(root, 'stack.json'), lock: join(root, 'lock') }
}

/** Makes the folders, and a .gitignore that keeps all of it out of git. Throws `file-unusable`. */
export function makeFolders({ root }: Layout): Promise<void> {
  return onFile(root, async () => {
    for (const folder of Object.values(stackFolders)) await makeFolder(join(root, folder))
    await writeFile(join(root, '.gitignore'), '*\n', { flag: 'wx' }).catch((thrown: unknown) => {
      if (systemCode(thrown) !== 'EEXIST') throw thrown
    })
  })
}

export const logFile = (server: string): string => join(stackFolders.logs, `${server}.log`)
export const exitFile = (server: string): string => join(stackFolders.exits, server)
