// The credentials that `docker login` left for a registry: in config.json, or with a program that keeps them for it. Never printed.
import { spawn } from 'node:child_process'
import { EvplatError } from '../../../core/errors.ts'
import { dockerFolder, readDockerConfig } from './discovery/docker-context.ts'
import { dockerHub } from './image-name.ts'

type Env = Readonly<Record<string, string | undefined>>
type Config = Readonly<Record<string, unknown>>

export type Credentials = { readonly serveraddress: string } & (
  | { readonly username: string; readonly password: string }
  | { readonly identitytoken: string }
)

export interface Login {
  /** undefined where nobody has logged in: the pull is anonymous, then */
  readonly credentials?: Credentials
  /** why what is kept could not be had */
  readonly problem?: string
}

/** the name under which `docker login` keeps what belongs to docker.io */
const hubServer = 'https://index.docker.io/v1/'
/** how long a program that keeps credentials may think: it may ask its user for a password */
const patienceMs = 60_000

/** What `docker login` left for a registry (`docker.io`, `ghcr.io`, `localhost:5000`). Never rejects. */
export async function findLogin(registry: string, env: Env): Promise<Login> {
  const config = await readDockerConfig(dockerFolder(env))
  const server = registry === dockerHub ? hubServer : registry
  const helper = helperFor(config, server)
  return helper === undefined ? loginIn(config, server) : askHelper(helper, server, env)
}

/** The program that keeps the credentials of a server, without `docker-credential-`; undefined where config.json has them itself. */
export function helperFor(config: Config, server: string): string | undefined {
  const { credHelpers: helpers, credsStore: store } = config
  const own = isObject(helpers) ? entryOf(helpers, server) : undefined
  const name = own ?? store
  return typeof name === 'string' && /^[\w.-]+$/.test(name) ? name : undefined
}

/** What config.json itself has for a server. */
export function loginIn({ auths }: Config, server: string): Login {
  const entry = isObject(auths) ? entryOf(auths, server) : undefined
  if (!isObject(entry)) return {}
  const { auth, identitytoken } = entry
  if (typeof identitytoken === 'string' && identitytoken !== '')
    return { credentials: { serveraddress: server, identitytoken } }
  const [, username, password] =
    /^([^:]+):(.*)$/s.exec(typeof auth === 'string' ? Buffer.from(auth, 'base64').toString() : '') ?? []
  if (username === undefined || password === undefined) return {}
  return { credentials: { serveraddress: server, username, password: password.replace(/\0+$/, '') } }
}

const isObject = (value: unknown): value is Config => typeof value === 'object' && value !== null

/** Keys are written with and without a scheme and a path: `ghcr.io`, `https://ghcr.io/v2/`. */
function entryOf(entries: Config, server: string): unknown {
  const host = (text: string): string => text.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
  const key = server in entries ? server : Object.keys(entries).find((name) => host(name) === host(server))
  return key === undefined ? undefined : entries[key]
}

/** Reads what the program answers: `{ "Username", "Secret" }`; the user `<token>` has a token for a secret. */
export function parseHelper(output: string, server: string): Login {
  try {
    const answer: unknown = JSON.parse(output)
    if (!isObject(answer)) return {}
    const { Username: username, Secret: secret } = answer
    if (typeof username !== 'string' || typeof secret !== 'string') return {}
    if (username === '<token>') return { credentials: { serveraddress: server, identitytoken: secret } }
    return { credentials: { serveraddress: server, username, password: secret } }
  } catch {
    return {}
  }
}

/** Asks `docker-credential-NAME get`, which reads the server from its input; no shell sees either. */
async function askHelper(name: string, server: string, env: Env): Promise<Login> {
  const program = `docker-credential-${name}`
  const child = spawn(program, ['get'], { env, stdio: ['pipe', 'pipe', 'ignore'], timeout: patienceMs })
  child.stdin.on('error', () => undefined).end(`${server}\n`)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const code = await new Promise<number | null | string>((resolve) => {
    child.once('error', (thrown) => resolve(thrown.message)).once('close', (exit) => resolve(exit))
  })
  if (code === 0) return parseHelper(output, server)
  // what it prints then may hold anything; that it knows no credentials is an answer
  if (/credentials not found/i.test(output)) return {}
  return { problem: typeof code === 'string' ? `${program} can't be started` : `${program} gave none` }
}

/** A program that did not give up its credentials is the likely reason why a registry let nobody in. */
export function withProblem(error: EvplatError, problem: string | undefined): EvplatError {
  if (problem === undefined || error.code !== 'image-missing') return error
  const hint = `${error.parts.hint ?? ''}; the credentials that \`docker login\` left could not be had: ${problem}`
  return new EvplatError(error.code, error.message, { ...error.parts, hint })
}
