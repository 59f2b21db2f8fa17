// The jars of a Kafka: those of KAFKA_HOME, else those in the user's cache, fetched there once.
import { randomUUID } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EvplatError } from '../../../core/errors.ts'
import { makeFolder } from '../../../core/files.ts'
import { roughSize } from '../../../core/size.ts'
import type { Release } from '../../desired/releases.ts'
import { withLock } from '../../processes/lock.ts'
import { cacheFolder } from '../../processes/operating-system.ts'
import { isComplete, jarProblems, jarsOf, listJars } from './jar-list.ts'
import { fetchByMaven } from './maven.ts'

export interface FindKafkaOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal
  /** a line that stays */
  readonly say: (message: string) => void
  /** a line that the next one replaces */
  readonly progress: (message: string) => void
}

/**
 * The folder whose jars are the Kafka of the release. Throws `kafka-home-unusable`, `maven-missing` or `download-failed`.
 */
export async function findKafka(release: Release, options: FindKafkaOptions): Promise<string> {
  const home = options.env['KAFKA_HOME']
  if (home !== undefined && home !== '') return checkHome(home, release)
  const folder = join(cacheFolder(options.env), 'kafka', release.exact)
  if (await isComplete(folder, jarsOf(release))) return folder
  const lock = {
    title: `the download of Kafka ${release.exact}`,
    timeoutMs: 1_800_000,
    ...(options.signal && { signal: options.signal }),
    onWait: ({ pid }: { readonly pid: number }) => options.say(`process ${pid} is fetching Kafka, waiting for it`),
  }
  return withLock(`${folder}.lock`, lock, async () => {
    if (!(await isComplete(folder, jarsOf(release)))) await fetchInto(folder, release, options)
    return folder
  })
}

/** Whether the Kafka of the release has to be fetched, and by Maven, before it can run. */
export async function needsMaven(release: Release, env: FindKafkaOptions['env']): Promise<boolean> {
  const home = env['KAFKA_HOME']
  if (home !== undefined && home !== '') return false
  return !(await isComplete(join(cacheFolder(env), 'kafka', release.exact), jarsOf(release)))
}

/** What is in place under its name is complete and checked: everything is done beside it, and the folder renamed at the end. */
async function fetchInto(folder: string, release: Release, options: FindKafkaOptions): Promise<void> {
  const expected = jarsOf(release)
  const size = expected.reduce((sum, jar) => sum + jar.bytes, 0)
  options.say(
    `fetching Kafka ${release.exact} with Maven, once: ${expected.length} files, ${roughSize(size)}, into ${folder}`,
  )
  await makeFolder(dirname(folder))
  // the lock is held: what lies here is what a fetch that was killed has left; its Maven may still write there, so each has its own
  for (const name of await readdir(dirname(folder)))
    if (name.startsWith(`${release.exact}.partial-`))
      await rm(join(dirname(folder), name), { recursive: true, force: true })
  const partial = `${folder}.partial-${randomUUID()}`
  try {
    await fetchByMaven(release, partial, {
      env: options.env,
      signal: options.signal,
      onFile: (name) => options.progress(`fetching Kafka ${release.exact}: ${name}`),
    })
    const problems = jarProblems(await listJars(partial), expected)
    if (problems.length > 0)
      throw new EvplatError(
        'download-failed',
        `what Maven fetched is not the Kafka ${release.exact} that was released`,
        {
          said: problems.slice(0, 5).join('\n'),
          saidBy: 'files',
          hint: 'the files in the local Maven repository, or the mirror that they came from, are not the originals',
          details: { problems },
        },
      )
    await rm(folder, { recursive: true, force: true })
    await rename(partial, folder)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

/** A Kafka that the user unpacked. Its version stands in the name of its main jar. */
async function checkHome(home: string, release: Release): Promise<string> {
  const folder = join(home, 'libs')
  const names = await readdir(folder).catch(() => [])
  const found = names.map((name) => /^kafka_\d+\.\d+-(\d+\.\d+\.\d+)\.jar$/.exec(name)?.[1]).find(Boolean)
  const hint = 'correct KAFKA_HOME, or unset it to have the right Kafka fetched'
  if (found === undefined)
    throw new EvplatError('kafka-home-unusable', `KAFKA_HOME names "${home}", which has no Kafka in libs`, { hint })
  if (found.startsWith(`${release.version}.`)) return folder
  throw new EvplatError(
    'kafka-home-unusable',
    `KAFKA_HOME is Kafka ${found}, and platform.yaml asks for ${release.version}`,
    { hint: `${hint}; or set \`stack.kafka.version\``, details: { found, expected: release.version } },
  )
}
