// `evplat down`: stops every server, and deletes what they have written where that is asked for.
import { access, lstat, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../../core/errors.ts'
import { type Layout, layoutOf, secretsFolder, stackFolders } from '../layout.ts'
import { openStackFile, readStackFile, removeStackFile } from '../stack-file.ts'
import { type StackOptions, withStackLock } from './options.ts'
import { stopServers } from './stop.ts'

/** What `down --volumes` would delete. */
export interface StackData {
  /** for people: a folder, or whose volumes they are */
  readonly where: string
  /** by server, as far as there is any: `kafka-1`, `zookeeper`; without a size where nobody counts */
  readonly servers: readonly { readonly name: string; readonly bytes?: number }[]
}

/** The data of the stack of the platform in `folder`, or undefined where there is none. */
export async function readStackData(folder: string): Promise<StackData | undefined> {
  const data = join(layoutOf(folder).root, stackFolders.data)
  const names = (await readdir(data).catch((): string[] => [])).toSorted()
  if (names.length === 0) return undefined
  const servers = await Promise.all(names.map(async (name) => ({ name, bytes: await diskUse(join(data, name)) })))
  return { where: data, servers }
}

/** Bytes on disk: the indexes of a broker are sparse, and a hundred times as long as what they take. */
async function diskUse(path: string): Promise<number> {
  const entry = await lstat(path).catch(() => undefined)
  if (!entry) return 0
  if (!entry.isDirectory()) return entry.blocks * 512
  const sizes = await Promise.all((await readdir(path).catch(() => [])).map((name) => diskUse(join(path, name))))
  return sizes.reduce((sum, size) => sum + size, 0)
}

export interface DownOptions extends StackOptions {
  /** delete the data, too */
  readonly deleteData: boolean
}

/**
 * Stops the stack and answers the names of the servers that ran. A stack that is not there is down already.
 * Rejects with `server-not-stopped`, `stack-busy`, `interrupted`.
 */
export async function down(options: DownOptions): Promise<string[]> {
  const layout = layoutOf(options.folder)
  if (!(await exists(layout.root))) return []
  return withStackLock(layout, options, async () => {
    const { signal, say, progress } = options
    const record = await readStackFile(layout)
    const file = record && openStackFile(layout, record)
    const stopped = file ? await stopServers(file, () => true, { layout, signal, say, progress }) : []
    if (options.deleteData) await deleteData(layout)
    return stopped
  })
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** The data goes in one step, whenever this is killed: a part of it could be taken for all of it. */
export async function deleteData(layout: Layout): Promise<void> {
  const data = join(layout.root, stackFolders.data)
  const deleted = `${data}.deleted`
  await rm(deleted, { recursive: true, force: true })
  await rename(data, deleted).catch((thrown: unknown) => {
    if (systemCode(thrown) !== 'ENOENT') throw thrown
  })
  await removeStackFile(layout)
  await rm(deleted, { recursive: true, force: true })
  // the passwords last: what they open is gone by then
  for (const name of [...Object.values(stackFolders), secretsFolder])
    await rm(join(layout.root, name), { recursive: true, force: true })
}
