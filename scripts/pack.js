// `npm run pack`: the package that users install. A bundle without dependencies of its own, with the licences of what is inside.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stage = join(root, 'dist/package')

/** The packages that the bundle holds parts of. */
function bundledPackages() {
  const { outputs } = JSON.parse(readFileSync(join(root, 'dist/meta.json'), 'utf8'))
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs))
  const names = inputs.flatMap((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? [])
  return [...new Set(names)].toSorted()
}

function licenceOf(name) {
  const folder = join(root, 'node_modules', name)
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`
  return `${name} ${version}\n\n${text}\n`
}

/** The chunks of the last build; those of earlier builds may lie beside them. */
function copyBuild() {
  const { outputs } = JSON.parse(readFileSync(join(root, 'dist/meta.json'), 'utf8'))
  for (const path of Object.keys(outputs)) cpSync(join(root, path), join(stage, path))
}

// what is packed is what the sources make now
const built = spawnSync(process.execPath, [join(root, 'bin/evplat.js'), '--version'], { encoding: 'utf8' })
if (built.status !== 0) throw new Error(built.stderr)
rmSync(stage, { recursive: true, force: true })
mkdirSync(stage, { recursive: true })
copyBuild()
for (const path of [
  'bin',
  'templates',
  'schema',
  'examples',
  'docker',
  '.dockerignore',
  'types',
  'platform.yaml',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
])
  if (existsSync(join(root, path))) cpSync(join(root, path), join(stage, path), { recursive: true })
writeFileSync(
  join(stage, 'THIRD-PARTY-LICENSES.txt'),
  bundledPackages()
    .map(licenceOf)
    .join(`\n${'-'.repeat(80)}\n\n`),
)
const { name, version, description, license, type, exports, engines, bin } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
)
writeFileSync(
  join(stage, 'package.json'),
  `${JSON.stringify({ name, version, description, license, type, exports, engines, bin }, null, 2)}\n`,
)
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const { status, stdout, stderr } = spawnSync(npm, ['pack', '--silent', '--pack-destination', join(root, 'dist')], {
  cwd: stage,
  encoding: 'utf8',
})
process.stdout.write(status === 0 ? `dist/${stdout.trim()}\n` : stderr)
process.exitCode = status ?? 1
