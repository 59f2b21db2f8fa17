// File systems that refuse: small, read-only, or another user's. What a machine does not let us make is skipped by name.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { script, temporaryFolder } from './evplat.ts'

const isRoot = process.getuid?.() === 0
const nobody = { uid: 65_534, gid: 65_534 }

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'evplat-mount-'))
  const isMounted = isRoot && spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]).status === 0
  if (isMounted) spawnSync('umount', [folder])
  rmdirSync(folder)
  return isMounted
}

/** Why no file system can be mounted here, for the names of tests that are skipped; undefined where one can. */
export const missingMount: string | undefined = canMount() ? undefined : 'nothing can be mounted'

/** A new empty file system of this many bytes; it is gone when the test is over. */
export function mountDisk(bytes: number): string {
  const folder = temporaryFolder()
  mount(folder, ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder])
  onTestFinished(() => void spawnSync('umount', ['-l', folder]))
  return folder
}

/** From now on nothing can be written to a mounted file system. */
export function makeReadOnly(folder: string): void {
  mount(folder, ['-o', 'remount,ro', folder])
}

function mount(folder: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${folder} can't be mounted: ${stderr}`)
}

/** How to run evplat as one who is not root: nothing is to be said where we are not, `nobody` where we are. */
export const unprivileged: { readonly user?: typeof nobody } = isRoot ? { user: nobody } : {}

/** Why evplat can't run as another user here; undefined where it can. */
export const missingUser: string | undefined =
  isRoot && spawnSync(process.execPath, [script, '--version'], nobody).status !== 0
    ? 'the user nobody can not read this folder'
    : undefined

/** Lets other users look into a folder. */
export function openToAll(folder: string): string {
  chmodSync(folder, 0o755)
  return folder
}
