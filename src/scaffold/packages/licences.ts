// The licences of what a bundle holds.
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** What esbuild tells of a bundle: its files, and what they were made of, both from the root of the clone. */
export interface BundleMeta {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, unknown>> }>>
}

/** The folders of the packages that the bundle holds parts of. */
function bundledFolders({ outputs }: BundleMeta): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs))
  const folders = inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [])
  return [...new Set(folders)].toSorted()
}

async function licenceOf(folder: string): Promise<string> {
  const manifest: { name: string; version: string; license?: string } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  )
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? `Licence: ${manifest.license}` : await readFile(join(folder, file), 'utf8')
  return `${manifest.name} ${manifest.version}\n\n${text.trim()}\n`
}

/** The text of THIRD-PARTY-LICENSES.txt. */
export async function licencesOf(root: string, meta: BundleMeta): Promise<string> {
  const texts = await Promise.all(bundledFolders(meta).map((folder) => licenceOf(join(root, folder))))
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}
