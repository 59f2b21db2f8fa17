// Whether `npm install` is due in the folder of a platform.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'

async function changedAt(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  )
}

/**
 * True where the platform is an npm package and what it and its services name has changed since the last install, or there was none.
 * npm writes the list that it has installed as the last thing that it does.
 */
export async function lacksPackages(folder: string, serviceFolders: readonly string[]): Promise<boolean> {
  if ((await changedAt(join(folder, 'package.json'))) === undefined) return false
  const installed = await changedAt(join(folder, 'node_modules/.package-lock.json'))
  if (installed === undefined) return true
  const named = [folder, ...serviceFolders].map((one) => join(one, 'package.json'))
  const times = await Promise.all([...named, join(folder, 'package-lock.json')].map(changedAt))
  return times.some((time) => time !== undefined && time > installed)
}
