// What the package of a new service asks for, and what then is missing at the root of the platform.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../core/package-root.ts'
import type { Platform } from '../../platform/platform.ts'
import type { OwnedFile } from '../../scaffold/ownership.ts'
import { type Packages, askedAtRoot, packagesOf, rootPackage, versionOf } from '../../scaffold/workspace.ts'

/**
 * For a service on `@evplat/service`: what the root asks for; where that is nothing yet, or a version is given, the packages with the
 * files that then are needed at the root.
 */
export async function packagesFor({ name, folder }: Platform, published: string | undefined): Promise<Packages> {
  const there = await askedAtRoot(folder)
  if (there?.evplat !== undefined && there.library !== undefined && published === undefined)
    return { asked: { evplat: there.evplat, library: there.library }, files: [] }
  const root = packageRoot()
  const { asked, files } = await packagesOf(published === undefined ? undefined : versionOf(published), root)
  const missing = files.filter(({ path }) => !existsSync(join(folder, path)))
  return { asked, files: there ? missing : [await rootPackage(name, asked, root), ...missing] }
}

/** For a service that needs no package of ours: the package.json of the root, where there is none. */
export async function workspaceFor({ name, folder }: Platform): Promise<readonly OwnedFile[]> {
  return (await askedAtRoot(folder)) ? [] : [await rootPackage(name, undefined, packageRoot())]
}
