// Formats the folder of a KRaft node before its first start (KIP-631): all at once or not at all, because a node does not tell a
// half formatted folder from a broken one.
import { randomBytes } from 'node:crypto'
import { access, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EvplatError } from '../../core/errors.ts'
import { onFile } from '../../core/file-error.ts'
import type { BrokerServer } from '../desired/servers.ts'
import { excerpt } from '../processes/log-excerpt.ts'
import { runProgram } from './run-program.ts'

export interface FormatOptions {
  /** absolute: the folder that paths of the server are relative to */
  readonly root: string
  readonly clusterId: string
  readonly java: string
  /** the folder of the jars */
  readonly jars: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal | undefined
}

/** An id as Kafka makes them: 16 random bytes in base64url, none that a command line could take for an option. */
export function newClusterId(): string {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? newClusterId() : id
}

/** The id that the data of a broker belongs to (`cluster.id` of its meta.properties), or undefined where there is none. */
export async function clusterIdOf(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'meta.properties'), 'utf8').catch(() => '')
  return /^cluster\.id=(\S+)$/m.exec(text)?.[1]
}

/** Formats the folder of a node unless that was done before. */
export async function formatOnce(node: BrokerServer, options: FormatOptions): Promise<void> {
  const { root, clusterId, java, jars, env, signal } = options
  const isThere = await access(join(root, node.data)).then(
    () => true,
    () => false,
  )
  if (isThere) return
  const draft = `${node.data}.formatting`
  const properties = `${node.properties.path}.formatting`
  await rm(join(root, draft), { recursive: true, force: true })
  const path = join(root, properties)
  await onFile(path, () => writeFile(path, node.properties.content.replace(/^log\.dirs=.*$/m, `log.dirs=${draft}`)))
  const tool = [
    '-Xmx128m',
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-cp',
    join(jars, '*'),
    'kafka.tools.StorageTool',
  ]
  const args = [...tool, 'format', '--cluster-id', clusterId, '--config', properties]
  const { code, output } = await runProgram(java, args, { cwd: root, env, signal })
  await rm(path, { force: true })
  if (code !== 0)
    throw new EvplatError('server-failed', `the data folder of ${node.name} could not be formatted`, {
      said: excerpt(output).join('\n'),
      hint: `it is "${join(root, node.data)}"; is there room, and may it be written?`,
    })
  await rename(join(root, draft), join(root, node.data))
}
