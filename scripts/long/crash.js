// `npm run long:crash -- --size N [--seed S]`: see test/crash/main.ts.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { setUp } from '../set-up.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bundle = join(root, '.cache/crash.mjs')

setUp({ withTools: true })
await build({
  absWorkingDir: root,
  entryPoints: ['test/crash/main.ts'],
  outfile: bundle,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  logLevel: 'warning',
})
const { status } = spawnSync(process.execPath, [bundle, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
