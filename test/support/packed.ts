// The packages as users install them: packed once, installed by npm into folders of users.
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

export interface Packed {
  readonly evplat: string
  readonly service: string
}

/** Packs this clone; the paths of both files. */
export function packPackages(): Packed {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/pack.js'], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  const [evplat, service] = stdout.trim().split('\n')
  return { evplat: join(process.cwd(), evplat!), service: join(process.cwd(), service!) }
}

/** A user with this package.json, installed into the folder; what is in npm's cache is not asked for again. */
export function installInto(folder: string, manifest: object, ...args: readonly string[]): string {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', ...manifest }))
  const installed = spawnSync(npm, ['install', '--prefer-offline', '--no-audit', '--no-fund', ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(installed.status, installed.stderr).toBe(0)
  return folder
}

export interface InstalledPackage {
  readonly name: string
  readonly scripts: readonly string[]
}

/** Every package below node_modules, wherever it lies, and the bytes of all files. */
export function installedIn(folder: string): {
  readonly packages: readonly InstalledPackage[]
  readonly bytes: number
} {
  const entries = readdirSync(join(folder, 'node_modules'), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const manifests = files.filter((file) =>
    /[/\\]node_modules[/\\](@[^/\\]+[/\\])?[^/\\]+[/\\]package\.json$/.test(file),
  )
  const packages = manifests.map((file) => {
    const { name, scripts = {} }: { name: string; scripts?: object } = JSON.parse(readFileSync(file, 'utf8'))
    return { name, scripts: Object.keys(scripts) }
  })
  return { packages, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) }
}
