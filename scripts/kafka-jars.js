// `node scripts/kafka-jars.js`: fetches every release of Kafka that evplat knows and writes down its files with their digests
// (src/stack/native/jars/jars-*.json), which later downloads are checked against. Look at the difference before it is committed.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const lists = join(root, 'src/stack/native/jars')
const scratch = mkdtempSync(join(tmpdir(), 'evplat-jars-'))

async function load(entry) {
  const outfile = join(root, '.cache', `${entry.replaceAll('/', '-')}.mjs`)
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
  return import(pathToFileURL(outfile).href)
}

try {
  const { knownReleases } = await load('src/stack/desired/releases.ts')
  const fileOf = ({ version }) => join(lists, `jars-${version}.json`)
  // a release that is new here has no list yet, and the code that writes one reads them all
  for (const release of knownReleases()) if (!existsSync(fileOf(release))) writeFileSync(fileOf(release), '[]\n')
  const { listJars } = await load('src/stack/native/jars/jar-list.ts')
  const { fetchByMaven } = await load('src/stack/native/jars/maven.ts')
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
