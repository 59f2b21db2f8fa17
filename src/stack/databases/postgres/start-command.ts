// What must be in place before PostgreSQL starts: its programs, its data with the password of the superuser, and that a predecessor has gone.
import { access, chown, mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { platform } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '../../../core/deadline.ts'
import { EvplatError, systemCode } from '../../../core/errors.ts'
import { onFile } from '../../../core/file-error.ts'
import { makeFolder } from '../../../core/files.ts'
import type { PostgresServer } from '../../desired/beside-kafka.ts'
import type { Command } from '../../native/prepare-java.ts'
import { runProgram } from '../../native/run-program.ts'
import { excerpt } from '../../processes/log-excerpt.ts'
import { workersIn } from '../../processes/operating-system.ts'
import type { StartOptions } from '../../processes/start-options.ts'
import { ensureSecrets, readSecret } from '../../secrets.ts'
import { superuser } from './client.ts'
import { type Owner, ownerFor } from './owner.ts'

/** A folder that was opened before the program became another user, who may not go there by its path. */
const handedFolder = '/proc/self/fd/5'

/** Whether a folder is handed to PostgreSQL open: where it runs as another user, and the system has a path for that. */
const isHanded = (owner: Owner | undefined): boolean => owner !== undefined && platform() === 'linux'

/** Prepares the start of PostgreSQL, whose programs are in `programs`, and answers the command that starts it. */
export async function preparePostgresServer(
  { ports, data, folder }: PostgresServer,
  programs: string,
  options: StartOptions,
): Promise<Command> {
  const path = join(options.layout.root, data)
  const owner = await ownerFor(path)
  if (await exists(path)) await readSecret(options.layout, superuser)
  else await initialise(path, programs, owner, options)
  await forgetPredecessor(path, options)
  const settings = {
    port: ports[0],
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    cluster_name: 'evplat',
    // lines begin with a time that sorts
    log_timezone: 'UTC',
    log_line_prefix: '%m ',
    log_checkpoints: 'off',
    // a label, as the JVMs have one
    'evplat.platform': folder,
  }
  return {
    command: join(programs, 'bin', 'postgres'),
    args: [
      '-D',
      isHanded(owner) ? handedFolder : path,
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    ...(owner && { user: owner }),
    ...(isHanded(owner) && { handed: path }),
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Makes the data: all at once or not at all, as a part of it would be taken for all of it. */
async function initialise(
  path: string,
  programs: string,
  owner: Owner | undefined,
  { layout, env, signal, progress }: StartOptions,
): Promise<void> {
  await ensureSecrets(layout, [superuser])
  const draft = `${path}.preparing`
  await onFile(draft, () => rm(draft, { recursive: true, force: true }))
  await makeFolder(join(draft, '..'))
  const password = join(draft, 'password')
  await onFile(draft, async () => {
    await mkdir(draft, { mode: 0o700 })
    await writeFile(password, await readSecret(layout, superuser), { mode: 0o600 })
    if (owner) for (const one of [draft, password]) await chown(one, owner.uid, owner.gid)
  })
  progress('making the first data of PostgreSQL')
  const handed = isHanded(owner) ? await open(draft) : undefined
  const place = handed ? handedFolder : draft
  try {
    const { code, output } = await runProgram(join(programs, 'bin', 'initdb'), initArguments(place), {
      cwd: layout.root,
      env,
      signal,
      ...(owner && { user: owner }),
      ...(handed && { handed: handed.fd }),
    })
    if (code !== 0) throw initFailed(excerpt(output).join('\n'), path)
    await rename(join(draft, 'cluster'), path)
  } catch (thrown) {
    // ENOENT of a program that is there: the system has no loader for it, as where musl takes the place of glibc
    if (!['ENOENT', 'EACCES'].includes(systemCode(thrown))) throw thrown
    throw initFailed(`initdb can not be started here: ${systemCode(thrown)}`, path)
  } finally {
    await handed?.close()
    await rm(draft, { recursive: true, force: true })
  }
}

/** The same on every system: its language and its sorting come with PostgreSQL. */
function initArguments(place: string): string[] {
  return [
    `--pgdata=${place}/cluster`,
    `--pwfile=${place}/password`,
    `--username=${superuser}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
  ]
}

function initFailed(said: string, path: string): EvplatError {
  return new EvplatError('server-failed', 'the first data of PostgreSQL could not be made', {
    said,
    saidBy: 'initdb',
    hint: `it is "${path}"; is there room, and may it be written? then \`evplat up\``,
  })
}

/** how long processes of a PostgreSQL that was killed may take to notice; those in the middle of a query take longest */
const orphanPatienceMs = 15_000

/**
 * Of a PostgreSQL that was killed, its processes may still be about to end, and a file names its pid, which may be that of any
 * other process by now: PostgreSQL would then refuse to start.
 */
async function forgetPredecessor(path: string, { signal, progress }: StartOptions): Promise<void> {
  let workers: readonly number[] | undefined
  const look = async (): Promise<true | undefined> => {
    workers = await workersIn(path)
    if (workers === undefined || workers.length === 0) return true
    progress('waiting for the processes of the former PostgreSQL to end')
    return undefined
  }
  if (!(await waitFor(look, { timeoutMs: orphanPatienceMs, everyMs: 50, signal })))
    throw new EvplatError('server-failed', `another PostgreSQL works on "${path}": process ${workers?.join(', ')}`, {
      hint: 'stop these processes, then `evplat up`',
      details: { pids: workers },
    })
  // where the system does not tell who works there, PostgreSQL itself is asked
  if (workers) await rm(join(path, 'postmaster.pid'), { force: true })
}
