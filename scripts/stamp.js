// What dist/ was built from, told by names, sizes and times of the files. This runs at every start in a clone, so it reads no file
// and loads no module that a start can do without.
import { readFileSync, readdirSync, statSync } from 'node:fs'

let hash = 0

function mix(number) {
  hash = Math.imul(hash ^ (number % 4294967296), 0x5bd1e995)
  hash ^= hash >>> 15
}

function addFile(path) {
  const { size, mtimeMs } = statSync(path)
  mix(size)
  mix(Math.floor(mtimeMs))
  mix(path.length)
}

function addFolder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) addFolder(path)
    else if (!entry.name.endsWith('.test.ts')) addFile(path)
  }
}

/** A number that changes with anything that is built or installed. */
export function stampOf(root) {
  hash = 1
  addFolder(`${root}/src`)
  for (const file of ['scripts/build.js', 'package.json', 'package-lock.json']) addFile(`${root}/${file}`)
  return hash
}

/** What the last set-up left: the stamp, and a checksum of the lock file that was installed. Empty where there was none. */
export function lastSetUp(root) {
  try {
    return JSON.parse(readFileSync(`${root}/dist/set-up.json`, 'utf8'))
  } catch {
    return {}
  }
}
