// The first request to an engine: whether it answers, what it is, and which version of its API it speaks.
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { elapsed } from '../../../../core/duration.ts'
import { messageOf, systemCode } from '../../../../core/errors.ts'
import { onFile } from '../../../../core/file-error.ts'
import { untrustedCertificate } from '../../../../core/untrusted-certificate.ts'
import { type EngineAddress, type TlsFiles, addressText } from './address.ts'
import type { Candidate } from './candidates.ts'

export interface EngineFacts {
  /** `Docker`, `Podman` */
  readonly product: string
  readonly version: string
  /** the newest version of the API that it speaks: `1.41` */
  readonly api: string
}

export type Answer =
  | ({ readonly state: 'answers' } & EngineFacts)
  /** nothing is there */
  | { readonly state: 'absent' }
  /** this user may not */
  | { readonly state: 'denied' }
  /** it is there and gives no answer, for this reason */
  | { readonly state: 'silent'; readonly problem: string }
  /** evplat can't work with it, for this reason */
  | { readonly state: 'unsupported'; readonly problem: string }

/** Certificates and keys in PEM, as TLS of Node takes them. */
export interface TlsOptions {
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
  readonly rejectUnauthorized: boolean
}

/** the API of Docker 20.10 and Podman 4 */
const oldestApi = '1.41'

/** Reads the certificates. Throws `file-unusable`. */
export async function readTls({ ca, cert, key, verify }: TlsFiles): Promise<TlsOptions> {
  const read = (path: string): Promise<Buffer> => onFile(path, () => readFile(path))
  return {
    ...(ca !== undefined && { ca: await read(ca) }),
    ...(cert !== undefined && { cert: await read(cert) }),
    ...(key !== undefined && { key: await read(key) }),
    rejectUnauthorized: verify,
  }
}

/** Asks a candidate once. Never rejects. */
export async function askEngine({ address, problem }: Candidate, timeoutMs: number): Promise<Answer> {
  if (!address) return { state: 'unsupported', problem: problem ?? 'its address is not known' }
  try {
    return answerOf(await ping(address, timeoutMs))
  } catch (thrown) {
    return silence(thrown, address, timeoutMs)
  }
}

async function ping(address: EngineAddress, timeoutMs: number): Promise<IncomingMessage> {
  const signal = AbortSignal.timeout(timeoutMs)
  const common = { path: '/_ping', agent: false, signal } as const
  const tls = address.kind === 'host' && address.tls ? await readTls(address.tls) : undefined
  const { get } = tls ? await import('node:https') : await import('node:http')
  const to = address.kind === 'socket' ? { socketPath: address.path } : { host: address.host, port: address.port }
  return new Promise((resolve, reject) => {
    const request = get({ ...common, ...to, ...tls }, (response) => {
      response.resume().once('error', reject)
      resolve(response)
    })
    request.once('error', reject)
  })
}

function answerOf({ statusCode, headers }: IncomingMessage): Answer {
  const api = headers['api-version']
  if (statusCode !== 200 || typeof api !== 'string' || !/^\d+\.\d+$/.test(api))
    return { state: 'unsupported', problem: 'what answers there is no container engine' }
  const [, name = 'engine', version = ''] = /^(\w+)\/(\S+)/.exec(String(headers['server'])) ?? []
  if (headers['ostype'] === 'windows') return { state: 'unsupported', problem: 'it runs containers of Windows' }
  if (isOlder(api, oldestApi))
    return { state: 'unsupported', problem: `it speaks API ${api}, and ${oldestApi} (Docker 20.10) is needed` }
  return { state: 'answers', product: name === 'Libpod' ? 'Podman' : name, version, api }
}

/** Whether one version of the API is older than another. */
export function isOlder(api: string, than: string): boolean {
  const [major = 0, minor = 0] = api.split('.').map(Number)
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map(Number)
  return major === thanMajor ? minor < thanMinor : major < thanMajor
}

function silence(thrown: unknown, address: EngineAddress, timeoutMs: number): Answer {
  if (thrown instanceof Error && ['TimeoutError', 'AbortError'].includes(thrown.name))
    return { state: 'silent', problem: `no answer within ${elapsed(timeoutMs)}` }
  const code = systemCode(thrown)
  if (code === 'ENOENT' && address.kind === 'socket') return { state: 'absent' }
  if (code === 'EACCES' || code === 'EPERM') return { state: 'denied' }
  if (code === 'ECONNREFUSED') return { state: 'silent', problem: 'nobody listens there' }
  const hasCa = address.kind === 'host' && address.tls?.ca !== undefined
  const untrusted = untrustedCertificate(thrown, { server: addressText(address), hasCa, key: 'DOCKER_CERT_PATH' })
  return { state: 'silent', problem: untrusted?.message ?? messageOf(thrown) }
}
