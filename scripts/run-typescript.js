// TypeScript of this clone outside the tests: bundled into .cache, then run in a Node of its own, or loaded into this one.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The file of the bundle of an entry, a path from the root. */
async function bundle(entry) {
  const outfile = join(root, '.cache/bundled', entry.replace(/\.ts$/, '.mjs'))
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  })
  return outfile
}

/** Runs a program from the root of the clone; answers its exit code. */
export async function runTypeScript(entry, args) {
  const file = await bundle(entry)
  return spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1
}

/** The exports of a module. */
export async function loadTypeScript(entry) {
  return import(pathToFileURL(await bundle(entry)).href)
}
