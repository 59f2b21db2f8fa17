// What dist/ was built from: told by names, sizes and times of the files, which costs a few milliseconds at each start.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

function addFolder(hash, folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) addFolder(hash, path)
    else if (!entry.name.endsWith('.test.ts')) addFile(hash, path)
  }
}

function addFile(hash, path) {
  const { size, mtimeMs } = statSync(path)
  hash.update(`${path}\0${size}\0${mtimeMs}\n`)
}

/** `lock` changes with the dependencies, `sources` with anything that is built. */
export function stampOf(root) {
  const lock = createHash('sha1')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const sources = createHash('sha1')
  addFolder(sources, join(root, 'src'))
  addFile(sources, join(root, 'scripts/build.js'))
  addFile(sources, join(root, 'package.json'))
  return { lock, sources: sources.digest('hex') }
}

/** The stamp of the last build and the lock file of the last install; empty where there was none. */
export function lastStamp(root) {
  try {
    return JSON.parse(readFileSync(join(root, 'dist/stamp.json'), 'utf8'))
  } catch {
    return { lock: '', sources: '' }
  }
}
