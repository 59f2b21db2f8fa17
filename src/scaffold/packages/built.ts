// The two packages as a clone of the repository has built them into dist/.
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type BundleMeta, licencesOf } from './licences.ts'
import { type PackedFile, fileOf, filesBelow } from './tarball.ts'

interface RootManifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly type: string
  readonly exports: unknown
  readonly engines: unknown
  readonly bin: unknown
}

const folders = ['bin', 'templates', 'schema', 'examples', 'docker']
const files = ['.dockerignore', 'platform.yaml', 'README.md', 'CHANGELOG.md', 'LICENSE']

const json = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, 'utf8'))
const manifestFile = (manifest: object): PackedFile => ({
  path: 'package.json',
  content: `${JSON.stringify(manifest, null, 2)}\n`,
})

/** The files of the last build, and the licences of what is in them. Files of earlier builds may lie beside them. */
async function bundleOf(root: string, folder: string): Promise<PackedFile[]> {
  const meta = await json<BundleMeta>(join(root, folder, 'meta.json'))
  const built = await Promise.all(Object.keys(meta.outputs).map((path) => fileOf(root, path)))
  return [...built, { path: 'THIRD-PARTY-LICENSES.txt', content: await licencesOf(root, meta) }]
}

const from = (folder: string, packed: readonly PackedFile[]): PackedFile[] =>
  packed.map(({ path, content }) => ({ path: path.replace(`${folder}/`, ''), content }))

/** What `@evplat/service` is published as. */
export async function builtService(root: string): Promise<PackedFile[]> {
  const { version, license, engines } = await json<RootManifest>(join(root, 'package.json'))
  const { name, ...more } = await json<{ readonly name: string }>(join(root, 'src/service/manifest.json'))
  const types = await filesBelow(root, 'types/service')
  return [
    ...from('dist/service-package', await bundleOf(root, 'dist/service-package')),
    ...types.map(({ path, content }) => ({ path: path.replace('types/service/', 'types/'), content })),
    ...from('schema', [await fileOf(root, 'schema/application.schema.json')]),
    ...from('src/service', [await fileOf(root, 'src/service/README.md')]),
    await fileOf(root, 'LICENSE'),
    manifestFile({ name, version, license, engines, ...more }),
  ]
}

/** What `evplat` is published as, without the package of services that lies in it. */
export async function builtEvplat(root: string): Promise<PackedFile[]> {
  const manifest = await json<RootManifest>(join(root, 'package.json'))
  const { name, version, description, license, type, exports, engines, bin } = manifest
  const types = (await readdir(join(root, 'types'))).filter((file) => file.endsWith('.d.ts'))
  const single = [...files.filter((file) => existsSync(join(root, file))), ...types.map((file) => `types/${file}`)]
  return [
    ...(await bundleOf(root, 'dist')),
    ...(await Promise.all(folders.map((folder) => filesBelow(root, folder)))).flat(),
    ...(await Promise.all(single.map((file) => fileOf(root, file)))),
    manifestFile({ name, version, description, license, type, exports, engines, bin }),
  ]
}
