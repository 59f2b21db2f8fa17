// Starts a server that outlives evplat, and keeps its exit code. Nobody but a parent learns how a process ended, so each server
// gets one that stays: a shell of 2 MB (a Node process would take 40). The order makes sure that no server ever runs unrecorded:
// the shell forks and tells the pid; evplat records it and says go; only then the fork becomes the server, under the same pid.
import { spawn } from 'node:child_process'
import { chown, open, readFile, rm, writeFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { onFile } from '../../core/file-error.ts'
import { type ProcessIdentity, identify } from './operating-system.ts'

export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  /** absolute: the folder that the server works in */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** takes what the server writes to stdout and stderr, at its end; relative to `cwd` */
  readonly log: string
  /** will hold the exit code; relative to `cwd` */
  readonly exit: string
  /** whom it runs as, where root starts it */
  readonly user?: { readonly uid: number; readonly gid: number }
  /** absolute: a folder that it gets open as descriptor 5, whether or not that user may go there by its path */
  readonly handed?: string
}

/** Descriptor 3 brings the word to go, and its end when evplat dies before; 4 takes the pid. */
const script = `exit_file=$1; shift
{ read -r go && exec "$@" </dev/null 3<&- 4>&-; } <&3 4>&- &
echo $! >&4
exec 3<&- 4>&-
wait $!
echo $? >"$exit_file"`

/**
 * Starts a server in a session of its own, so that neither a terminal that closes nor Ctrl-C reaches it.
 * `record` must keep the identity before it resolves; when it rejects, nothing was started.
 */
export async function launch(
  { command, args, cwd, env, log, exit, user, handed }: Launch,
  record: (process: ProcessIdentity) => Promise<void>,
): Promise<ProcessIdentity> {
  await rm(join(cwd, exit), { force: true })
  // the keeper writes it, as that user
  if (user) await writeFile(join(cwd, exit), '').then(() => chown(join(cwd, exit), user.uid, user.gid))
  const output = await open(join(cwd, log), 'a')
  const folder = handed === undefined ? undefined : await open(handed)
  try {
    await onFile(join(cwd, log), () => output.write(`${new Date().toISOString()} ${startMark}\n`))
    const keeper = spawn('/bin/sh', ['-c', script, 'evplat-keeper', exit, command, ...args], {
      cwd,
      // options for evplat's own Node, a debugger's port for one, are not meant for its servers
      env: { ...env, NODE_OPTIONS: undefined },
      ...user,
      detached: true,
      stdio: ['ignore', output.fd, output.fd, 'pipe', 'pipe', ...(folder ? [folder.fd] : [])],
    })
    const go = keeper.stdio[3] as Writable
    const goClosed = new Promise<void>((resolve) => go.once('close', resolve).on('error', () => undefined))
    try {
      const pid = await new Promise<number>((resolve, reject) => {
        keeper.once('error', reject).once('exit', () => reject(new Error('the shell ended before it started a server')))
        ;(keeper.stdio[4] as Readable).once('data', (text: Buffer) => resolve(Number.parseInt(String(text), 10)))
      })
      const server = await identify(pid)
      if (!server) throw new Error(`process ${pid} ended before it became a server`)
      await record(server)
      go.end('go\n')
      await goClosed
      return server
    } finally {
      go.destroy()
      keeper.stdio[4]?.destroy()
      keeper.unref()
    }
  } finally {
    await output.close()
    await folder?.close()
  }
}

/** Stands in the log before all that one run of a server wrote, after the time. */
export const startMark = '--- evplat starts this server ---'

/** The exit code of the server's last run, or undefined while it runs, or when its keeper died with it. */
export async function readExitCode(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return /^\d+\n$/.test(text) ? Number(text) : undefined
}

/** How a process ended, for people: `exit code 1`, `exit code 137 (SIGKILL)`. */
export function exitText(code: number): string {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0]
  return signal === undefined ? `exit code ${code}` : `exit code ${code} (${signal})`
}
