// Who owns a generated file, and what it was when it was written: `.evplat/manifest.json`, and `.evplat/base/` for what an upgrade merges.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { EvplatError, systemCode } from '../core/errors.ts'
import { onFile } from '../core/file-error.ts'
import { writeAtomic } from '../core/files.ts'
import type { NewFile } from './write.ts'

/** `machine` is always written anew, `once` never again, `shared` is merged with what its owner made of it. */
export type Ownership = 'machine' | 'once' | 'shared'

export interface OwnedFile extends NewFile {
  readonly ownership: Ownership
  /** the template that it was made of: `service`, `listener`, `starter` */
  readonly template: string
}

interface ManifestEntry {
  readonly ownership: Ownership
  readonly template: string
  readonly evplat: string
  readonly sha256: string
}

interface Manifest {
  readonly version: 1
  readonly files: Readonly<Record<string, ManifestEntry>>
}

const sharedNames = /(^|\/)(package\.json|[jt]sconfig\.json|application(-[\w-]+)?\.yaml)$/

/** The class of a file by its path below its service or platform. */
export function ownershipOf(path: string): Ownership {
  if (/(^|\/)src\/generated\//.test(path)) return 'machine'
  return sharedNames.test(path) ? 'shared' : 'once'
}

async function readManifest(path: string): Promise<Manifest> {
  const text = await onFile(path, () => readFile(path, 'utf8')).catch((thrown: unknown) => {
    if (thrown instanceof EvplatError && systemCode(thrown.cause) === 'ENOENT') return undefined
    throw thrown
  })
  if (text === undefined) return { version: 1, files: {} }
  try {
    const manifest: unknown = JSON.parse(text)
    if (isManifest(manifest)) return manifest
  } catch {
    // told below, as is JSON of another kind
  }
  throw new EvplatError('file-unusable', `"${path}" is no list of generated files that this evplat reads`, {
    hint: 'take it from your version control again',
    details: { path },
  })
}

function isManifest(value: unknown): value is Manifest {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    value.version === 1 &&
    'files' in value &&
    typeof value.files === 'object' &&
    value.files !== null
  )
}

/** Remembers files as they were generated; paths are relative to the folder of the platform. */
export async function rememberFiles(folder: string, files: readonly OwnedFile[], evplat: string): Promise<void> {
  const path = join(folder, '.evplat/manifest.json')
  const before = await readManifest(path)
  const entries = files.map(({ path: file, content, ownership, template }): [string, ManifestEntry] => [
    file.replaceAll('\\', posix.sep),
    { ownership, template, evplat, sha256: createHash('sha256').update(content).digest('hex') },
  ])
  const all = Object.entries({ ...before.files, ...Object.fromEntries(entries) })
  const sorted = Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  for (const { path: file, content, ownership } of files)
    if (ownership === 'shared' && typeof content === 'string')
      await writeAtomic(join(folder, '.evplat/base', file), content)
  await writeAtomic(path, `${JSON.stringify({ version: 1, files: sorted } satisfies Manifest, null, 2)}\n`)
}
