// `node scripts/kafka-jars.js`: fetches every release of Kafka that evplat knows and writes down its files with their digests
// (src/stack/native/jars/jars-*.json), which later downloads are checked against. Look at the difference before it is committed.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadTypeScript } from './run-typescript.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const lists = join(root, 'src/stack/native/jars')
const scratch = mkdtempSync(join(tmpdir(), 'evplat-jars-'))

try {
  const { knownReleases } = await loadTypeScript('src/stack/desired/releases.ts')
  const fileOf = ({ version }) => join(lists, `jars-${version}.json`)
  // a release that is new here has no list yet, and the code that writes one reads them all
  for (const release of knownReleases()) if (!existsSync(fileOf(release))) writeFileSync(fileOf(release), '[]\n')
  const { listJars } = await loadTypeScript('src/stack/native/jars/jar-list.ts')
  const { fetchByMaven } = await loadTypeScript('src/stack/native/jars/maven.ts')
  for (const release of knownReleases()) {
    const folder = join(scratch, release.exact)
    await fetchByMaven(release, folder, { env: process.env, onFile: (name) => process.stderr.write(`${name}\n`) })
    const jars = await listJars(folder)
    writeFileSync(fileOf(release), `${JSON.stringify(jars, null, 2)}\n`)
    process.stdout.write(`${fileOf(release)}: ${jars.length} files\n`)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
