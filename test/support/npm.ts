// npm as a user runs it in a platform.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { plainEnv } from './evplat.ts'

export interface NpmRan {
  readonly code: number | null
  /** what it printed, then what it said */
  readonly said: string
}

/** Runs `npm ARGS` in a folder to its end. */
export async function npm(cwd: string, ...args: readonly string[]): Promise<NpmRan> {
  const child = spawn(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd, env: plainEnv() })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: code as number | null, said: stdout + stderr }
}

/** From the cache of npm, where the packages are in it. */
export function npmInstall(cwd: string): Promise<NpmRan> {
  return npm(cwd, 'install', '--prefer-offline', '--no-audit', '--no-fund')
}
