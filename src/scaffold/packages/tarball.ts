// Files -> the `.tgz` that npm installs. The same files give the same bytes, wherever and whenever.
import { readFile, readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import tar from 'tar-fs'

export interface PackedFile {
  /** below the folder of the package, with `/` */
  readonly path: string
  readonly content: string | Uint8Array
}

/** The time of all files in what `npm pack` makes: programs that count from 1980 can tell it. */
const mtime = new Date('1985-10-26T08:15:00.000Z')

export async function tarball(files: readonly PackedFile[]): Promise<Buffer> {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  // nothing of it is taken from the disk: half of the files are made for the package
  const archive = tar.pack('.', {
    entries: [],
    finalize: false,
    finish: (pack) => {
      for (const { path, content } of sorted) {
        const mode = path.startsWith('bin/') ? 0o755 : 0o644
        pack.entry({ name: `package/${path}`, mode, mtime }, Buffer.from(content))
      }
      pack.finalize()
    },
  })
  return promisify(gzip)(await buffer(archive))
}

/** A file, or all files below a folder, named from `root`. `node_modules` is never part of a package. */
export async function filesBelow(root: string, path = '.'): Promise<PackedFile[]> {
  const names = await readdir(join(root, path), { recursive: true, withFileTypes: true })
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .filter((name) => !/(^|\/)node_modules\//.test(name))
  return Promise.all(files.map((name) => fileOf(root, name)))
}

export async function fileOf(root: string, path: string): Promise<PackedFile> {
  return { path, content: await readFile(join(root, path)) }
}
