// What the command line of Docker keeps in its folder: which context is current, and where that one's engine is.
import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { TlsFiles } from './address.ts'

type Env = Readonly<Record<string, string | undefined>>

/** A context that is not the default one. */
export interface DockerContext {
  readonly name: string
  /** as its file says it, `unix:///home/ann/.colima/default/docker.sock`; undefined where there is no such context */
  readonly host?: string
  readonly tls?: TlsFiles
}

/** DOCKER_CONFIG, else ~/.docker. */
export function dockerFolder({ DOCKER_CONFIG: folder }: Env, home: string = homedir()): string {
  return folder === undefined || folder === '' ? join(home, '.docker') : folder
}

/** What `config.json` says that `docker` keeps, as an object; an unreadable one says nothing. */
export async function readDockerConfig(folder: string): Promise<Readonly<Record<string, unknown>>> {
  return (await readObject(join(folder, 'config.json'))) ?? {}
}

/** The context that DOCKER_CONTEXT or `docker context use` chose; undefined for the default one. */
export async function currentContext(env: Env, folder: string): Promise<DockerContext | undefined> {
  const named = env['DOCKER_CONTEXT']
  const name = named === undefined || named === '' ? (await readDockerConfig(folder))['currentContext'] : named
  if (typeof name !== 'string' || name === '' || name === 'default') return undefined
  const id = createHash('sha256').update(name).digest('hex')
  const endpoint = endpointOf(await readObject(join(folder, 'contexts', 'meta', id, 'meta.json')))
  if (!endpoint) return { name }
  const tls = await tlsFiles(join(folder, 'contexts', 'tls', id, 'docker'), !endpoint.skipsVerification)
  return { name, host: endpoint.host, ...(tls && { tls }) }
}

function endpointOf(meta: unknown): { host: string; skipsVerification: boolean } | undefined {
  const docker = member(member(meta, 'Endpoints'), 'docker')
  const host = member(docker, 'Host')
  return typeof host === 'string' ? { host, skipsVerification: member(docker, 'SkipTLSVerify') === true } : undefined
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

/** The certificates in a folder by the names that Docker gives them; undefined where there are none. */
export async function tlsFiles(folder: string, verify: boolean): Promise<TlsFiles | undefined> {
  const names = await readdir(folder).catch((): string[] => [])
  const files = (['ca', 'cert', 'key'] as const).filter((name) => names.includes(`${name}.pem`))
  if (files.length === 0) return undefined
  return { ...Object.fromEntries(files.map((name) => [name, join(folder, `${name}.pem`)])), verify }
}

async function readObject(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
