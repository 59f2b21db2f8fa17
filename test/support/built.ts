import { spawnSync } from 'node:child_process'

/** Builds the program once before the tests that run it. */
export function setup(): void {
  const { status, stderr } = spawnSync(process.execPath, ['bin/evplat.js', '--version'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`evplat could not be built:\n${stderr}`)
}
