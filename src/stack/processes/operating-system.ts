// Everything of a stack that differs by operating system: who a process is, where caches go.
import { execFile } from 'node:child_process'
import { readFile, readdir, readlink, realpath } from 'node:fs/promises'
import { homedir, platform } from 'node:os'
import { join } from 'node:path'
import { kill } from 'node:process'
import { promisify } from 'node:util'
import { EvplatError, systemCode } from '../../core/errors.ts'

/** A process that is not mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** when it was started, in the words of the operating system; only ever compared */
  readonly start: string
}

/** Throws `not-in-this-version` where servers can't be kept in the background: it is done by means of Unix. */
export function requireKnownSystem(system: string = platform()): void {
  if (system === 'linux' || system === 'darwin') return
  throw new EvplatError('not-in-this-version', `a stack does not run on ${systemName(system)}`, {
    hint: system === 'win32' ? 'run evplat inside the Windows Subsystem for Linux' : 'it runs on Linux and macOS',
  })
}

const systemName = (system: string): string => (system === 'win32' ? 'Windows' : system)

/** Where programs keep what they can fetch again: the XDG folder, or that of macOS or Windows. */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  { system = platform(), home = homedir() }: { readonly system?: string; readonly home?: string } = {},
): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = env
  if (xdg !== undefined && xdg !== '') return join(xdg, 'evplat')
  if (system === 'darwin') return join(home, 'Library', 'Caches', 'evplat')
  if (system === 'win32') return join(local ?? join(home, 'AppData', 'Local'), 'evplat', 'cache')
  return join(home, '.cache', 'evplat')
}

/** The identity of a running process, or undefined where there is none (a dead one that nobody has waited for counts as none). */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const start = platform() === 'linux' ? await startOnLinux(pid) : await startByPs(pid)
  return start === undefined ? undefined : { pid, start }
}

/** Whether this very process still runs. */
export async function isRunning({ pid, start }: ProcessIdentity): Promise<boolean> {
  return (await identify(pid))?.start === start
}

/** Sends a signal to this very process; false when it is not there any more. Throws `server-not-stopped` where this user may not. */
export async function sendSignal(process: ProcessIdentity, signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<boolean> {
  if (!(await isRunning(process))) return false
  try {
    return kill(process.pid, signal)
  } catch (thrown) {
    if (systemCode(thrown) === 'ESRCH') return false
    if (systemCode(thrown) !== 'EPERM') throw thrown
    throw new EvplatError('server-not-stopped', `process ${process.pid} was started by another user`, {
      hint: 'stop the stack as the user who started it: `evplat down`',
    })
  }
}

/** proc(5): field 22 of /proc/PID/stat counts clock ticks since boot, which another boot counts anew. */
async function startOnLinux(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // the name of the program stands in brackets and may hold spaces and brackets
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state === 'Z' || state === 'X') return undefined
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
    return `${fields[18]}@${boot.trim()}`
  } catch (thrown) {
    if (['ENOENT', 'ESRCH'].includes(systemCode(thrown))) return undefined
    throw thrown
  }
}

const run = promisify(execFile)

/** When a process was started, as ps(1) tells it: what all systems without /proc have. */
export async function startByPs(pid: number): Promise<string | undefined> {
  // local time would change its text with the time zone
  const env = { PATH: '/bin:/usr/bin', TZ: 'UTC', LC_ALL: 'C' }
  const query = ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)]
  const { stdout } = await run('ps', query, { env }).catch(() => ({ stdout: '' }))
  const [state = '', ...start] = stdout.trim().split(/\s+/)
  return state === '' || state.startsWith('Z') ? undefined : start.join(' ')
}

/** The processes that work in a folder (absolute), or undefined where the operating system does not tell. */
export async function workersIn(folder: string): Promise<number[] | undefined> {
  if (platform() !== 'linux') return undefined
  const path = await realpath(folder)
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')))
  return pids.filter((_, i) => folders[i] === path).map(Number)
}

/** The first port that the operating system may give to anybody's outgoing connection: a server must stay below. */
export async function firstEphemeralPort(): Promise<number> {
  // 32768 on Linux, 49152 on macOS
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '32768')
  return Number.parseInt(range, 10)
}
