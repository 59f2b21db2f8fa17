// Python with the packages of test/python/requirements.txt, installed once into the user's cache.
import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Found, fetchedFolder } from './found.ts'

/** Runs a script of test/python; resolves to what it prints. */
export type RunPython = (script: string, ...args: readonly string[]) => Promise<string>

const requirements = 'test/python/requirements.txt'

/** What runs scripts of test/python, or the reason why this machine can not. */
export function findPython(): Found<RunPython> {
  const probe = spawnSync('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' })
  if (probe.status !== 0) return { missing: 'python3 is not installed' }
  const version = probe.stdout.trim()
  if (Number(version.split('.')[1]) < 9) return { missing: `Python ${version} is too old` }
  const digest = createHash('sha256').update(version).update(readFileSync(requirements)).digest('hex').slice(0, 12)
  const packages = fetchedFolder('test-python', digest)
  const reason = existsSync(packages) ? undefined : install(packages)
  if (reason !== undefined) return { missing: reason }
  return { value: (script, ...args) => run(packages, script, args) }
}

/** Installs beside and renames: a folder that is there is whole. */
function install(packages: string): string | undefined {
  mkdirSync(dirname(packages), { recursive: true })
  const beside = mkdtempSync(`${packages}-`)
  const args = ['-m', 'pip', 'install', '--quiet', '--no-input', '--target', beside, '-r', requirements]
  const { status, stderr } = spawnSync('python3', args, { encoding: 'utf8', timeout: 180_000 })
  if (status === 0 && !existsSync(packages)) renameSync(beside, packages)
  rmSync(beside, { recursive: true, force: true })
  return status === 0 ? undefined : `pip could not install ${requirements}: ${stderr.trim().split('\n').at(-1)}`
}

/** What a script prints. Not synchronous: the server that it asks may live in this process. */
async function run(packages: string, script: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, PYTHONPATH: packages, PYTHONWARNINGS: 'ignore' }
  const options = { env, timeout: 60_000, maxBuffer: 10_000_000 }
  const { stdout } = await promisify(execFile)('python3', [join('test/python', script), ...args], options)
  return stdout
}
