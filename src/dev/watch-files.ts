// Tells that files in some folders have changed: once for what changes together, and only where what they hold is another.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { groupBy } from '../core/group-by.ts'
import { mattersAtAll, watchTree } from './watch-tree.ts'

export interface Watched<Name extends string> {
  readonly name: Name
  readonly folder: string
  /** the folders in it, too */
  readonly deep: boolean
  /** of a path relative to the folder, with `/` */
  readonly matters: (path: string) => boolean
}

export interface FileChange<Name extends string> {
  readonly name: Name
  /** relative to the folder, with `/`; in the order of their names */
  readonly paths: readonly string[]
}

/** editors write a file in steps, and a branch is checked out file by file */
const quietMs = 100

/**
 * Watches until the signal aborts. `trouble` is told when a folder can't be watched, or not any more; the others go on.
 * What has been touched and holds the same as when it was told last is no change.
 */
export function watchFiles<Name extends string>(
  all: readonly Watched<Name>[],
  on: { readonly changed: (changes: FileChange<Name>[]) => void; readonly trouble: (message: string) => void },
  signal: AbortSignal,
): void {
  const digests = new Map<string, string>()
  const pending = new Map<string, { readonly name: Name; readonly path: string; readonly file: string }>()
  let timer: NodeJS.Timeout | undefined
  const settle = async (): Promise<void> => {
    const touched = [...pending.values()]
    pending.clear()
    const found = await Promise.all(touched.map(async (one) => ({ ...one, digest: await digestOf(one.file) })))
    const changed = found.filter(({ file, digest }) => digests.get(file) !== digest)
    for (const { file, digest } of changed) digests.set(file, digest)
    if (changed.length === 0 || signal.aborted) return
    const byName = groupBy(changed, ({ name }) => name)
    on.changed([...byName].map(([name, files]) => ({ name, paths: files.map(({ path }) => path).toSorted() })))
  }
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  for (const { name, folder, deep, matters } of all)
    watchTree(folder, {
      deep,
      signal,
      trouble: on.trouble,
      touched: (path) => {
        if (!mattersAtAll(path) || !matters(path)) return
        const file = join(folder, path)
        pending.set(file, { name, path, file })
        clearTimeout(timer)
        timer = setTimeout(() => void settle(), quietMs)
      },
    })
}

/** What stands for what a file holds; one that is gone has a digest of its own. */
async function digestOf(file: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
  } catch (thrown) {
    return `none: ${thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)}`
  }
}
