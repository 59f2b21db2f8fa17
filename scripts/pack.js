// `npm run pack`: the packages that users install, evplat and what its services import. Bundles without dependencies of their own, with
// the licences of what is inside.
import { spawnSync } from 'node:child_process'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadTypeScript } from './run-typescript.js'

const root = fileURLToPath(new URL('..', import.meta.url))

// what is packed is what the sources make now
const built = spawnSync(process.execPath, [join(root, 'bin/evplat.js'), '--version'], { encoding: 'utf8' })
if (built.status !== 0) throw new Error(built.stderr)
const { vendoredPackages } = await loadTypeScript('src/scaffold/vendor.ts')
for (const { file, content } of Object.values(await vendoredPackages(root))) {
  const path = join(root, 'dist', file)
  writeFileSync(`${path}.${process.pid}.tmp`, content)
  renameSync(`${path}.${process.pid}.tmp`, path)
  process.stdout.write(`dist/${file}\n`)
}
