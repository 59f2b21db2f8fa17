// Watches a folder and the folders in it, one watcher for each. Node's own recursive one, on Linux, watches file by file, and loses those
// that editors put in place by renaming another one over them.
import { type Dirent, readdirSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'

const ofNoInterest = /(?:^|\/)(?:node_modules|\.git|\.evplat|dist)(?:\/|$)|~$|\.sw[a-z]$|(?:^|\/)\.#/

/** What never matters: dependencies, what is built, and the files that editors make beside what they edit. */
export const mattersAtAll = (path: string): boolean => !ofNoInterest.test(path)

export interface TreeWatching {
  readonly deep: boolean
  /** of a file, relative to the folder, with `/`; it may be gone */
  readonly touched: (path: string) => void
  /** a folder can't be watched, or not any more */
  readonly trouble: (message: string) => void
  readonly signal: AbortSignal
}

/** Watches until the signal aborts. Folders that come later are watched as well. */
export function watchTree(root: string, watching: TreeWatching): void {
  watchFolder({ root, watching, seen: new Set() }, '')
}

interface Tree {
  readonly root: string
  readonly watching: TreeWatching
  /** folders that have a watcher */
  readonly seen: Set<string>
}

const childOf = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

function watchFolder(tree: Tree, folder: string): void {
  const { root, watching, seen } = tree
  const path = join(root, folder)
  const trouble = (thrown: unknown): void => {
    seen.delete(folder)
    // a folder that is deleted is no trouble, but for the one that was asked for
    if (folder === '' || isFolder(path))
      watching.trouble(`${path} is not watched: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
  try {
    const watcher = watch(path, { signal: watching.signal }, (_, name) => {
      if (name !== null) notice(tree, childOf(folder, name))
    })
    seen.add(folder)
    watcher.on('error', trouble)
    for (const entry of entriesOf(path)) if (entry.isDirectory()) watchChild(tree, childOf(folder, entry.name))
  } catch (thrown) {
    trouble(thrown)
  }
}

function watchChild(tree: Tree, folder: string): void {
  if (tree.watching.deep && mattersAtAll(folder)) watchFolder(tree, folder)
}

function notice(tree: Tree, path: string): void {
  if (!isFolder(join(tree.root, path))) {
    // a folder of this name is gone, and one that comes back needs a watcher of its own
    tree.seen.delete(path)
    tree.watching.touched(path)
  } else if (!tree.seen.has(path)) {
    watchChild(tree, path)
    touchAll(tree, path)
  }
}

/** Files may have come before their folder was watched. */
function touchAll(tree: Tree, folder: string): void {
  if (!tree.seen.has(folder)) return
  for (const entry of entriesOf(join(tree.root, folder))) {
    const child = childOf(folder, entry.name)
    if (entry.isDirectory()) touchAll(tree, child)
    else tree.watching.touched(child)
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function entriesOf(path: string): Dirent[] {
  return readdirSync(path, { withFileTypes: true })
}
