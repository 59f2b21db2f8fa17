// The two packages as files, which a new platform carries in `vendor/`: evplat itself and `@evplat/service`, as this evplat is.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { builtEvplat, builtService } from './packages/built.ts'
import { filesBelow, tarball } from './packages/tarball.ts'

export interface VendoredPackage {
  /** `evplat-1.2.3.tgz` */
  readonly file: string
  readonly content: Buffer
}

export interface VendoredPackages {
  readonly evplat: VendoredPackage
  readonly service: VendoredPackage
}

/**
 * Makes both. `root` is the folder of evplat's package: an installation, which carries that of services packed, or a clone of the
 * repository, where both are made of what was built last. All three ways to the same version give the same bytes.
 */
export async function vendoredPackages(root: string): Promise<VendoredPackages> {
  const { version }: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const names = { evplat: `evplat-${version}.tgz`, service: `evplat-service-${version}.tgz` }
  const inside = `packages/${names.service}`
  if (!existsSync(join(root, 'scripts/build.js'))) {
    const [evplat, service] = await Promise.all([filesBelow(root).then(tarball), readFile(join(root, inside))])
    return { evplat: { file: names.evplat, content: evplat }, service: { file: names.service, content: service } }
  }
  const service = await tarball(await builtService(root))
  const evplat = await tarball([...(await builtEvplat(root)), { path: inside, content: service }])
  return { evplat: { file: names.evplat, content: evplat }, service: { file: names.service, content: service } }
}

/** What the package.json of a platform asks for, as ranges: a published version, or the files in `vendor/`. */
export function askedPackages(from: VendoredPackages | string): { readonly evplat: string; readonly library: string } {
  if (typeof from === 'string') return { evplat: from, library: from }
  return { evplat: `file:vendor/${from.evplat.file}`, library: `file:vendor/${from.service.file}` }
}
