// Who has a port of this machine, as far as the operating system tells.
import { execFile } from 'node:child_process'
import { readFile, readdir, readlink } from 'node:fs/promises'
import { platform } from 'node:os'
import { promisify } from 'node:util'

export interface PortHolder {
  readonly pid: number
  readonly name: string
}

/** Who listens on a port of this machine, as far as the operating system tells this user. */
export async function holderOf(port: number): Promise<PortHolder | undefined> {
  return platform() === 'linux' ? holderOnLinux(port) : holderByLsof(port)
}

/** proc(5): /proc/net/tcp names the socket that listens (state 0A), and some process has it open. */
async function holderOnLinux(port: number): Promise<PortHolder | undefined> {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const sockets = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(table, 'utf8').catch(() => '')).split('\n')) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
      if (state === '0A' && local?.endsWith(hex) === true) sockets.add(`socket:[${inode}]`)
    }
  }
  if (sockets.size === 0) return undefined
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry) || !(await hasOpen(entry, sockets))) continue
    return { pid: Number(entry), name: (await readFile(`/proc/${entry}/comm`, 'utf8').catch(() => '')).trim() }
  }
  return undefined
}

async function hasOpen(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  // of another user's process nothing can be seen
  for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => []))
    if (sockets.has(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''))) return true
  return false
}

async function holderByLsof(port: number): Promise<PortHolder | undefined> {
  const query = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']
  const { stdout } = await promisify(execFile)('lsof', query).catch(() => ({ stdout: '' }))
  const pid = /^p(\d+)$/m.exec(stdout)?.[1]
  return pid === undefined ? undefined : { pid: Number(pid), name: /^c(.*)$/m.exec(stdout)?.[1] ?? '' }
}
