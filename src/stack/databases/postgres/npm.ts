// npm as a downloader: a project of one dependency, whose lock file says what must come.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EvplatError, systemCode } from '../../../core/errors.ts'
import { onFile } from '../../../core/file-error.ts'
import { makeFolder } from '../../../core/files.ts'
import { runProgram } from '../../native/run-program.ts'
import { type PostgresPackage, packageVersion, postgresVersion } from './release.ts'

/** as long as npm may work, in milliseconds: the package is 24 MB to fetch */
const patienceMs = 600_000

/** package.json and package-lock.json of the project, by name. npm refuses what has another digest. */
export function projectFiles({ name, integrity }: PostgresPackage): Readonly<Record<string, string>> {
  const project = { name: 'evplat-postgres', version: '1.0.0', private: true, dependencies: { [name]: packageVersion } }
  const lock = {
    name: project.name,
    version: project.version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': project, [`node_modules/${name}`]: { version: packageVersion, integrity } },
  }
  return { 'package.json': JSON.stringify(project), 'package-lock.json': JSON.stringify(lock) }
}

const advice =
  /^$|^at |^syscall |^errno |A complete log of this run|^For a full report|^If you are behind a proxy|^'proxy' config/

/** What npm says of a failure, without its advice on itself, and without credentials in an address. */
export function npmFailure(output: string): string {
  const lines = output.split('\n').flatMap((line) => /^npm (?:error|ERR!) ?(.*)$/.exec(line)?.[1]?.trim() ?? [])
  const said = lines.filter((line) => !advice.test(line)).slice(0, 2)
  const text = said.join('\n').replaceAll(/\/\/[^/\s@]+@/g, '//')
  // the scope of a package in a path is not to be taken for the end of a password
  return text.replaceAll(/(\/\/[^\s@]+\/)@/g, '$1%40')
}

export interface NpmRun {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal | undefined
}

/** Fetches a package into `node_modules` of `folder`, which is made. Throws `npm-missing` or `download-failed`. */
export async function fetchByNpm(wanted: PostgresPackage, folder: string, { env, signal }: NpmRun): Promise<void> {
  await makeFolder(folder)
  for (const [name, text] of Object.entries(projectFiles(wanted))) {
    const path = join(folder, name)
    await onFile(path, () => writeFile(path, text))
  }
  const deadline = AbortSignal.timeout(patienceMs)
  const args = [
    'ci',
    '--prefix',
    folder,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
  ]
  const fail = (said: string): EvplatError =>
    new EvplatError('download-failed', `npm could not fetch PostgreSQL ${postgresVersion}`, {
      said,
      saidBy: 'npm',
      hint: 'when the registry of npm answers again, run `evplat up` again',
    })
  try {
    const signals = AbortSignal.any([deadline, ...(signal ? [signal] : [])])
    const { code, output } = await runProgram('npm', args, { cwd: folder, env, signal: signals })
    if (code !== 0) throw fail(npmFailure(output) || output.split('\n').slice(-5).join('\n'))
  } catch (thrown) {
    if (deadline.aborted && !signal?.aborted) throw fail(`it was not done after ${patienceMs / 60_000} minutes`)
    if (!['ENOENT', 'EACCES', 'ENOTDIR'].includes(systemCode(thrown))) throw thrown
    throw new EvplatError('npm-missing', `PostgreSQL ${postgresVersion} has to be fetched once, and there is no npm`, {
      hint: 'install npm, which comes with Node, and let the PATH name it; then `evplat up`',
      cause: thrown,
    })
  }
}
