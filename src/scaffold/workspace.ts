// The npm workspace at the root of a platform: its package.json, the packages that it carries, and what services ask for of them.
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { EvplatError, systemCode } from '../core/errors.ts'
import type { OwnedFile } from './ownership.ts'
import { renderFile } from './render.ts'
import { askedPackages, vendoredPackages } from './vendor.ts'

/** Ranges of npm, or `file:` and a path. */
export interface Asked {
  /** of the package `evplat` */
  readonly evplat: string
  /** of `@evplat/service` */
  readonly library: string
}

export interface Packages {
  readonly asked: Asked
  /** below the folder of the platform */
  readonly files: readonly OwnedFile[]
}

/** A version or a range of npm: `1.2.3`, `^1.2`, `latest`. Throws `usage` for anything else, `file:` and URLs among it. */
export function versionOf(text: string): string {
  if (/^[\^~]?[\w.-]+$/.test(text)) return text
  throw new EvplatError('usage', `"${text}" is no version of evplat`, { hint: 'for example --evplat 1.2.3' })
}

/** A published version, or the packages of the evplat that runs: `root` is its folder. */
export async function packagesOf(published: string | undefined, root: string): Promise<Packages> {
  if (published !== undefined) return { asked: askedPackages(published), files: [] }
  const made = await vendoredPackages(root)
  const files = [made.evplat, made.service].map(({ file, content }): OwnedFile => {
    return { path: `vendor/${file}`, content, ownership: 'machine', template: 'vendor' }
  })
  return { asked: askedPackages(made), files }
}

/** The package.json of the root, which asks for evplat's packages where services need them. */
export async function rootPackage(name: string, asked: Asked | undefined, root: string): Promise<OwnedFile> {
  const file = await renderFile(join(root, 'templates/workspace/package.json.ejs'), 'package.json', { name, asked })
  return { ...file, ownership: 'shared', template: 'workspace' }
}

/** What the package.json of a platform's root asks for; a part is undefined where it asks for none, all where there is no such file. */
export async function askedAtRoot(folder: string): Promise<Partial<Asked> | undefined> {
  const path = join(folder, 'package.json')
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    if (systemCode(thrown) === 'ENOENT') return undefined
    throw thrown
  })
  if (text === undefined) return undefined
  const { dependencies, devDependencies } = parsed(text, path)
  const all = { ...devDependencies, ...dependencies }
  const { evplat, '@evplat/service': library } = all
  return { ...(evplat !== undefined && { evplat }), ...(library !== undefined && { library }) }
}

/** The same as a package in `dir` says it; `dir` is relative to the root. */
export function askedFrom(dir: string, { evplat, library }: Asked): Asked {
  const moved = (range: string): string =>
    range.startsWith('file:') ? `file:${relative(dir, range.slice('file:'.length)).replaceAll('\\', '/')}` : range
  return { evplat: moved(evplat), library: moved(library) }
}

type PackageJson = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>

function parsed(text: string, path: string): PackageJson {
  try {
    return JSON.parse(text) as PackageJson
  } catch (thrown) {
    throw new EvplatError('bad-input', `"${path}" is no JSON: ${thrown instanceof Error ? thrown.message : ''}`, {
      hint: 'mend it: what services ask for is read there',
    })
  }
}
