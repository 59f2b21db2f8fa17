// Bundles src/ into dist/: evplat, one entry per program and one chunk per command, and what services import into dist/service-package.
// Files are put in place one by one, the entries last, so that an evplat that is running while this works still finds the chunks it
// was built with.
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

const entries = [
  'src/cli/main.ts',
  'src/stack/native/registry-process.ts',
  'src/stack/embedded/embedded-process.ts',
  'src/stack/embedded/start-embedded.ts',
  'src/testing/start-service.ts',
]

/** What `@evplat/service` is. Node loads the hooks in a thread of their own, so they are a file of their own. */
const serviceEntries = ['src/service/main.ts', 'src/service/typescript/register.ts', 'src/service/typescript/hooks.ts']

/** A service brings these itself. */
const peers = Object.keys(JSON.parse(readFileSync(join(root, 'src/service/manifest.json'), 'utf8')).peerDependencies)

/** CommonJS packages inside an ES module bundle look for this. */
const banner = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`

/**
 * What dockerode can do and evplat does not: engines by ssh, and builds by BuildKit, which speak gRPC. These are two thirds of its size.
 * dockerode asks for its own part of BuildKit by name, so that it loads without.
 */
const unused = /^(?:ssh2|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs)$/
const withoutUnused = {
  name: 'without what is not used',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: unused }, ({ path }) => ({ path, namespace: 'unused' }))
    onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: 'module.exports = {}' }))
  },
}

function write(path, contents) {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, contents)
  renameSync(temporary, path)
}

/** Chunks that no build of the last day made are not in use any more. */
function removeOldChunks(current) {
  const folder = join(dist, 'chunks')
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!current.has(path) && Date.now() - statSync(path).mtimeMs > 86_400_000) rmSync(path, { force: true })
  }
}

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  legalComments: 'none',
  banner: { js: banner },
  metafile: true,
  write: false,
  logLevel: 'warning',
}

const evplat = build({
  ...common,
  entryPoints: entries,
  outdir: dist,
  outbase: 'src',
  chunkNames: 'chunks/[name]-[hash]',
  splitting: true,
  minifyWhitespace: true,
  minifySyntax: true,
  plugins: [withoutUnused],
  // evplat/testing runs services: it takes these from them
  external: peers,
})

/** Its lines stay as they are: they stand in the stack traces of those who run services. */
const service = build({
  ...common,
  entryPoints: serviceEntries,
  outdir: join(dist, 'service-package'),
  outbase: 'src/service',
  external: peers,
})

const isEntry = (path) => !relative(dist, path).startsWith('chunks')

function putInPlace({ outputFiles, metafile }, folder) {
  for (const file of outputFiles.toSorted((a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path))))
    write(file.path, file.contents)
  write(join(folder, 'meta.json'), JSON.stringify(metafile))
}

const [evplatBuild, serviceBuild] = await Promise.all([evplat, service]).catch(() => process.exit(1)) // esbuild has told the errors
putInPlace(serviceBuild, join(dist, 'service-package'))
putInPlace(evplatBuild, dist)
removeOldChunks(new Set(evplatBuild.outputFiles.map((file) => file.path)))
