// Whether this machine can run an engine of its own, and what is installed so that it can.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.ts'

/** program -> the package of Debian that has it */
const tools: Readonly<Record<string, string>> = {
  dockerd: 'docker.io',
  'docker-compose': 'docker-compose',
  debootstrap: 'debootstrap',
  // the engine makes the name server of a network by it
  iptables: 'iptables',
  ip: 'iproute2',
}

/** not on the PATH of each user, and the engine of Debian before a mere client of others */
const folders = ['/usr/sbin', '/sbin', '/usr/bin', '/bin']

/** PATH as the laboratory uses it. */
export const labPath = [...folders, process.env['PATH'] ?? ''].join(delimiter)

function isInstalled(program: string): boolean {
  return labPath.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

const lacking = (): string[] => Object.keys(tools).filter((program) => !isInstalled(program))

/** Why this machine can't run an engine of its own, or undefined; what apt-get can install is installed. */
export async function missingForLab(say: (message: string) => void): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'a private Docker engine needs Linux'
  if (process.getuid?.() !== 0) return 'a private Docker engine needs root'
  if (lacking().length === 0) return undefined
  if (!isInstalled('apt-get')) return `${lacking().join(', ')} not installed, and there is no apt-get`
  const packages = lacking().map((program) => tools[program]!)
  say(`installing ${packages.join(', ')}`)
  try {
    await install(packages).catch(() => aptGet(['update']).then(() => install(packages)))
  } catch (thrown) {
    return `${packages.join(', ')} can't be installed: ${thrown instanceof Error ? thrown.message : String(thrown)}`
  }
  return lacking().length === 0 ? undefined : `${lacking().join(', ')} not installed`
}

const install = (packages: readonly string[]): Promise<string> =>
  aptGet(['install', '-y', '--no-install-recommends', ...packages])

function aptGet(args: readonly string[]): Promise<string> {
  // RUNLEVEL: packages do not start what they install (invoke-rc.d)
  const env = { ...process.env, PATH: labPath, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  return run('apt-get', args, { env, timeoutMs: 300_000 })
}
