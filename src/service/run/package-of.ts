// The package that a program belongs to.
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

export interface ServicePackage {
  readonly folder: string
  readonly version: string
}

/** The nearest package.json from a folder upwards; the folder itself, without a version, where there is none. */
export async function packageOf(folder: string): Promise<ServicePackage> {
  for (let here = resolve(folder); ; here = dirname(here)) {
    const text = await readFile(join(here, 'package.json'), 'utf8').catch(() => undefined)
    if (text !== undefined) return { folder: here, version: versionIn(text) }
    if (here === dirname(here)) return { folder: resolve(folder), version: '' }
  }
}

function versionIn(text: string): string {
  try {
    const { version }: { readonly version?: unknown } = JSON.parse(text)
    return typeof version === 'string' ? version : ''
  } catch {
    return ''
  }
}
